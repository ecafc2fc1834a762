"""Random documents and edits, as hypothesis draws them."""

from hypothesis import strategies as st

from runtime.graph.document import (
    Box,
    Document,
    Edge,
    ErrorWorkflow,
    Label,
    OnFailure,
    Place,
    RunSettings,
    Size,
    Step,
    StepWords,
    Variable,
)
from runtime.graph.edits import (
    Add,
    Configure,
    Connect,
    Declare,
    Describe,
    Disconnect,
    Enclose,
    Handle,
    Lay,
    Limit,
    Move,
    Note,
    Relabel,
    Remove,
    Rename,
    Resize,
)

IDS = ("a", "b", "c", "d", "sum_up")
ids = st.sampled_from(IDS)
exits = st.sampled_from(["", ".else", ".urgent"])
words = st.text(max_size=12) | st.sampled_from(
    ["", " two\nlines \n", "yes", "0o17", "1:30", "~", "ä–€\U0001f600", "\ttab\n  x"]
)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
filled = st.dictionaries(st.sampled_from(["text", "cases", "alias"]) | words, values, max_size=3)
kinds = st.sampled_from(["flow.start", "data.join_text", "flow.branch"])
failures = st.builds(
    OnFailure, retries=st.integers(0, 10), then=st.sampled_from(["stop", "fallback", "exit"]), fallback=filled
)
steps = st.builds(
    Step, type=kinds, version=st.integers(1, 3), settings=filled, on_failure=st.just(OnFailure()) | failures
)
inner_steps = st.builds(Step, type=kinds, inside=st.just("") | ids)
labels = st.builds(Label, label=words, help=words)
step_words = st.builds(StepWords, title=words, note=words, labels=st.dictionaries(words, labels, max_size=2))
pixels = st.integers(-2000, 2000) | st.floats(-2000, 2000)
places = st.builds(Place, pixels, pixels)
sizes = st.builds(Size, pixels, pixels)
colors = st.sampled_from(["amber", "blue", "grey"])
boxes = st.builds(Box, x=pixels, y=pixels, w=pixels, h=pixels, color=colors)
variables = st.builds(Variable, kind=st.sampled_from(["any", "text"]), start=values)
afters = st.builds(
    ErrorWorkflow, name=st.sampled_from(["tell-it", "mend"]), content=st.sampled_from(["a" * 64, "0" * 64])
)
runs = st.builds(
    RunSettings, time_limit_s=st.none() | st.floats(1, 100), step_limit=st.none() | st.integers(1, 9),
    error_workflow=st.none() | afters,
)  # fmt: skip


@st.composite
def edges(draw, among=IDS):
    """An edge between two different steps."""
    here, there = draw(st.lists(st.sampled_from(among), min_size=2, max_size=2, unique=True))
    return Edge.between(here + draw(exits), there)


@st.composite
def documents(draw):
    """A document whose edges join steps it has, each once, whose words and places belong to steps it has, and whose
    steps lie in none or in one that was drawn before."""
    present = draw(st.lists(ids, unique=True))
    some = st.sampled_from(present) if present else st.nothing()
    drawn = draw(st.lists(edges(tuple(present)), max_size=6)) if len(present) > 1 else []
    notes = draw(st.dictionaries(ids, words, max_size=2))
    within = {each: draw(st.sampled_from(["", *present[:index]])) for index, each in enumerate(present)}
    return Document.model_validate(
        {
            "name": draw(st.sampled_from(["triage", "a-1"])),
            "words": {
                "title": draw(words),
                "description": draw(words),
                "steps": draw(st.dictionaries(some, step_words)) if present else {},
                "notes": notes,
            },
            "meaning": {
                "steps": {each: draw(steps).model_copy(update={"inside": within[each]}) for each in present},
                "edges": list({str(each): each for each in drawn}.values()),
                "variables": draw(st.dictionaries(ids, variables, max_size=2)),
                "conversation": draw(st.dictionaries(ids, variables, max_size=2)),
                "run": draw(runs),
            },
            "layout": {
                "steps": draw(st.dictionaries(some, places)) if present else {},
                "sizes": draw(st.dictionaries(some, sizes)) if present else {},
                "notes": {each: draw(boxes) for each in notes if draw(st.booleans())},
            },
        }
    )


def note_edits():
    """Any edit of notes on the canvas, possible or not."""
    return st.one_of(
        st.builds(Note, id=ids, text=st.none() | words, box=st.none() | boxes),
        st.builds(Lay, boxes=st.dictionaries(ids, st.none() | boxes, max_size=3)),
    )


def edits():
    """Any edit, possible or not."""
    return st.one_of(
        st.builds(
            Add,
            id=ids,
            step=steps | inner_steps,
            words=step_words,
            place=st.none() | places,
            size=st.none() | sizes,
            edges=st.lists(edges(), max_size=2),
        ),
        st.builds(Remove, id=ids),
        st.builds(Move, places=st.dictionaries(ids, st.none() | places, max_size=3)),
        st.builds(
            Enclose, inside=st.just("") | ids, places=st.dictionaries(ids, st.none() | places, min_size=1, max_size=3)
        ),
        st.builds(Resize, sizes=st.dictionaries(ids, st.none() | sizes, max_size=2)),
        st.builds(Handle, id=ids, on_failure=failures),
        st.builds(Connect, edge=edges()),
        st.builds(Disconnect, edge=edges()),
        st.builds(Configure, id=ids, field=st.sampled_from(["text", "cases"]), value=values, unset=st.booleans()),
        st.builds(Rename, id=st.none() | ids, title=words),
        st.builds(Describe, id=st.none() | ids, text=words),
        st.builds(Relabel, id=ids, part=words, label=st.none() | labels),
        note_edits(),
        st.builds(Declare, of=st.sampled_from(["variables", "conversation"]), name=ids, variable=st.none() | variables),
        st.builds(Limit, run=runs),
    )
