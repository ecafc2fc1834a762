"""Files beside our Python that run in the browser, laid where the pages are built from."""

from pathlib import Path

from reflex import constants
from reflex.assets import _link_shared_asset
from reflex_base.environment import EnvironmentVariables

HOUSE = Path(__file__).parents[1]


def shipped(module: str, name: str) -> str:
    """What the pages import the file `name` by that lies beside `module` (its `__file__`). In the browser files lie as
    they lie here, so they import one another by the same path.

    `rx.asset(shared=True)` finds out by itself who asks, and for that reads the source of every frame of the stack: two
    seconds of every start.
    """
    file = Path(module).with_name(name)
    assert file.exists(), f"{file} is named here and not there"
    place = Path(constants.Dirs.EXTERNAL_APP_ASSETS, file.relative_to(HOUSE))
    if not EnvironmentVariables.REFLEX_BACKEND_ONLY.get():
        link = Path.cwd() / constants.Dirs.APP_ASSETS / place
        link.parent.mkdir(parents=True, exist_ok=True)
        _link_shared_asset(link, file)
    return f"$/public/{place.as_posix()}"


def ship_all(package: str) -> None:
    """Every script beside the `__file__` of a package."""
    for file in sorted(Path(package).parent.iterdir()):
        if file.suffix in (".js", ".jsx"):
            shipped(package, file.name)
