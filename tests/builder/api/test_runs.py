"""The API as a program sees it, over a real socket."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from builder.api import runs as api
from runtime.operations.keys import list_keys, revoke_key
from runtime.operations.people import local_owner
from tests.kill.workflow import inputs_of, outputs_of
from tests.runtime.operations.test_error_runs import desk, kept
from tests.support.model_server import Turn

RUNS = "/api/v1/workflows/kill/runs"


def events(text: str) -> list[dict]:
    """Server-sent events: kind, cursor if there is one, and data."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        found.append({"event": fields["event"], "id": fields.get("id"), "data": json.loads(fields["data"])})
    return found


def start(client: httpx.Client, number: int = 7, **fields) -> httpx.Response:
    return client.post(RUNS, json={"inputs": inputs_of(number), **fields})


def test_waiting_gives_the_outputs(client):
    reply = start(client)
    assert reply.status_code == 200
    body = reply.json()
    assert (body["status"], body["outputs"]) == ("succeeded", outputs_of(inputs_of(7)))


def test_a_failed_run_names_the_run_of_its_error_workflow_and_is_named_by_it(client, runtime):
    async def draw() -> str:
        owner = await local_owner(runtime)
        return await desk(runtime, owner, await kept(runtime, owner))

    body = client.post(f"/api/v1/workflows/{asyncio.run(draw())}/runs", json={"inputs": {"word": "x"}}).json()
    assert body["status"] == "failed"
    after = body["error_run"]
    assert client.get(f"/api/v1/runs/{body['run_id']}").json()["error_run"] == after
    told = events(client.get(f"/api/v1/runs/{after}", headers={"Accept": "text/event-stream"}).text)
    assert told[-1]["data"]["status"] == "succeeded"
    assert "error_run" not in client.get(f"/api/v1/runs/{after}").json()
    failed, follows = (client.get(f"/api/v1/runs/{each}/trace").json() for each in (body["run_id"], after))
    assert (failed["error_run"], failed["because"]) == (after, "")
    assert (follows["error_run"], follows["because"]) == ("", body["run_id"])


@pytest.mark.slow
def test_queueing_answers_at_once_and_the_run_ends(client, model):
    model.say(Turn("slow", delay_s=0.2))
    reply = start(client, mode="queue")
    assert (reply.status_code, reply.json()["status"]) == (202, "queued")
    run = reply.json()["run_id"]
    followed = client.get(f"/api/v1/runs/{run}", headers={"Accept": "text/event-stream"})
    assert events(followed.text)[-1]["event"] == "run.ended"
    assert client.get(f"/api/v1/runs/{run}").json()["status"] == "succeeded"


@pytest.mark.slow
def test_streaming_tells_the_run_its_steps_its_words_and_its_end(client, model):
    model.delay_s = 0.02  # text is shown to whoever listens while it is written
    reply = start(client, mode="stream")
    assert reply.headers["content-type"].startswith("text/event-stream")
    found = events(reply.text)
    assert found[0]["event"] == "run.accepted"
    assert found[-1]["data"]["outputs"] == outputs_of(inputs_of(7))
    cursors = [int(each["id"]) for each in found if each["id"]]
    assert cursors == list(range(1, len(cursors) + 1))
    assert "text" in {each["event"] for each in found}


@pytest.mark.slow
def test_a_stream_ends_when_its_key_is_revoked(client, runtime, key, model, monkeypatch):
    monkeypatch.setattr(api, "ASK_AGAIN_S", 0.0)
    model.delay_s = 0.3
    with client.stream("POST", RUNS, json={"inputs": inputs_of(7), "mode": "stream"}) as reply:
        lines = reply.iter_text()
        told = next(lines)
        asyncio.run(_revoke(runtime))
        told += "".join(lines)
    found = events(told)
    assert (found[-1]["event"], found[-1]["data"]["code"]) == ("error", "not_signed_in")
    assert "run.ended" not in {each["event"] for each in found}


async def _revoke(runtime) -> None:
    owner = await local_owner(runtime)
    for each in await list_keys(runtime, owner):
        await revoke_key(runtime, owner, key=each.id)


def test_coming_back_with_the_cursor_gives_exactly_the_rest(client):
    whole = events(start(client, mode="stream").text)
    run = whole[0]["data"]["run"]
    committed = [each["data"] for each in whole if each["id"]]
    for after in (0, 3, len(committed)):
        asked = client.get(f"/api/v1/runs/{run}?after={after}").json()["events"]
        assert asked == committed[after:]
        streamed = client.get(f"/api/v1/runs/{run}?after={after}", headers={"Accept": "text/event-stream"})
        assert [each["data"] for each in events(streamed.text) if each["id"]] == committed[after:]


