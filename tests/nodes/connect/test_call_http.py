"""The call-HTTP step asks another system; what leaves is declared, and what comes back is handed on."""

import json

import pytest

from nodes.catalogue import load
from nodes.connect.call_http import Body, CallHttp, Failure, Method, Named, Parameter
from nodes.sdk import DataClass, Draw, Effect, Reach, StepFailed
from nodes.sdk.http_answer import Take
from nodes.sdk.http_pages import Pages
from runtime.governance.materiality import first_things_first
from runtime.graph.checking_steps import check_steps
from runtime.graph.compiling import compile_document
from runtime.graph.diffing import diff
from runtime.graph.document import Document, Edge, Meaning, Step
from runtime.graph.flowing import FlowFacts, Place, flow_of
from tests.support.context import StepContext, run_step

OK = {"status": 200, "headers": {"content-type": "text/plain"}, "text": "fine"}
CATALOGUE = load()
URL = "https://api.example.com/orders"


async def called(settings, answer=OK):
    context = StepContext(answers=[answer])
    left = await run_step(CallHttp, {"url": URL} | settings, context)
    return left, context.sent[0]


async def test_what_is_set_is_what_is_sent():
    _, sent = await called(
        {
            "method": "PATCH", "query": [{"name": "a b", "value": "1&2"}],
            "headers": [{"name": "X-Team", "value": "ops"}],
            "body": "json", "value": [1, "ä"], "timeout_s": 5,
        }
    )  # fmt: skip
    assert (sent.method, sent.address, sent.query) == ("PATCH", URL, (("a b", "1&2"),))
    assert sent.headers == {"X-Team": "ops", "Content-Type": "application/json"}
    assert isinstance(sent.body, str)
    assert json.loads(sent.body) == [1, "ä"]
    assert sent.timeout_s == 5


async def test_named_values_become_an_object_and_text_stays_text():
    _, sent = await called({"method": "POST", "body": "fields", "fields": [{"name": "n", "value": {"deep": None}}]})
    assert isinstance(sent.body, str)
    assert json.loads(sent.body) == {"n": {"deep": None}}
    _, sent = await called(
        {"method": "POST", "body": "text", "text": "<a/>", "headers": [{"name": "content-type", "value": "text/xml"}]}
    )
    assert (sent.body, sent.headers) == ("<a/>", {"content-type": "text/xml"})


@pytest.mark.parametrize(
    ("settings", "repeatable"),
    [({}, True), ({"method": "HEAD"}, True), ({"method": "PUT"}, True), ({"method": "POST"}, False),
     ({"method": "DELETE"}, True), ({"method": "PATCH"}, False), ({"method": "POST", "repeatable": True}, True)],
)  # fmt: skip
async def test_only_what_changes_nothing_twice_is_repeated_unasked(settings, repeatable):
    _, sent = await called(settings)
    assert sent.repeatable is repeatable


def test_looking_is_no_writing():
    assert CallHttp(method=Method.GET).does() == {Effect.NETWORK}
    assert CallHttp(method=Method.POST).does() == {Effect.NETWORK, Effect.WRITE}
    assert CallHttp.interrupted == "ask"


@pytest.mark.parametrize("status", [400, 404, 500, 503])
async def test_a_status_of_400_or_more_fails_the_step_or_leaves_by_its_exit(status):
    answer = {"status": status, "headers": {}, "text": "no"}
    with pytest.raises(StepFailed) as failed:
        await called({}, answer)
    assert failed.value.code == "http_status"
    assert failed.value.message == f"api.example.com answered with status {status}."
    left, _ = await called({"on_error": "exit"}, answer)
    assert (left.exit, left.output["status_code"], left.output["body"]) == ("error", status, "no")


async def test_a_redirect_is_no_success_because_it_is_not_followed():
    with pytest.raises(StepFailed) as failed:
        await called({}, {"status": 302, "headers": {"location": "http://169.254.169.254/"}, "text": ""})
    assert failed.value.code == "redirected"


async def test_no_answer_leaves_by_the_exit_and_a_forbidden_way_never_does():
    gone = StepFailed("It cannot be reached.", code="host_unreachable")
    left, _ = await called({"on_error": "exit"}, gone)
    assert (left.exit, left.output["status_code"], left.output["error"]) == ("error", 0, "It cannot be reached.")
    with pytest.raises(StepFailed):
        await called({}, gone)
    with pytest.raises(StepFailed):
        await called({"on_error": "exit"}, StepFailed("No connection.", code="no_connection"))


@pytest.mark.parametrize(
    ("media", "text", "data"),
    [("application/json", '{"a": 1}', {"a": 1}), ("text/plain", "[1]", [1]), ("text/plain", "1", None),
     ("application/json", "1", 1), ("application/json", "{broken", None), ("application/json", '{"a": NaN}', None),
     ("application/json", "[" * 100_000, None), ("application/json", "", None)],
)  # fmt: skip
async def test_json_is_read_where_it_is_json(media, text, data):
    left, _ = await called({}, {"status": 200, "headers": {"content-type": media}, "text": text})
    assert left.output["json"] == data
    assert left.output["body"] == text


@pytest.mark.parametrize(
    "url",
    ["{{ start.url }}", "https://{{ start.host }}/x", "https://api.{{ start.host }}", "https://a.example{{ start.x }}",
     "{{ start.scheme }}://a.example/", "//a.example/x", "ftp://a.example/", "https://user@a.example/", "a.example/x"],
)  # fmt: skip
def test_a_host_that_is_not_written_out_is_a_trouble(url):
    (trouble,) = CallHttp(url=url).troubles()
    assert (trouble.field, trouble.code) == ("url", "bad_address")
    assert CallHttp(url=url).reaches() == []


