"""Data flow against a naive enumeration of every path through references, and the sentences people read."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nodes.catalogue import load
from nodes.sdk import DataClass, Draw, Lowering, Node, Output, Reach, Tag, Text, field, output
from runtime.graph.checking_steps import check_steps
from runtime.graph.compiling import examine
from runtime.graph.document import Document, Edge, Meaning, RunSettings, Step, StepWords, Variable, Words
from runtime.graph.flowing import Care, FlowFacts, Place, flow_of

CLASSES = list(DataClass)


class Through(Node, label="Through", icon="x"):
    """Draws, hands on, and sends where its settings say."""

    text: Text = field("Text", default="")
    base: str = field("Base", default="")
    host: str = field("Host", default="")
    guards: bool = field("Guards", default=False)

    class Output(Output):
        """What it read."""

        text: str = output("What it read")

    def draws(self) -> list[Draw]:
        return [Draw("base", self.base)] if self.base else []

    def reaches(self) -> list[Reach]:
        return [Reach("host", self.host)] if self.host else []

    def lowers(self) -> list[Lowering]:
        return [Lowering("guard", frozenset({Tag.PERSONAL}))] if self.guards else []


Through.type_id = "test.through"
BUILT_IN = load()


class Types:
    """The built-in step types and the one of this test."""

    digest = "test"
    types = (*BUILT_IN.types, Through.type_id)

    def get(self, type_id: str) -> type[Node] | None:
        return Through if type_id == Through.type_id else BUILT_IN.get(type_id)


def follow(document: Document, facts: FlowFacts):
    steps, ways, _ = examine(document, Types())
    return flow_of(document, steps, ways, facts)


@st.composite
def webs(draw) -> tuple[list[dict], FlowFacts]:
    """Steps in a row, each reading any earlier ones; some draw on a base, send to a host, or guard."""
    count = draw(st.integers(2, 7))
    web = [
        {
            "reads": draw(st.lists(st.integers(0, index - 1), max_size=3, unique=True)) if index else [],
            "base": draw(st.sampled_from(["", "", "alpha", "beta"])),
            "host": draw(st.sampled_from(["", "one.example", "two.example", "unknown.example"])),
            "guards": draw(st.booleans()) and draw(st.booleans()),
        }
        for index in range(count)
    ]
    classes, tags = st.sampled_from(CLASSES), st.frozensets(st.sampled_from(list(Tag)), max_size=2)
    facts = FlowFacts(
        bases={name: Place(draw(classes), name, draw(tags)) for name in ("alpha", "beta")},
        hosts={name: Place(draw(classes), name) for name in ("one.example", "two.example")},
        care={
            "guard": Care(
                {each: draw(classes) for each in CLASSES},
                draw(st.sampled_from([frozenset(), frozenset({Tag.PERSONAL})])),
            )
        },
    )
    return web, facts


def drawn(web: list[dict]) -> Document:
    steps = {"start": Step(type="flow.start"), "finish": Step(type="flow.finish")}
    for index, each in enumerate(web):
        text = " ".join(f"{{{{ s{other}.text }}}}" for other in each["reads"])
        kept = {name: each[name] for name in ("base", "host", "guards")}
        steps[f"s{index}"] = Step(type=Through.type_id, settings=kept | {"text": text})
    row = ["start", *(f"s{index}" for index in range(len(web))), "finish"]
    return Document(name="web", meaning=Meaning(steps=steps, edges=tuple(Edge.between(*two) for two in pairwise(row))))


def paths(web: list[dict], end: int) -> Iterator[list[int]]:
    """Every way along references that ends at a step, as the steps on it, one by one."""
    yield [end]
    for other in web[end]["reads"]:
        for path in paths(web, other):
            yield [*path, end]


def naive(web: list[dict], facts: FlowFacts) -> set[tuple[str, int, int, str]]:
    """What reaches where, path by path: (base, its step, sending step, class on arrival), the highest of each."""
    found: dict[tuple[str, int, int], int] = {}
    care = facts.care["guard"]
    for end, sender in enumerate(web):
        if not sender["host"]:
            continue
        for other in sender["reads"]:
            for path in paths(web, other):
                base = web[path[0]]["base"]
                if not base:
                    continue
                rank, tags = facts.bases[base].data_class.rank, facts.bases[base].tags
                for step in path:
                    if web[step]["guards"]:
                        if not care.only or care.only & tags:
                            becomes = max(care.becomes[each].rank for each in CLASSES if each.rank <= rank)
                            rank = min(rank, becomes)
                        tags -= {Tag.PERSONAL}
                key = (base, path[0], end)
                found[key] = max(found.get(key, -1), rank)
    return {(*key, CLASSES[rank].value) for key, rank in found.items()}


@given(webs())
def test_marks_agree_with_every_single_path(made):
    web, facts = made
    everybody = facts.care["guard"]
    # a guard that minds tags is another test: the highest class and the tags may come by two different paths
    facts = FlowFacts(facts.bases, facts.models, facts.hosts, {"guard": Care(everybody.becomes)})
    flow = follow(drawn(web), facts)
    found = {
        (each.source.name, int(each.source.step[1:]), int(each.step[1:]), each.data_class.value)
        for each in flow.crossings
        if each.sink_kind == "host"
    }
    assert found == naive(web, facts)
    for each in flow.crossings:
        place = facts.hosts.get(each.sink)
        assert each.allowed == (place is not None and place.data_class.rank >= each.data_class.rank)
    assert len(flow.problems) == sum(not each.allowed for each in flow.crossings)


@given(webs())
def test_where_a_guard_minds_tags_no_path_arrives_higher_than_is_told(made):
    web, facts = made
    flow = follow(drawn(web), facts)
    told = {
        (each.source.name, int(each.source.step[1:]), int(each.step[1:])): each.data_class.rank
        for each in flow.crossings
    }
    for base, source, end, data_class in naive(web, facts):
        assert told[base, source, end] >= DataClass(data_class).rank


def asked(text: str = "{{ start.contract }}", **changes) -> Document:
    """A contract, confidential and personal, asked about and handed back."""
    contract = {"name": "contract", "data_class": "confidential", "tags": ["personal"]}
    steps = {
        "start": Step(type="flow.start", settings={"inputs": [contract, {"name": "note", "data_class": "public"}]}),
        "ask": Step(type="ai.ask_model", settings={"messages": [{"role": "user", "text": text}]}),
        "finish": Step(type="flow.finish", settings={"outputs": [{"name": "answer", "value": "{{ ask.text }}"}]}),
    }
    edges = (Edge.between("start", "ask"), Edge.between("ask", "finish"))
    words = Words(steps={"ask": StepWords(title="Ask")})
    meaning = Meaning(**{"steps": steps, "edges": edges, "run": RunSettings(audience_class="restricted")} | changes)
    return Document(name="asked", words=words, meaning=meaning)


def models(clearance: str, **more) -> FlowFacts:
    return FlowFacts(models={"fast": Place(DataClass(clearance), "the model “fast”", outside=True)}, **more)


def test_a_violation_says_what_from_where_to_where_and_the_way_out():
    [problem] = follow(asked(), models("internal")).problems
    assert problem.sentence == (
        "Confidential personal data from “contract” would reach the model “fast” (cleared for internal)."
    )
    assert (problem.code, problem.severity, problem.step, str(problem.edge)) == (
        "data_class", "error", "ask", "start → ask"
    )  # fmt: skip
    assert problem.hint == "Add a Guard step before it, choose another model, or ask IT what may go to this one."


def test_only_what_is_referred_to_goes_anywhere():
    flow = follow(asked("{{ start.note }}"), models("internal"))
    assert not flow.problems
    assert {each.source.name for each in flow.crossings} == {"note"}


def test_what_is_read_from_a_file_is_as_confidential_as_the_file():
    document = asked("{{ read.text }}")
    contract = {"name": "contract", "kind": "file", "data_class": "confidential"}
    steps = document.meaning.steps | {
        "start": Step(type="flow.start", settings={"inputs": [contract]}),
        "read": Step(type="data.read_file", settings={"file": "{{ start.contract }}"}),
    }
    edges = (Edge.between("start", "read"), Edge.between("read", "ask"), Edge.between("ask", "finish"))
    meaning = document.meaning.model_copy(update={"steps": steps, "edges": edges})
    [problem] = follow(document.model_copy(update={"meaning": meaning}), models("internal")).problems
    assert problem.sentence.startswith("Confidential data from “contract” would reach the model “fast”")


def test_a_place_nobody_has_cleared_is_for_nothing():
    flow = follow(asked("{{ start.note }}"), FlowFacts())
    assert [each.clearance for each in flow.crossings if each.sink_kind == "model"] == [None]
    assert "nobody has said what may go there" in flow.problems[0].sentence


def test_the_result_is_for_people_cleared_for_what_is_in_it():
    flow = follow(asked(run=RunSettings(audience_class="internal")), models("restricted"))
    assert [each.step for each in flow.problems] == ["finish"]
    assert "whoever gets the result" in flow.problems[0].sentence


def test_a_variable_carries_what_was_put_in_it_also_by_a_later_step_of_a_side_way():
    document = asked(
        "{{ variables.memory }}",
        variables={"memory": Variable(kind="text", start="")},
        steps=asked().meaning.steps
        | {
            "ask": Step(
                type="ai.ask_model", settings={"messages": [{"role": "user", "text": "{{ variables.memory }}"}]}
            ),
            "keep": Step(
                type="flow.set_value",
                version=2,
                settings={"changes": [{"variable": "memory", "value": "{{ start.contract }}"}]},
            ),
        },
        edges=(Edge.between("start", "ask"), Edge.between("start", "keep"), Edge.between("ask", "finish")),
    )
    assert [each.step for each in follow(document, models("internal")).problems] == ["ask"]


def test_a_knowledge_base_nobody_knows_is_as_confidential_as_can_be():
    steps = asked().meaning.steps | {
        "find": Step(type=Through.type_id, settings={"base": "gone"}),
        "ask": Step(type="ai.ask_model", settings={"messages": [{"role": "user", "text": "{{ find.text }}"}]}),
    }
    edges = (Edge.between("start", "find"), Edge.between("find", "ask"), Edge.between("ask", "finish"))
    flow = follow(asked(steps=steps, edges=edges), models("confidential"))
    assert flow.crossings[0].data_class is DataClass.RESTRICTED
    assert str(flow.problems[0].edge) == "find → ask"


def test_a_guard_lowers_what_passes_through_it_and_nothing_that_goes_around():
    steps = asked().meaning.steps | {
        "guard": Step(type=Through.type_id, settings={"text": "{{ start.contract }}", "guards": True}),
        "ask": Step(type="ai.ask_model", settings={"messages": [{"role": "user", "text": "{{ guard.text }}"}]}),
    }
    edges = (Edge.between("start", "guard"), Edge.between("guard", "ask"), Edge.between("ask", "finish"))
    care = {"guard": Care({DataClass.CONFIDENTIAL: DataClass.INTERNAL})}
    document = asked(steps=steps, edges=edges)
    flow = follow(document, models("internal", care=care))
    assert not flow.problems
    assert flow.crossings[0].tags == frozenset()
    around = steps | {"ask": asked().meaning.steps["ask"]}
    [problem] = follow(asked(steps=around, edges=edges), models("internal", care=care)).problems
    assert str(problem.edge) == "guard → ask"


def test_steps_nothing_leads_to_send_nothing():
    assert not follow(asked(edges=(Edge.between("start", "finish"),)), models("public")).problems


def test_a_draft_that_cannot_run_is_followed_as_far_as_it_can_be_understood():
    steps = asked().meaning.steps | {"odd": Step(type="data.unknown", settings={"x": "{{ start.contract }}"})}
    assert follow(asked(steps=steps), models("internal")).problems
    assert check_steps(asked(steps=steps), Types())["odd"].node is None


def chat(memory: str) -> Document:
    """Answers from a confidential base by one model; another model is asked beside it, and may remember."""
    said = {"messages": [{"role": "user", "text": "{{ start.message }}"}]}
    return Document(
        name="chat",
        meaning=Meaning(
            steps={
                "start": Step(type="flow.start", settings={"kind": "chat"}),
                "beside": Step(type="ai.ask_model", settings=said | {"alias": "outside", "memory": memory}),
                "found": Step(type=Through.type_id, settings={"base": "alpha"}),
                "answer": Step(type="flow.answer", settings={"text": "{{ found.text }}"}),
            },
            edges=tuple(Edge.between(*two) for two in pairwise(("start", "beside", "found", "answer"))),
            run=RunSettings(audience_class="confidential"),
        ),
    )


def test_what_a_model_remembers_of_the_conversation_goes_to_it_too():
    facts = FlowFacts(
        bases={"alpha": Place(DataClass.CONFIDENTIAL, "Contracts")},
        models={"outside": Place(DataClass.INTERNAL, "Outside")},
    )
    assert follow(chat("none"), facts).problems == ()
    for memory in ("window", "tokens", "summary"):
        (problem,) = follow(chat(memory), facts).problems
        assert (problem.step, "Contracts" in problem.sentence) == ("beside", True)
