"""Apps as a program runs them: with a key of a person, or with a key of the app itself."""

import asyncio

import httpx
import pytest

from runtime.operations.actors import Actor
from runtime.operations.keys import create_key
from runtime.operations.people import local_owner
from runtime.operations.stops import stop_app
from tests.builder.api.test_runs import events
from tests.support.publishing import person, published


@pytest.fixture
def people(runtime) -> dict[str, Actor]:
    async def come() -> dict[str, Actor]:
        return {
            "it": await person(runtime, "p_it", "reviewer"),
            "member": await person(runtime, "p_member", "member"),
            "outsider": await person(runtime, "p_out", "member"),
        }

    return asyncio.run(come())


@pytest.fixture
def app(runtime, people) -> str:
    return asyncio.run(published(runtime, people["it"], people["member"]))


@pytest.fixture
def by(runtime, url, people):
    """A client with a key of somebody; of the app itself for `by(None, app=…)`."""
    made: list[httpx.Client] = []

    def client(name: str | None, **key) -> httpx.Client:
        async def make() -> str:
            owner = await local_owner(runtime)
            actor = people[name] if name else Actor(owner.id, owner.name, owner.roles, proved=runtime.clock.now())
            return (await create_key(runtime, actor, label="test", **key)).text

        made.append(httpx.Client(base_url=url, headers={"Authorization": f"Bearer {asyncio.run(make())}"}, timeout=10))
        return made[-1]

    yield client
    for each in made:
        each.close()


def start(client: httpx.Client, app: str, **fields) -> httpx.Response:
    return client.post(f"/api/v1/apps/{app}/runs", json={"inputs": {"who": "Ada"}, **fields})


@pytest.mark.slow
def test_the_key_of_a_person_lists_opens_and_runs_what_they_may_run(by, app):
    client = by("member")
    assert [each["name"] for each in client.get("/api/v1/apps").json()] == [app]
    asked = client.get(f"/api/v1/apps/{app}").json()["inputs"]
    assert [(each["name"], each["required"]) for each in asked] == [("who", True)]
    ended = start(client, app).json()
    assert (ended["status"], list(ended["outputs"])) == ("succeeded", ["answer"])


def test_an_app_is_waited_for_streamed_and_queued_like_a_workflow(by, app):
    client = by("member")
    assert start(client, app, mode="stream").text.startswith("event: run.accepted")
    assert events(start(client, app, mode="stream").text)[-1]["data"]["status"] == "succeeded"
    queued = start(client, app, mode="queue", key="one")
    assert (queued.status_code, queued.json()["status"]) == (202, "queued")
    assert start(client, app, key="one").json()["run_id"] == queued.json()["run_id"]


def test_for_somebody_it_is_not_shared_with_it_is_as_if_it_were_not_there(by, app):
    client = by("outsider")
    assert client.get("/api/v1/apps").json() == []
    found = [
        (reply.status_code, reply.text.replace(name, "X"))
        for name in (app, "no-such-app")
        for reply in (start(client, name), client.get(f"/api/v1/apps/{name}"))
    ]
    assert found[:2] == found[2:]
    assert {status for status, _ in found} == {404}


def test_the_key_of_an_app_starts_it_and_nothing_else(by, app, key):
    client = by(None, app=app)
    ended = start(client, app).json()
    assert ended["status"] == "succeeded"
    assert client.get(f"/api/v1/runs/{ended['run_id']}").status_code == 200
    assert client.get("/api/v1/apps").status_code == 403
    assert client.post("/api/v1/workflows/kill/runs", json={}).status_code == 403
    assert start(client, "another").status_code == 404


def test_a_stopped_app_says_why_it_does_not_start(by, app, runtime, people):
    asyncio.run(stop_app(runtime, people["it"], app=app, reason="It told a customer nonsense."))
    refused = start(by("member"), app)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "app_stopped")
    assert "nonsense" in refused.json()["error"]["message"]
    assert refused.json()["error"]["hint"]


def test_what_does_not_fit_names_the_input(by, app):
    refused = by("member").post(f"/api/v1/apps/{app}/runs", json={"inputs": {"whom": "Ada"}})
    assert refused.status_code == 422
    assert {each["input"] for each in refused.json()["error"]["problems"]} == {"who", "whom"}