def test_it_tells_where_it_reaches_and_draws_from():
    node = CallHttp(url="https://API.example.com:8443/a/{{ start.id }}")
    assert node.reaches() == [Reach("host", "api.example.com:8443")]
    assert node.draws() == [Draw("host", "api.example.com:8443")]
    assert CallHttp(url="https://api.example.com/{{ start.id }}").troubles() == []


def test_names_that_are_none_are_troubles():
    node = CallHttp(
        url=URL, method=Method.GET, body=Body.FIELDS, query=[Parameter()],
        headers=[Parameter(name=name) for name in ("a b", "Host", "Proxy-Authorization")],
        fields=[Named(name="a"), Named(name="a"), Named()],
    )  # fmt: skip
    found = {each.field: each.code for each in node.troubles()}
    assert found == {
        "query.0.name": "missing", "headers.0.name": "bad_header", "headers.1.name": "bad_header",
        "headers.2.name": "bad_header", "fields.1.name": "name_taken", "fields.2.name": "missing",
        "body": "unread_body",
    }  # fmt: skip


def test_it_explains_itself():
    assert CallHttp(url=URL + "/{{ start.id }}").explain() == "Gets https://api.example.com/orders/{{ start.id }}."
    assert CallHttp(
        url=URL,
        method=Method.POST,
        body=Body.FIELDS,
        fields=[Named(name="title", value="{{ start.title }}")],
        on_error=Failure.EXIT,
    ).explain() == (
        "Calls (POST) https://api.example.com/orders and sends “title” ({{ start.title }})."
        " Without success it goes on by “No success”."
    )


def test_the_new_bodies_explain_themselves():
    sends = CallHttp(
        url=URL, method=Method.POST, body=Body.MULTIPART, fields=[Named(name="document", value="{{ start.bill }}")]
    )
    assert sends.explain() == f"Calls (POST) {URL} and sends “document” ({{{{ start.bill }}}})."
    sends = CallHttp(url=URL, method=Method.PUT, body=Body.FILE, file="{{ start.bill }}")
    assert sends.explain() == f"Calls (PUT) {URL} and sends the file {{{{ start.bill }}}}."
    paged = CallHttp(url=URL, pages=Pages.LINK, most_pages=3)
    assert paged.explain() == f"Gets {URL}, page after page, at most 3 of them."
    assert CallHttp(url=URL, take=Take.FILE).explain() == f"Gets {URL}. It keeps the answer as a file."


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"method": "POST", "body": "file"}, "file"), ({"pages": "field"}, "onward"),
        ({"pages": "number"}, "parameter"),
        ({"pages": "link", "take": "file"}, "take"), ({"fine": "4xx"}, "fine"),
        ({"method": "POST", "body": "multipart", "headers": [{"name": "Content-Type", "value": "a/b"}]}, "headers"),
    ],
)  # fmt: skip
def test_settings_that_do_not_go_together_are_troubles(settings, field):
    assert [each.field for each in CallHttp.model_validate({"url": URL} | settings).troubles()] == [field]


def test_values_of_a_form_may_share_a_name_and_those_of_json_may_not():
    twice = [Named(name="a"), Named(name="a")]
    assert CallHttp(url=URL, method=Method.POST, body=Body.FORM, fields=twice).troubles() == []
    assert CallHttp(url=URL, method=Method.POST, body=Body.FIELDS, fields=twice).troubles()


SENDS: list[dict[str, object]] = [
    {"body": "fields", "fields": [{"name": "a", "value": "{{ start.bill }}"}]},
    {"body": "form", "fields": [{"name": "a", "value": "{{ start.bill }}"}]},
    {"body": "multipart", "fields": [{"name": "a", "value": "{{ start.bill }}"}]},
    {"body": "json", "value": "{{ start.bill }}"}, {"body": "text", "text": "{{ start.bill }}"},
    {"body": "file", "file": "{{ start.bill }}"}, {"query": [{"name": "a", "value": "{{ start.bill }}"}]},
    {"headers": [{"name": "X-A", "value": "{{ start.bill }}"}]}, {"url": URL + "/{{ start.bill }}"},
]  # fmt: skip


@pytest.mark.parametrize("settings", SENDS)
def test_whatever_is_sent_along_is_seen_to_leave_and_a_change_of_it_is_read_as_an_effect(settings):
    def drawn(**changed):
        called = {"url": URL, "method": "POST"} | settings | changed
        steps = {
            "start": Step(type="flow.start", settings={"inputs": [{"name": "bill", "data_class": "confidential"}]}),
            "call": Step(type="connect.call_http", settings=called), "finish": Step(type="flow.finish"),
        }  # fmt: skip
        edges = (Edge.between("start", "call"), Edge.between("call", "finish"))
        return Document(name="flow", meaning=Meaning(steps=steps, edges=edges))

    before, after = drawn(), drawn(url="https://other.example.com/")
    compiled = compile_document(before, CATALOGUE)
    known = FlowFacts(hosts={"api.example.com": Place(DataClass.INTERNAL, "the orders")})
    (crossing,) = [
        each
        for each in flow_of(before, compiled.steps, compiled.ways, known).crossings
        if (each.sink_kind, each.source.kind) == ("host", "input")
    ]
    assert (crossing.data_class, crossing.allowed) == (DataClass.CONFIDENTIAL, False)

    was, now = check_steps(before, CATALOGUE), check_steps(after, CATALOGUE)
    assert [each.code for each in first_things_first(diff(before, after, CATALOGUE), was, now)] == ["host"]
    after = drawn(headers=[{"name": "X-B", "value": "b"}])
    found = first_things_first(diff(before, after, CATALOGUE), was, check_steps(after, CATALOGUE))
    assert {each.code for each in found} == {"effect"}
    assert all(each.material for each in found)
