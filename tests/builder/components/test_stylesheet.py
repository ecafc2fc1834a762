import re
from itertools import product
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[3]
SYSTEM = (HOUSE / "assets/greenlane.css").read_text()
SHEETS = SYSTEM + "".join(path.read_text() for path in (HOUSE / "assets").glob("*.css") if path.name != "greenlane.css")
TOKENS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--gl-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", SYSTEM)
}
MEANINGS = ("red", "amber", "blue", "grey", "violet", "teal")


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) of the relative luminances."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *product(("text", "muted", "faint", "accent-text"), ("ground", "sunken", "surface", "raised")),
        *((name, f"{name}-soft") for name in MEANINGS),
        *product(MEANINGS, ("surface", "ground")),
        ("text", "accent-soft"), ("accent-text", "accent-soft"), ("on-accent", "accent"), ("on-accent", "accent-hover"),
    ],
)  # fmt: skip
def test_text_stands_out_from_its_ground(theme: str, text: str, ground: str):
    assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), [*product(("focus", "field-border", "accent"), ("ground", "surface"))])
def test_marks_that_carry_meaning_stand_out_from_their_ground(theme: str, mark: str, ground: str):
    assert contrast(TOKENS[mark][theme], TOKENS[ground][theme]) >= 3


def test_contrast_is_measured_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_class_that_is_used_is_written_down():
    used = {
        name
        for folder in ("builder/components", "builder/screens", "builder/session")
        for path in (HOUSE / folder).glob("*")
        if path.suffix in {".py", ".jsx"}
        for name in re.findall(r"(?<![\w/-])gl-[a-z][\w-]*(?<![-_])(?![\w-])(?!--)", path.read_text())
    }
    written = set(re.findall(r"\.(gl-[\w-]+)", SHEETS))
    assert used
    assert not used - written


def test_every_token_that_is_used_is_defined():
    defined = set(re.findall(r"(--gl-[\w-]+):", SHEETS))
    assert not set(re.findall(r"var\((--gl-[\w-]+)\)", SHEETS)) - defined


def test_nothing_is_loaded_from_a_network():
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]+)", SHEETS)
    assert addresses
    assert not [address for address in addresses if not address.startswith(("/", "data:"))]
    assert "@import" not in SHEETS


def test_every_file_that_a_stylesheet_names_is_shipped_with_the_licence_of_the_font():
    named = re.findall(r"url\(\"(/[^\"]+)\"\)", SHEETS)
    assert not [address for address in named if not (HOUSE / "assets" / address.lstrip("/")).is_file()]
    assert "SIL Open Font License" in (HOUSE / "assets/fonts/LICENSE-inter.txt").read_text()
