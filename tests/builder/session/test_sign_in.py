import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from starlette.testclient import TestClient

from builder.session.sign_in import SignIn
from builder.session.wrapper import Doors

ASSETS = Path(__file__).parents[3] / "assets"


def test_the_page_asks_only_for_files_that_are_there_and_open_to_strangers():
    nobody: Any = SimpleNamespace()
    page = TestClient(SignIn(nobody, nobody).routes()).get("/sign-in").text
    wanted = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert "/favicon.svg" in wanted, "or the browser asks for /favicon.ico, which is not there"
    assert not [path for path in wanted if not Doors().is_public(path) or not (ASSETS / path[1:]).is_file()]
