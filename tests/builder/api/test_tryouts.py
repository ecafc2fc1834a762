"""Trying out as a program sees it."""

import time

import httpx
import pytest

from tests.kill.workflow import inputs_of

WORKFLOW = "/api/v1/workflows/kill"


def ended(client: httpx.Client, run: str) -> dict:
    for _ in range(200):
        body = client.get(f"/api/v1/runs/{run}").json()
        if body["status"] not in ("queued", "running"):
            return body
        time.sleep(0.05)
    raise AssertionError("the run does not end")


@pytest.fixture
def ran(client) -> dict:
    return client.post(f"{WORKFLOW}/runs", json={"inputs": inputs_of(7)}).json()


@pytest.mark.parametrize(("kind", "step"), [("from", "again"), ("replay", "")])
def test_a_draft_is_tried_out_with_what_a_run_left(client, ran, kind, step):
    reply = client.post(f"{WORKFLOW}/tryouts", json={"kind": kind, "step": step, "run": ran["run_id"]})
    assert (reply.status_code, reply.json()["status"]) == (202, "queued")
    new = reply.json()["run_id"]
    assert ended(client, new)["outputs"] == ran["outputs"]
    found = client.get(f"/api/v1/runs/{ran['run_id']}/comparison", params={"other": new}).json()
    assert [each["step"] for each in found["steps"] if each["differs"]] == []


def test_one_step_hands_back_what_it_handed_on(client, ran):
    body = {"kind": "step", "step": "found", "run": ran["run_id"]}
    reply = client.post(f"{WORKFLOW}/tryouts", json=body)
    assert ended(client, reply.json()["run_id"])["outputs"] == {"output": "You said: high w7"}


def test_what_cannot_be_tried_out_is_a_sentence(client, ran):
    reply = client.post(f"{WORKFLOW}/tryouts", json={"kind": "from", "step": "low", "run": ran["run_id"]})
    assert reply.status_code == 422
    assert "did not come to" in reply.text
    assert (
        client.post(f"{WORKFLOW}/tryouts", json={"kind": "from", "step": "low", "run": "run_none"}).status_code == 404
    )
    assert client.get(f"/api/v1/runs/{ran['run_id']}/comparison", params={"other": "run_none"}).status_code == 404