@pytest.mark.slow
def test_one_key_is_one_run_whoever_asks_how_often(client, model):
    with ThreadPoolExecutor(10) as pool:
        replies = list(pool.map(lambda mode: start(client, key="order-17", mode=mode), ["wait", "queue"] * 10))
    assert len({each.json()["run_id"] for each in replies}) == 1
    assert len(model.calls) <= 2
    assert start(client, key="order-18").json()["run_id"] != replies[0].json()["run_id"]


def test_a_run_is_stopped_its_waiting_caller_is_told_and_a_second_time_is_a_conflict(client, model, runtime):
    model.say(Turn("slow", delay_s=60))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(start, client)
        model.wait_until(lambda server: server.calls)
        run = runtime.reader.now(lambda tx: tx.exec_driver_sql("SELECT id FROM run").scalar_one())
        assert client.post(f"/api/v1/runs/{run}/cancel").json()["status"] == "cancelled"
        assert waiting.result(5).json()["status"] == "cancelled"
    again = client.post(f"/api/v1/runs/{run}/cancel")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")


@pytest.mark.parametrize("authorization", [None, "Bearer gl_wrong", "Bearer", "Basic abc", "gl_wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", RUNS), ("GET", "/api/v1/runs/x"), ("GET", "/api/v1/runs/x/trace"), ("POST", "/api/v1/runs/x/cancel"),
     ("GET", "/api/v1/workflows")],
)  # fmt: skip
def test_without_a_valid_key_every_route_says_401(url, authorization, method, path):
    headers = {"Authorization": authorization} if authorization else {}
    reply = httpx.request(method, url + path, headers=headers, json={} if method == "POST" else None)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert set(reply.json()["error"]) >= {"code", "message", "hint"}


@pytest.mark.parametrize(
    ("body", "status"),
    [({"inputs": inputs_of(1), "colour": "red"}, 422), ({"inputs": inputs_of(1), "mode": "later"}, 422),
     ({"inputs": []}, 422), ({"inputs": {"word": "x"}}, 422), ({"inputs": inputs_of(1), "key": ""}, 422),
     ({"inputs": {"word": "x", "number": 1, "other": 2}}, 422)],
)  # fmt: skip
@pytest.mark.slow
def test_what_the_route_does_not_take_is_refused_in_one_shape(client, body, status):
    reply = client.post(RUNS, json=body)
    assert reply.status_code == status
    error = reply.json()["error"]
    assert set(error) >= {"code", "message", "hint", "problems"}


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"inputs": {"word": "x", "number": NaN}}', b'{"inputs": {"word": "\\ud800", "number": 1}}', b"\xff"],
)
def test_what_is_no_data_is_refused_and_never_an_error_of_ours(client, body):
    reply = client.post(RUNS, content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)
    assert reply.json()["error"]["code"]


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("GET", "/api/v1/runs/none", "not_found"), ("POST", "/api/v1/runs/none/cancel", "not_found"),
     ("POST", "/api/v1/workflows/none/runs", "not_found"), ("GET", "/nowhere", "not_found"),
     ("DELETE", RUNS, "method_not_allowed")],
)  # fmt: skip
def test_what_is_not_there_has_the_same_shape(client, method, path, code):
    reply = client.request(method, path, json={"inputs": {}} if method == "POST" else None)
    assert reply.status_code in (404, 405)
    assert reply.json()["error"]["code"] == code


def test_a_trace_shows_every_step_and_what_was_sent(client):
    run = start(client).json()["run_id"]
    trace = client.get(f"/api/v1/runs/{run}/trace").json()
    calls = [call for step in trace["steps"] for call in step["calls"]]
    assert [call["messages"][0]["text"] for call in calls] == ["high w7", "You said: high w7!"]


def test_it_describes_itself(client, url):
    described = httpx.get(f"{url}/api/v1/openapi.json").json()
    assert set(described["paths"]) >= {"/api/v1/workflows/{name}/runs", "/api/v1/runs/{run_id}", "/health"}
    start = described["paths"]["/api/v1/workflows/{name}/runs"]["post"]
    assert [each["name"] for each in start["parameters"]] == ["name"]
    assert "inputs" in start["requestBody"]["content"]["application/json"]["schema"]["properties"]


@pytest.mark.slow
def test_it_says_when_it_cannot_keep_what_it_accepts_and_when_it_can_again(client, disk):
    assert client.get("/health").status_code == 200
    disk.full = True
    refused, health = start(client), client.get("/health")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "storage_unavailable")
    assert (health.status_code, health.json()["status"]) == (503, "storage_unavailable")
    disk.full = False
    end = time.monotonic() + 10
    while client.get("/health").status_code != 200:
        assert time.monotonic() < end, "it did not notice that the disk has room again"
        time.sleep(0.05)
    assert start(client).json()["status"] == "succeeded"
