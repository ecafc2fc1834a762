"""Rules of their linter: each is broken once, and kept once."""

import pytest

from tests.support.dify import codes, edge, flow, node

CLASSES = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
CASES = [{"case_id": "true", "conditions": []}]
LIMIT = "list_operator_limit_invalid"


@pytest.mark.parametrize(
    ("code", "broken", "kept"),
    [
        ("agent_parameters_invalid_type", node("it", "agent", agent_parameters=[]), node("it", "agent")),
        ("knowledge_retrieval_query_missing", node("it", "knowledge-retrieval"),
         node("it", "knowledge-retrieval", query_variable_selector=["start", "text"])),
        ("knowledge_retrieval_topk_invalid", node("it", "knowledge-retrieval", multiple_retrieval_config={"top_k": 0}),
         node("it", "knowledge-retrieval", multiple_retrieval_config={"top_k": 1})),
        (LIMIT, node("it", "list-operator", limit={"enabled": True, "size": 0}),
         node("it", "list-operator", limit={"enabled": True, "size": 1})),
        (LIMIT, node("it", "list-operator", limit={"enabled": True, "size": "many"}),
         node("it", "list-operator", limit={"enabled": False, "size": 0})),
        ("trigger_schedule_cron_missing", node("it", "trigger-schedule", mode="cron"),
         node("it", "trigger-schedule", mode="visual", frequency="daily")),
        ("trigger_webhook_body_invalid_type", node("it", "trigger-webhook", body={"a": {}}),
         node("it", "trigger-webhook", body=[])),
        ("question_classifier_class_id_duplicate", node("it", "question-classifier", classes=[*CLASSES, CLASSES[0]]),
         node("it", "question-classifier", classes=CLASSES)),
    ],
)  # fmt: skip
def test_a_rule_is_told_where_it_is_broken(code, broken, kept):
    assert code in codes(flow(broken))
    assert code not in codes(flow(kept))


@pytest.mark.parametrize(
    ("code", "step", "handles"),
    [
        ("if_else_false_missing", node("it", "if-else", cases=CASES), ("true", "false")),
        ("question_classifier_handle_missing", node("it", "question-classifier", classes=CLASSES), ("a", "b")),
    ],
)
def test_a_way_out_that_leads_nowhere_is_told(code, step, handles):
    for led, expected in ((handles[:1], True), (handles, False)):
        edges = [edge("start", "it"), *(edge("it", "end", each) for each in led)]
        assert (code in codes(flow(step, node("end", "end"), edges=edges))) == expected
