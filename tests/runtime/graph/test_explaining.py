from nodes.catalogue import load
from runtime.graph.document import Document
from runtime.graph.explaining import LONGEST_PROMPT, explain
from runtime.graph.hashing import content_hash
from tests.runtime.graph.drawn import START, Known, branch, drawn, join, set_value
from tests.runtime.graph.test_calling import HASH, INNER, TEXT, outer

PROMPT = "Write a friendly reply to {{ start.text }}. " + "Be short. " * 60
ANGRY = {"left": "{{ start.text }}", "operator": "contains", "right": "!"}
MESSAGES = [{"role": "system", "text": "You help."}, {"text": PROMPT}]
STEPS = {
    "start": START,
    "fork": (
        "flow.branch",
        {"cases": [{"id": "x", "conditions": [{"left": "{{ start.text }}", "operator": "contains", "right": "!"}]}]},
    ),
    "ask": (
        "ai.ask_model",
        {"alias": "careful", "messages": [{"role": "system", "text": "You help."}, {"text": PROMPT}]},
    ),
    "keep": set_value("n", "{{ ask.text }}"),
    "done": ("flow.finish", {"outputs": [{"name": "answer", "value": '{{ ask.text | default("-") }}'}]}),
    "parked": join("{{ nobody.x }}"),
    "odd": ("x.unknown", {}),
}
EDGES = ["start > fork", "fork.x > ask", "ask > keep", "keep > done", "fork.else > done"]
WORDS = {
    "title": "Reply",
    "description": "Answers letters.",
    "steps": {
        "start": {"title": "A letter"},
        "ask": {"title": "Write", "note": "Ada\nchecked this."},
        "fork": {"title": "Angry?", "labels": {"x": {"label": "Yes"}}},
    },
}
LIMITS = {"time_limit_s": 60, "cost_limit": 0.5}
DOCUMENT = drawn(STEPS, EDGES, words=WORDS, variables={"n": {"kind": "text", "start": "none"}}, run=LIMITS)

TOLD = """\
Reply
Answers letters.

What comes in
  A run begins with a form and gets “text”, “number” and “list”.

Step by step
1. A letter (Start)
  A run begins with a form and gets “text”, “number” and “list”.
  Then: 2. Angry?.
2. Angry? (Branch)
  Goes to “x” if [“text” from “A letter”] contains “!”; otherwise on by “else”.
  It draws on “text” from “A letter”.
  If “Yes”: 3. Write.
  If “Else”: 5. done.
"""


def test_a_workflow_is_told_step_by_step():
    told = explain(DOCUMENT, Known())
    assert told.startswith(TOLD)
    for line in (
        "3. Write (Ask a model)",
        "  Note: Ada checked this.",
        "    > You help.",
        "    > Write a friendly reply to [“text” from “A letter”]. Be short. Be short.",
        "  It draws on “text” from “A letter”.",
        "What it remembers while it runs\n  “n” (text), at first none.",
        "What leaves Greenlane while it runs\n"
        "  “Write” asks the model “careful” and costs money. It is given “text” from “A letter”.",
        "What comes out\n  The run ends and hands back [“text” from “Write”] as “answer”.",
        "Limits of a run\n  At most 60 seconds.\n  At most 0.5 of cost, in the currency of the price list.",
        "Not connected: these steps never run\n",
        "  Its type “x.unknown” is not known here, so nobody can say what it does.",
        "It cannot run yet\n",
    ):
        assert line in told


def test_a_prompt_is_told_whole_with_its_lines_and_every_reference_in_it_is_named():
    written = "Be kind.\n\n  - Read {{ start.text }}.\n" + "Be short. " * 200 + "The end."
    ask = ("ai.ask_model", {"alias": "careful", "messages": [{"text": written}]})
    told = explain(drawn({"start": START, "ask": ask, "done": STEPS["done"]}, ["start > ask", "ask > done"]), Known())
    assert "    > Be kind.\n      \n        - Read [“text” from “start”].\n      Be short. " in told
    assert "Be short. The end.\n" in told


def test_a_prompt_nobody_reads_to_its_end_is_cut():
    ask = ("ai.ask_model", {"alias": "careful", "messages": [{"text": "On and on. " * 2000}]})
    told = explain(drawn({"start": START, "ask": ask, "done": STEPS["done"]}, ["start > ask", "ask > done"]), Known())
    (line,) = (line for line in told.splitlines() if line.startswith("    > "))
    assert line.endswith("…")
    assert len(line) < LONGEST_PROMPT + 10


