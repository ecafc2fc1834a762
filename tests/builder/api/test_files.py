"""Files as programs bring and fetch them, with a key; and as browsers do, beside the pages."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace

import httpx
import pytest
from starlette.testclient import TestClient

from builder.api.uploads import create_uploads
from runtime.operations.actors import Actor
from runtime.operations.keys import create_key
from runtime.operations.people import local_owner
from runtime.operations.trying import adopt_file
from tests.runtime.operations.test_files import FLOW, PNG, bodies
from tests.support.publishing import person, published

PAGE = b"<!doctype html><script>alert(document.cookie)</script>"


def bring(client: httpx.Client, content: bytes = b"Hello", name: str = "a.txt") -> dict:
    answer = client.post("/api/v1/files", params={"name": name}, content=content)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def flow(runtime) -> str:
    return asyncio.run(adopt_file(runtime, FLOW))[1]


@pytest.fixture
def eves(runtime, url):
    async def key() -> str:
        eve = await person(runtime, "p_eve", "analyst")
        return (await create_key(runtime, eve, label="hers")).text

    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {asyncio.run(key())}"}) as client:
        yield client


@pytest.mark.slow
def test_a_program_brings_a_file_runs_with_its_id_and_fetches_it(client, flow):
    file = bring(client, "Grüße".encode(), "Rechnung ä.txt")
    end = client.post(f"/api/v1/workflows/{flow}/runs", json={"inputs": {"doc": file["id"], "more": [file["id"]]}})
    assert (end.json()["status"], end.json()["outputs"]["text"]) == ("succeeded", "Grüße")
    assert end.json()["outputs"]["doc"] == {name: file[name] for name in ("id", "name", "type", "size", "sha256")}
    fetched = client.get(f"/api/v1/files/{file['id']}/content")
    assert fetched.content == "Grüße".encode()
    assert fetched.headers["content-disposition"].endswith("filename*=UTF-8''Rechnung%20%C3%A4.txt")
    assert client.get(f"/api/v1/files/{file['id']}").json() == file


def test_a_file_leaves_as_something_to_save_and_never_as_a_page_of_ours(client):
    file = bring(client, PAGE, "harmless.png")
    answer = client.get(f"/api/v1/files/{file['id']}/content", headers={"accept": "image/png"})
    assert file["type"] == "text/html"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/content"), ("DELETE", "")])
def test_what_is_not_yours_is_answered_as_what_is_not_there(client, eves, method, path):
    file = bring(client)["id"]
    said = [
        eves.request(method, f"/api/v1/files/{each}{path}") for each in (file, f"file_{'0' * 32}", "..%2f..%2fetc", "x")
    ]
    assert {each.status_code for each in said} == {404}
    told = {each.text.replace(named, "X") for each, named in zip(said, (file, f"file_{'0' * 32}"), strict=False)}
    assert len(told) == 1
    assert client.get(f"/api/v1/files/{file}").status_code == 200


def test_without_a_key_nothing_is_taken_in(url, runtime):
    answer = httpx.post(f"{url}/api/v1/files", params={"name": "a"}, content=b"x" * 100_000)
    assert answer.status_code == 401
    assert bodies(runtime) == set()


def test_a_file_that_says_it_is_too_large_is_refused_before_it_is_read(client, url, key, runtime):
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as wire:
        head = f"POST /api/v1/files?name=big HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
        wire.sendall(f"{head}Content-Length: 10000000000\r\n\r\n".encode())
        assert b"422" in wire.recv(1000).split(b"\r\n")[0]


def test_an_upload_that_is_cut_off_leaves_nothing_behind(url, key, runtime):
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as wire:
        head = f"POST /api/v1/files?name=cut HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
        wire.sendall(f"{head}Content-Length: 40000000\r\n\r\n".encode() + b"x" * 3_000_000)
    incoming = runtime.settings.files / "incoming"
    until = time.monotonic() + 10
    while time.monotonic() < until and (not incoming.exists() or list(incoming.iterdir())):
        time.sleep(0.02)
    assert list(incoming.iterdir()) == []
    assert bodies(runtime) == set()


def test_what_no_run_was_given_may_be_taken_away_again(client):
    file = bring(client)["id"]
    assert client.delete(f"/api/v1/files/{file}").status_code == 204
    assert client.get(f"/api/v1/files/{file}").status_code == 404


@pytest.mark.slow
def test_the_data_of_a_run_is_removed_by_its_owner_alone(client, eves, flow, runtime):
    end = client.post(f"/api/v1/workflows/{flow}/runs", json={"inputs": {"doc": bring(client)["id"]}}).json()
    assert eves.delete(f"/api/v1/runs/{end['run_id']}/data").status_code == 404
    assert client.delete(f"/api/v1/runs/{end['run_id']}/data").status_code == 204
    assert client.get(f"/api/v1/runs/{end['run_id']}").json()["outputs"] is None
    assert bodies(runtime) == set()
    assert client.delete(f"/api/v1/runs/{end['run_id']}/data").status_code == 409


@pytest.mark.slow
def test_the_key_of_an_app_brings_files_for_the_app_and_sees_those_of_its_runs_alone(runtime, url, client):
    async def made() -> tuple[str, str]:
        it, owner = await person(runtime, "p_it", "reviewer"), await local_owner(runtime)
        app = await published(runtime, it, it, source=FLOW)
        proved = replace(owner, proved=runtime.clock.now())
        return app, (await create_key(runtime, proved, label="billing", app=app)).text

    app, text = asyncio.run(made())
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {text}"}) as program:
        mine, theirs = bring(program), bring(client)
        end = program.post(f"/api/v1/apps/{app}/runs", json={"inputs": {"doc": mine["id"]}}).json()
        assert end["outputs"]["text"] == "Hello"
        assert program.get(f"/api/v1/files/{mine['id']}/content").content == b"Hello"
        assert program.get(f"/api/v1/files/{theirs['id']}").status_code == 404
        refused = program.post(f"/api/v1/apps/{app}/runs", json={"inputs": {"doc": theirs["id"]}})
        assert (refused.status_code, refused.json()["error"]["problems"][0]["code"]) == (422, "no_file")
        assert program.delete(f"/api/v1/runs/{end['run_id']}/data").status_code == 403


def test_how_a_file_is_brought_stands_in_the_description_of_the_api(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    body = paths["/api/v1/files"]["post"]["requestBody"]["content"]
    assert body == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    assert "delete" in paths["/api/v1/runs/{run_id}/data"]


class TestBesideThePages:
    @pytest.fixture
    def owner(self, runtime) -> Actor:
        return asyncio.run(local_owner(runtime))

    @pytest.fixture
    def browser(self, runtime, owner) -> TestClient:
        return TestClient(create_uploads(lambda: runtime, lambda _scope: owner))

    def test_a_picture_is_shown_only_when_it_is_one(self, browser):
        shown = browser.get(f"/files/{browser.post('/files/?name=a.txt', content=PNG).json()['id']}/picture")
        assert (shown.headers["content-type"], shown.headers["content-disposition"]) == ("image/png", "inline")
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        for content in (PAGE, b"<svg onload='alert(1)'/>"):
            file = browser.post("/files/?name=a.png", content=content).json()["id"]
            assert browser.get(f"/files/{file}/picture").status_code == 404

    def test_a_preview_is_data_never_markup(self, browser):
        file = browser.post("/files/?name=a.csv", content=b"name\n<img src=x onerror=alert(1)>\n").json()["id"]
        answer = browser.get(f"/files/{file}/preview")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["rows"] == [["<img src=x onerror=alert(1)>"]]

    def test_a_refusal_is_a_sentence(self, browser):
        answer = browser.post("/files/?name=a.txt", content=b"")
        assert (answer.status_code, answer.json()["error"]["message"]) == (422, "“a.txt” is empty.")

    def test_a_workflow_file_becomes_a_workflow_and_what_is_none_a_sentence(self, browser):
        content = b'{"greenlane": 1, "name": "mine", "meaning": {"steps": {"s": {"type": "flow.start"}}}}'
        answer = browser.post("/files/workflow?name=Mine.json", content=content)
        assert answer.status_code == 201
        assert [each["result"] for each in answer.json()["steps"]] == ["mapped"]
        refused = browser.post("/files/workflow?name=x.yml", content=b"hello: world")
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_input")
