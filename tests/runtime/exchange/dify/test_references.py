"""Selectors and templates of Dify as references of ours."""

import pytest

from runtime.exchange.dify.references import constant
from runtime.graph.references import parse_template
from tests.support.dify import codes, drawn, flow, node, one, step

TEXT = node("llm", "llm", title="Ask", model={"name": "x"}, prompt_template=[{"role": "user", "text": "hi"}])


def said(template, *before, **options):
    return step(flow(*before, node("it", "answer", answer=template), **options), "it").settings["text"]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hi {{#start.text#}}!", "Hi {{ start.text }}!"),
        ("{{#llm.text#}}", "{{ llm.text }}"),
        ("{{img}} {{#start.text#}}", r"\{{img}} {{ start.text }}"),
        ("C:\\{{#start.text#}}", "C:\\\\{{ start.text }}"),
        ('{"a": {{{#start.text#}}}', '{"a": {{{ start.text }}}'),
        ("{{#nobody.text#}} {{#start#}}", "nobody.text start"),
        ("{{#start.items#}}", "{{ start.items | markdown }}"),
        ("{{#llm.usage.total_tokens#}}", "llm.usage.total_tokens"),
        ("{{#llm.usage.prompt_tokens#}}", "{{ llm.usage.tokens_in | markdown }}"),
    ],
)
def test_a_template_keeps_its_text_and_finds_its_values(template, text):
    assert said(template, TEXT) == text
    assert not parse_template(text).mistakes


def test_a_chat_reads_its_message_its_files_and_the_run():
    text = "{{#sys.query#}}|{{#start.sys.query#}}|{{#sys.files#}}|{{#sys.workflow_run_id#}}|{{#sys.app_secret#}}"
    assert said(text, mode="advanced-chat") == (
        "{{ start.message }}|{{ start.message }}|{{ start.files_2 | markdown }}|{{ run.id }}|sys.app_secret"
    )


def test_what_is_not_known_here_is_told():
    found = flow(node("it", "answer", answer="{{#sys.app_id#}}{{#nobody.text#}}"), mode="advanced-chat")
    assert found.report.steps["it"].result == "partly"
    assert all(each in found.report.steps["it"].note for each in ("sys.app_id", "nobody.text"))


def test_variables_of_the_file_are_variables_of_the_run_and_of_the_conversation():
    beside = {
        "environment_variables": [{"name": "HOST", "value_type": "string", "value": "h"}],
        "conversation_variables": [{"name": "Plan", "value_type": "object", "value": {"a": 1}}],
    }
    found = flow(node("it", "answer", answer="{{#env.HOST#}} {{#conversation.Plan.a#}} {{#env.NONE#}}"), **beside)
    assert step(found, "it").settings["text"] == ("{{ variables.host }} {{ conversation.plan.a | markdown }} env.NONE")
    meaning = drawn(found).meaning
    assert (meaning.variables["host"].start, meaning.conversation["plan"].start) == ("h", {"a": 1})
    assert "renamed" in codes(found)


def test_a_step_with_hyphens_in_its_id_is_found_and_it_is_told():
    found = flow(node("my-code", "code", code="def main(): return {}", outputs={"a": {"type": "string"}}),
                 node("it", "answer", answer="{{#my-code.a#}}"))  # fmt: skip
    assert step(found, "it").settings["text"] == "{{ my_code.a }}"
    assert "hyphen_in_id" in codes(found)


def test_a_value_from_nowhere_is_a_variable_that_holds_nothing():
    found = flow(node("it", "end", outputs=[{"variable": "a", "value_selector": ["branch", "value"]}]))
    assert step(found, "it").settings["outputs"] == [{"name": "a", "value": "{{ variables.branch_value }}"}]
    assert drawn(found).meaning.variables["branch_value"].start is None
    assert "reference_never_there" in codes(found)


def test_an_input_nobody_declared_is_added_in_the_kind_it_is_read_as():
    found = flow(node("it", "answer", answer="{{#start.who#}} {{#start.data.name#}}"), start=node("start", "start"))
    inputs = step(found, "start").settings["inputs"]
    assert [(each["name"], each["kind"], each["required"]) for each in inputs] == [
        ("who", "paragraph", False), ("data", "json", False),
    ]  # fmt: skip
    assert codes(found).count("input_added") == 2


def test_what_is_known_of_a_file_has_other_names_here():
    assert said("{{#start.file.mime_type#}} {{#start.file.name#}} {{#start.file.url#}}") == (
        "{{ start.file.type }} {{ start.file.name }} start.file.url"
    )


def test_what_was_typed_is_no_reference():
    assert constant({"a": ["{{ x.y }}", 1]}) == {"a": [r"\{{ x.y }}", 1]}


def test_a_failure_is_read_only_where_it_is_handled():
    text = "{{#it.error_message#}}{{#it.error_type#}}"
    handled = node("it", "code", code="def main(): return {}", error_strategy="default-value", default_value=[])
    assert step(flow(handled, node("end", "answer", answer=text)), "end").settings["text"] == (
        "{{ it.error_message }}{{ it.error_code }}"
    )
    bare = node("it", "code", code="def main(): return {}")
    assert step(flow(bare, node("end", "answer", answer=text)), "end").settings["text"] == (
        "it.error_messageit.error_type"
    )


def test_knowledge_is_searched_for_the_value_that_was_chosen():
    assert one("knowledge-retrieval", query_variable_selector=["start", "text"])["query"] == "{{ start.text }}"


def test_what_the_system_knows_a_run_knows_here():
    text = "{{#sys.user_id#}}|{{#sys.conversation_id#}}|{{#sys.dialogue_count#}}|{{#sys.timestamp#}}"
    found = flow(node("it", "answer", answer=text), mode="advanced-chat")
    assert step(found, "it").settings["text"] == (
        "{{ run.user }}|{{ run.conversation }}|{{ run.turn }}|{{ run.started }}")  # fmt: skip
    assert found.report.steps["it"].result == "mapped"