def test_code_is_told_line_by_line_as_it_was_written():
    written = "Dear {{ name }},\n\n{% for x in xs %}{{ x }}{% endfor %}\n"
    template = {"template": written, "inputs": [{"name": "name", "value": "{{ start.text }}"}]}
    document = drawn({"start": START, "write": ("data.template", template), "done": STEPS["done"]}, ["start > write"])
    told = explain(document, load())
    assert "    | Dear {{ name }},\n    | \n    | {% for x in xs %}{{ x }}{% endfor %}\n" in told
    assert "Writes a text by a template of 3 lines with [“text” from “start”] (as “name”)." in told
    assert "“write” runs code that a person wrote" in told


def section(told: str, title: str) -> str:
    """The lines under a title."""
    return next((part for part in told.split("\n\n") if part.startswith(f"{title}\n")), "")


def test_what_leaves_who_is_asked_and_what_stays_inside_are_told_apart():
    steps = {
        "start": START,
        "pause": ("flow.wait", {"amount": 2, "unit": "days"}),
        "look": ("knowledge.search", {"bases": ["handbook"], "query": "{{ start.text }}"}),
        "sum": ("data.calculate", {"formula": "1 + 1"}),
        "sign": ("people.approve", {"title": "Send it?", "text": "{{ start.text }}", "approvers": ["Olga"]}),
        "send": ("connect.call_http", {"method": "POST", "url": "https://api.example.com/x"}),
        "done": ("flow.finish", {"outputs": []}),
    }
    names = list(steps)
    edges = ["start > pause", "pause > look", "look > sum", "sum > sign", "sign.approved > send", "send > done"]
    told = explain(drawn(steps, edges), load())
    leaves = section(told, "What leaves Greenlane while it runs")
    assert [each for each in names if f"“{each}”" in leaves] == ["send"]
    assert "“send” sends something to api.example.com and changes something elsewhere." in leaves
    assert "“sign” asks “Olga”. It is given “text” from “start”." in section(told, "Who is asked while it runs")
    inside = section(told, "What it does inside Greenlane")
    assert [line.partition("”")[2].partition(". ")[0] for line in inside.splitlines()[1:]] == [
        " waits",
        " reads what Greenlane keeps",
        " runs code that a person wrote, in a sandbox",
        " waits",
    ]


def test_the_same_meaning_is_told_the_same_way():
    data = DOCUMENT.model_dump(mode="json", by_alias=True)
    data["meaning"]["steps"] = dict(reversed(data["meaning"]["steps"].items()))
    data["meaning"]["edges"].reverse()
    turned = type(DOCUMENT).model_validate(data)
    assert content_hash(turned) == content_hash(DOCUMENT)
    assert explain(turned, Known()) == explain(DOCUMENT, Known())


def test_a_node_that_cannot_explain_itself_is_told_by_its_name():
    told = explain(
        drawn({"start": START, "a": ("test.moody", {"need": "x"}), "f": branch("x")}, ["start > a"]), Known()
    )
    assert "  Moody; its settings are not complete." in told


def test_things_are_called_what_people_call_them():
    steps = {
        "start": START,
        "find": ("knowledge.search", {"bases": ["handbook"], "query": "{{ start.text }}"}),
        "send": ("connect.call_http", {"method": "POST", "url": "https://desk.example.com/x"}),
        "done": STEPS["done"],
    }
    document = drawn(steps, ["start > find", "find > send", "send > done"])
    titles = {"base:handbook": "Staff handbook", "connection:desk.example.com": "Desk (desk.example.com)"}
    told = explain(document, Known(), titles)
    assert "Searches “Staff handbook” for" in told
    assert "“send” sends something to Desk (desk.example.com)" in told
    assert "Searches “handbook” for" in explain(document, Known())


def test_what_lies_inside_a_container_is_numbered_below_it():
    made = Document.model_validate({"name": "d", "meaning": {
        "steps": {
            "start": {"type": "flow.start", "settings": {"inputs": [{"name": "items", "kind": "list"}]}},
            "each": {"type": "flow.each", "settings": {"items": "{{ start.items }}", "result": "{{ say.text }}"}},
            "say": {"type": "data.join_text", "inside": "each", "settings": {"texts": ["{{ each.item }}"]},
                    "on_failure": {"retries": 2, "wait_s": 3, "then": "fallback", "fallback": {"text": "none"}}},
        },
        "edges": [{"from": "start", "to": "each"}],
    }})  # fmt: skip
    told = explain(made, load())
    assert "Inside it begins with 2.1. say." in told
    assert "2.1. say (Join text)" in told
    assert "It is tried 2 more times when it fails, after 3 seconds." in told
    assert "Where it fails for good, the run goes on with “text” = none." in told


def test_a_workflow_that_is_called_is_told_step_by_step():
    told = explain(outer(TEXT), load(), library={HASH: INNER}.get)
    assert "  That workflow does this:\n    1. start (Start)" in told
    assert "    2. say (Join text)" in told
