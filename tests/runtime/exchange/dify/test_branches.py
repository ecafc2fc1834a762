"""If-else, its old shape, its operators, and files by their media."""

import pytest

from runtime.exchange.dify.branches import OPERATORS
from runtime.graph.problems import errors
from tests.support.dify import codes, drawn, edge, flow, node, one, step, ways


def case(operator: str, right: object = "x", left: tuple[str, ...] | list[str] = ("start", "text"), **more):
    return {"variable_selector": list(left), "comparison_operator": operator, "value": right, **more}


def branch(*conditions, **case):
    return node("it", "if-else", cases=[{"case_id": "true", "logical_operator": "and", "conditions": list(conditions),
                                         **case}])  # fmt: skip


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_every_operator_has_one_here_and_compares_exactly(operator):
    settings = step(flow(branch(case(operator)), node("end", "end")), "it").settings
    [found] = settings["cases"][0]["conditions"]
    assert (settings["rules"], found["left"], found["operator"]) == ("exact", "{{ start.text }}", OPERATORS[operator])


@pytest.mark.parametrize("operator", ["is empty", "==", "starts with"])
def test_operators_as_programs_write_them_are_understood(operator):
    assert "setting_left_out" not in codes(flow(branch(case(operator)), node("end", "end")))


def test_an_operator_nobody_knows_is_told():
    found = flow(branch(case("smells like")), node("end", "end"))
    assert found.report.steps["it"].result == "partly"
    assert "“smells like”" in found.report.steps["it"].note


def test_the_old_shape_is_one_case():
    old = {"logical_operator": "or", "conditions": [case("is")]}
    assert one("if-else", **old)["cases"] == [
        {"id": "true", "match": "any",
         "conditions": [{"left": "{{ start.text }}", "operator": "is", "right": "x"}]},
    ]  # fmt: skip


def test_ways_out_keep_their_names_and_false_is_else():
    uuid = "5a84a794-8aa9-460c-88d3-43cc686117f5"
    cases = [{"case_id": "true", "conditions": [case("is")]}, {"case_id": uuid, "conditions": [case("is")]}]
    found = flow(
        node("it", "if-else", cases=cases), *(node(each, "end") for each in "abc"),
        edges=[edge("start", "it"), edge("it", "a", "true"), edge("it", "b", uuid), edge("it", "c", "false"),
               edge("it", "c")],
    )  # fmt: skip
    assert ways(found) == {"start → it", "it.true → a", f"it.{uuid} → b", "it.else → c"}
    assert "bad_edge" in codes(found)


def test_a_case_that_is_gone_never_holds():
    found = flow(branch(case("is")), node("a", "answer", answer="a"), node("b", "answer", answer="b"),
                 edges=[edge("start", "it"), edge("it", "a", "true"), edge("it", "b", "gone")])  # fmt: skip
    assert step(found, "it").settings["cases"][1] == {"id": "gone", "match": "any"}
    assert ways(found) == {"start → it", "it.true → a", "it.gone → b"}
    assert not errors(found.report.problems)
    assert "bad_edge" in codes(found)


def test_the_first_case_is_also_left_by_true():
    found = flow(node("it", "if-else", cases=[{"case_id": "first", "conditions": [case("is")]}]), node("a", "end"),
                 edges=[edge("start", "it"), edge("it", "a", "true")])  # fmt: skip
    assert ways(found) == {"start → it", "it.first → a"}


def test_a_right_side_may_be_a_value_or_a_list():
    conditions = [case("is", "{{#start.items#}}!"), case("in", ["a", "{{#start.text#}}"]), case("=", 3),
                  case("is", "{{#start.items#}}")]  # fmt: skip
    found = step(flow(branch(*conditions), node("end", "end")), "it").settings["cases"][0]["conditions"]
    assert [each["right"] for each in found] == [
        "{{ start.items | python }}!", ["a", r"\{{#start.text#}}"], 3, "{{ start.items | python }}",
    ]  # fmt: skip


def test_what_is_asked_of_a_file_is_what_it_holds_here():
    asked = [("type", "kind"), ("extension", "extension"), ("mime_type", "type"), ("related_id", "id")]
    conditions = [case("is", "image", ["start", "file", theirs]) for theirs, _ in asked]
    found = step(flow(branch(*conditions), node("end", "end")), "it").settings["cases"][0]["conditions"]
    assert [each["left"] for each in found] == [f"{{{{ start.file.{mine} }}}}" for _, mine in asked]


