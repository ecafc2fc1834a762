"""Writes a step type and its test: `make new-node name=data.join_text title="Join text"`."""

import re
import sys
from pathlib import Path
from string import Template

HOUSE = Path(__file__).parents[1]
TEMPLATES = Path(__file__).parent / "templates"


def main(type_id: str, title: str) -> str | None:
    """Writes both files; returns a sentence when it refuses to."""
    rooms = sorted(path.parent.name for path in (HOUSE / "nodes").glob("*/__init__.py"))
    categories = [room for room in rooms if room not in ("sdk", "catalogue")]
    category, _, name = type_id.partition(".")
    if category not in categories or not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        return f"Say which: make new-node name=data.join_text. The first word is one of: {', '.join(categories)}."
    node, test = HOUSE / f"nodes/{category}/{name}.py", HOUSE / f"tests/nodes/{category}/test_{name}.py"
    for path in (node, test):
        if path.exists():
            return f"{path.relative_to(HOUSE)} is already there; choose another name."
    words = {
        "type_id": type_id,
        "module": f"nodes.{type_id}",
        "class_name": "".join(word.capitalize() for word in name.split("_")),
        "title": (title or name.replace("_", " ").capitalize()).replace('"', "”"),
    }
    for path, template in ((node, "node.py.txt"), (test, "test_node.py.txt")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((TEMPLATES / template).read_text()).substitute(words))
        print(f"  wrote {path.relative_to(HOUSE)}")
    print("  The step is in the palette from the next start on. Now say what it does, and run: make check")
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
