"""Calls over HTTP: what is sent, and what stays out of the workflow."""

import pytest

from runtime.exchange.dify.http import NOWHERE
from tests.support.dify import codes, flow, node, one, step

URL = "https://api.example.com/a"


def call(**data):
    return flow(node("it", "http-request", **{"method": "get", "url": URL, **data}), node("end", "end"))


def made(**data):
    settings = step(call(**data), "it").settings
    return {name: each for name, each in settings.items() if name not in ("method", "url", "fine")}


def test_an_address_keeps_its_values_and_every_answer_counts_unless_failures_are_handled():
    assert one("http-request", url=URL + "/{{#start.text#}}", method="GET") == {
        "method": "GET", "url": URL + "/{{ start.text }}", "fine": "any",
    }  # fmt: skip
    for handled in ({"retry_config": {"retry_enabled": True}}, {"error_strategy": "fail-branch"}):
        assert "fine" not in step(call(**handled), "it").settings


def test_only_the_first_colon_of_a_line_separates():
    assert made(params="Referer:http://a.example\n\nb:2", headers="X-A:http://b.example\nX-B: {{#start.text#}}") == {
        "query": [{"name": "Referer", "value": "http://a.example"}, {"name": "b", "value": "2"}],
        "headers": [{"name": "X-A", "value": "http://b.example"}, {"name": "X-B", "value": "{{ start.text }}"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "made_of_it"),
    [
        ({"type": "none", "data": ""}, {}),
        ({"type": "raw-text", "data": [{"type": "text", "value": "a {{#start.text#}}"}]},
         {"body": "text", "text": "a {{ start.text }}"}),
        ({"type": "raw-text", "data": "old"}, {"body": "text", "text": "old"}),
        ({"type": "x-www-form-urlencoded", "data": "a:1\nb:x:y"},
         {"body": "form", "fields": [{"name": "a", "value": "1"}, {"name": "b", "value": "x:y"}]}),
        ({"type": "form-data", "data": [{"key": "a", "type": "text", "value": "x"},
                                        {"key": "f", "type": "file", "file": ["start", "file"]}]},
         {"body": "multipart", "fields": [{"name": "a", "value": "x"}, {"name": "f", "value": "{{ start.file }}"}]}),
        ({"type": "binary", "data": [{"type": "file", "file": ["start", "file"]}]},
         {"body": "file", "file": "{{ start.file }}"}),
        ({"type": "json", "data": [
            {"value": '{"a": "{{#start.text#}}", "b": {{#start.items#}}, "c": "x {{#start.text#}}"}'}]},
         {"body": "json", "value": {"a": "{{ start.text | python }}", "b": "{{ start.items }}",
                                    "c": "x {{ start.text }}"}}),
        ({"type": "json", "data": "{{#start.items#}}"}, {"body": "json", "value": "{{ start.items }}"}),
        ({"type": "json", "data": '{"a": {{#start.text#}}'},
         {"body": "text", "text": '{"a": {{ start.text }}', "media": "application/json"}),
        ({"type": "json", "data": '{"{{#start.text#}}": 1}'},
         {"body": "text", "text": '{"{{ start.text }}": 1}', "media": "application/json"}),
    ],
)  # fmt: skip
def test_a_body_keeps_its_kind(body, made_of_it):
    assert made(method="post", body=body) == made_of_it


def test_a_content_type_goes_with_the_text_and_not_with_a_form():
    text = {"type": "raw-text", "data": "<a/>"}
    assert made(method="post", body=text, headers="Content-Type: text/xml")["media"] == "text/xml"
    form = {"type": "form-data", "data": []}
    assert "headers" not in made(method="post", body=form, headers="content-type: multipart/form-data")


@pytest.mark.parametrize(
    "data",
    [
        {"headers": "Authorization: Bearer sk-secret-1"}, {"headers": "X-API-Key: sk-secret-1"},
        {"authorization": {"type": "api-key", "config": {"type": "bearer", "api_key": "sk-secret-1"}}},
    ],
)  # fmt: skip
def test_a_credential_is_told_and_kept_nowhere(data):
    found = call(**data)
    assert "credential_to_connect" in codes(found)
    assert found.report.steps["it"].result == "partly"
    assert b"sk-secret-1" not in found.content
    assert "sk-secret-1" not in str(found.report.as_dict())


def test_a_key_that_is_missing_is_told():
    found = call(authorization={"type": "api-key", "config": {"type": "custom", "api_key": "", "header": "X-A"}})
    assert "API key is required" in found.report.steps["it"].note


def test_a_host_from_elsewhere_has_to_be_written_out():
    found = call(url="{{#start.text#}}/x")
    assert step(found, "it").settings["url"] == NOWHERE + "{{ start.text }}/x"
    assert "host_to_write" in codes(found)


def test_a_host_that_the_file_itself_says_is_written_out():
    found = flow(node("it", "http-request", method="get", url="{{#env.API#}}/x"), node("end", "end"),
                 environment_variables=[{"name": "API", "value_type": "string", "value": URL}])  # fmt: skip
    assert step(found, "it").settings["url"] == URL + "/x"
    assert "host_to_write" not in codes(found)


def test_what_a_look_sends_along_and_strange_methods_are_told():
    assert "body" not in made(body={"type": "raw-text", "data": "x"})
    assert call(body={"type": "raw-text", "data": "x"}).report.steps["it"].result == "partly"
    assert call(method="options").report.steps["it"].result == "partly"
    assert call(ssl_verify=False).report.steps["it"].result == "partly"
    assert made(timeout={"read": 700})["timeout_s"] == 600