def files(*inner, joint="or", operator="contains", **more):
    conditions = [{"key": key, "comparison_operator": asked, "value": value} for key, asked, value in inner]
    return case(operator, left=("start", "files"),
                sub_variable_condition={"logical_operator": joint, "conditions": conditions}, **more)  # fmt: skip


COUNT, ALL = {"left": "{{ it_files.count }}", "operator": "greater", "right": 0}, "{{ start.files | length }}"
NAMED, NO_IMAGE = ("name", "contains", "bill"), ("type", "not in", ["image", "custom"])


@pytest.mark.parametrize("operator", ["contains", "not contains", "all of"])
def test_files_of_a_list_are_counted_by_a_step_before(operator):
    found = flow(branch(files(NAMED, operator=operator)), node("end", "end"),
                 edges=[edge("start", "it"), edge("it", "end", "true")])  # fmt: skip
    assert step(found, "it").settings["cases"][0] == {"id": "true", "match": "any", "conditions": [COUNT]}
    counted = drawn(found).meaning.steps["it_files"].settings
    assert counted["keep"] == [{"of": "name", "operator": "contains", "value": "bill"}]
    assert ways(found) == {"start → it_files", "it_files → it", "it.true → end"}


def test_by_a_condition_that_denies_all_files_have_to_fit():
    found = flow(branch(files(NO_IMAGE, ("extension", "is not", "pdf"), joint="and")), node("end", "end"))
    [condition] = step(found, "it").settings["cases"][0]["conditions"]
    assert condition == {"left": "{{ it_files.count }}", "operator": "equal", "right": ALL}
    assert drawn(found).meaning.steps["it_files"].settings["keep"] == [
        {"of": "kind", "operator": "is_not_one_of", "value": ["image", "other"]},
        {"of": "extension", "operator": "is_not", "value": ".pdf"},
    ]


def test_conditions_of_files_that_are_unlike_are_counted_each():
    found = flow(branch(files(NAMED, NO_IMAGE)), node("end", "end"))
    assert step(found, "it").settings["cases"][0] == {"id": "true", "match": "any", "conditions": [
        COUNT, {"left": "{{ it_files_2.count }}", "operator": "equal", "right": ALL},
    ]}  # fmt: skip


def test_conditions_of_files_beside_others_are_put_together_by_their_own_rule():
    found = flow(branch(files(NAMED, NO_IMAGE), case("is")), node("end", "end"),
                 edges=[edge("start", "it"), edge("it", "end", "true")])  # fmt: skip
    first, _ = step(found, "it").settings["cases"][0]["conditions"]
    assert first == {"left": "{{ it_fit.output }}", "operator": "is", "right": "true"}
    made = drawn(found).meaning.steps["it_fit"].settings
    assert made["formula"] == "found_1 > of_1 or found_2 == of_2"
    assert not errors(found.report.problems)


def test_a_list_of_files_that_is_compared_as_a_whole_is_not_counted():
    found = flow(branch(files(NAMED, operator="not empty")), node("end", "end"))
    assert step(found, "it").settings["cases"][0]["conditions"] == [
        {"left": "{{ start.files }}", "operator": "is_not_empty"}]  # fmt: skip


def test_a_file_of_a_list_is_asked_like_one_of_the_start():
    each = node("each", "iteration", iterator_selector=["pick", "result"], output_selector=["say", "output"])
    say = node("say", "template-transform", parent="each", template="{{ kind }}",
               variables=[{"variable": "kind", "value_selector": ["each", "item", "type"]}])  # fmt: skip
    pick = node("pick", "list-operator", variable=["start", "files"])
    end = node("end", "end", outputs=[{"variable": "ending", "value_selector": ["pick", "last_record", "extension"]}])
    found = flow(pick, each, say, end)
    assert step(found, "say").settings["inputs"] == [{"name": "kind", "value": "{{ each.item.kind }}"}]
    assert step(found, "end").settings["outputs"][0]["value"] == "{{ pick.last_record.extension }}"
    assert not errors(found.report.problems)
