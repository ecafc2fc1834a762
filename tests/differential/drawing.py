"""Random documents, drawn from choices.

A body is drawn step by step, each behind some of those before it; containers hold bodies, three deep at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from runtime.graph.document import Document
from runtime.graph.hashing import content_hash
from tests.differential.bodies import ANSWERS, Body, End, Known
from tests.differential.choices import Choices

DEEPEST = 3
VARIABLES = {"n": ("number", 0), "m": ("number", 5), "l": ("list", []), "k": ("list", [1, "b"]), "t": ("text", "t")}
CONVERSATION = {"p": ("number", 2), "q": ("list", ["x"])}
NAMED = {name: kind for name, (kind, _) in VARIABLES.items()}
NAMED |= {f"conversation.{name}": kind for name, (kind, _) in CONVERSATION.items()}
"""all variables there are outside of loops, as steps name them"""
WORDS = ("a", "b", "red", "")
STARTS: dict[str, tuple[Any, ...]] = {"number": (0, 1, 7, None), "list": ([], [2], None), "text": ("", "x", None)}
CHANGES = {
    "number": ("set", "add", "add", "subtract", "multiply", "clear"),
    "list": ("set", "append", "append", "extend", "remove_first", "remove_last", "clear"),
    "text": ("set", "append", "append", "clear"),
}
KINDS = (
    "work", "work", "work", "work", "slow", "slow", "slow", "branch", "branch", "branch", "set", "set", "set", "first",
    "answer", "finish", "each", "each", "each", "each", "repeat", "repeat", "repeat", "call",
)  # fmt: skip
FAILS_ON = ([1, "a"], [0, 1, 2], ["a", "b"], ["", "x"], [-1, 3, 4], [None, []])


class Drawn(NamedTuple):
    document: dict[str, Any]
    inputs: dict[str, Any]
    library: dict[str, Any]
    """the documents it calls, by content hash"""
    choices: list[int]


class _Pen(Choices):
    """Draws one document."""

    def __init__(self, source: int | Sequence[int]) -> None:
        super().__init__(source)
        self.steps: dict[str, Any] = {}
        self.edges: list[dict[str, str]] = []
        self.library: dict[str, Any] = {}
        self.called = False
        """whether what is drawn now is called by another"""

    def constant(self, kind: str) -> Any:
        match kind:
            case "number":
                return self.one(0, 1, 2, 3, 4, -1, -2)
            case "text":
                return self.one(*WORDS)
            case "list":
                return [self.one(0, 1, 2, 3, *WORDS) for _ in range(self.below(4))]
        return self.constant(self.one("number", "text", "list"))

    def value(self, body: Body, kind: str = "any", wrong: int = 10) -> Any:
        """A constant or a reference; now and then to a value of another kind."""
        if self.chance(25):
            return self.constant(kind)
        found = self.reference(body, "any" if self.chance(wrong) else kind)
        return self.constant(kind) if found is None else found

    def reference(self, body: Body, kind: str = "any") -> str | None:
        """A reference to a value of a kind, where there is one."""
        found = [each for each in body.readable() if kind in ("any", each.kind)]
        found += [Known(_read(each), what) for each, what in NAMED.items()
                  if kind in ("any", what) and body.may_use(each, write=False)]  # fmt: skip
        found = [each for each in found if self.is_readable(body, each.written)]
        if not found:
            return None
        written = self.one(*found).written
        self.note_use(body, written)
        filters = self.one("", "", "", "", ' | default("none")', ' | if_skipped("skipped")')
        return f"{{{{ {written}{filters} }}}}"

    def loop_variable(self, body: Body, written: str) -> str | None:
        """The variable of a loop around, or of all of it, that a reference names."""
        root, _, name = written.partition(".")
        if root == "variables":
            return name
        if root == "conversation":
            return written
        around = any(each.inside == root and each.container == "repeat" for each in body.up_to(""))
        return written if around and name != "round" else None

    def is_readable(self, body: Body, written: str) -> bool:
        name = self.loop_variable(body, written)
        return name is None or body.may_use(name, write=False)

    def note_use(self, body: Body, written: str) -> None:
        if (name := self.loop_variable(body, written)) is not None:
            body.use(name, write=False)

    def items(self, body: Body) -> Any:
        """What a for-each works on: mostly a list with something in it."""
        remembered = [each for each in ("l", "k", "conversation.q") if body.may_use(each, write=False)]
        if remembered and self.chance(25):
            body.use(name := self.one(*remembered), write=False)
            return f"{{{{ {_read(name)} }}}}"
        if self.chance(40):
            return self.value(body, "list", 5)
        return [self.one(0, 1, 2, 3, *WORDS) for _ in range(1 + self.below(4))]

    def text(self, body: Body) -> str:
        """A text with values in it."""
        parts = [self.one("a", "-", ""), self.reference(body) or "", self.one("b", "+"), self.reference(body) or ""]
        return "".join(parts[: self.one(2, 3, 4)])

    def conditions(self, body: Body) -> list[dict[str, Any]]:
        return [self.condition(body) for _ in range(self.one(1, 1, 2))]

    def condition(self, body: Body) -> dict[str, Any]:
        kind = self.one("number", "any")
        operator = self.one("equal", "not_equal", "greater", "less", "at_most") if kind == "number" else self.one(
            "is", "exists", "contains")  # fmt: skip
        left = self.reference(body, kind) or 1
        if operator == "exists":
            return {"left": left, "operator": operator}
        right = self.one(0, 1, 2, 3, 4, -1) if kind == "number" else self.one(0, 1, "a", "b")
        return {"left": left, "operator": operator, "right": right}

    def step(self, body: Body, kind: str) -> None:
        """Draw one more step into a body."""
        step = f"{kind[0]}{len(self.steps)}"
        body.here = step
        ends = self.behind(body)
        body.before[step] = {each for before, _ in ends for each in {before} | body.before[before]}
        self.edges += [{"from": _end(each), "to": step} for each in ends]
        told: dict[str, Any] = {"type": "", "settings": {}}
        if body.inside:
            told["inside"] = body.inside
        self.steps[step] = told
        exits, outputs = getattr(self, kind)(body, step, told)
        exits = [*exits, "error"] if told.get("on_failure", {}).get("then") == "exit" else exits
        body.outputs[step] = outputs
        if body.one_way:
            body.ends = [each for each in body.ends if each not in ends]
        body.exits += [(step, each) for each in exits]
        body.ends += [(step, each) for each in exits]

    def behind(self, body: Body) -> list[End]:
        """What leads to the next step; nothing where it is to begin the body."""
        if not body.ends or (body.inside and not body.one_way and self.chance(20)):
            return []
        if body.one_way and self.chance(60):
            return list(body.ends)
        return self.some(body.ends, 3)

    def care(self, told: dict[str, Any], fallback: dict[str, Any], retries: int = 2, *, rarely: bool = False) -> bool:
        """Draw what becomes of the step when it fails; whether it then hands on why."""
        care: dict[str, Any] = {}
        if retries and self.chance(30):
            care |= {"retries": self.one(1, retries), "wait_s": self.one(0, 0.001), "factor": self.one(1, 2)}
        if (then := self.one("stop", "fallback", "exit", *(("stop",) * 4 if rarely else ()))) != "stop":
            care |= {"then": then} | ({"fallback": fallback} if then == "fallback" else {})
        if care:
            told["on_failure"] = care
        return then != "stop"

    def work(self, body: Body, step: str, told: dict[str, Any], kind: str = "test.work") -> Any:
        value = self.text(body) if self.chance(20) else self.value(body)
        of_item = body.container == "each" and self.chance(50)
        value = f"{{{{ {body.inside}.item }}}}" if of_item else value
        settings: dict[str, Any] = {"value": value, "fails_on": []}
        told |= {"type": kind, "settings": settings}
        outputs = [Known(f"{step}.value", "any")]
        if self.chance(70 if of_item else 45):
            settings["fails_on"] = [value] if is_fixed(value) and self.chance(40) else self.one(*FAILS_ON)
            if self.chance(35):
                settings["fails_first"] = self.one(1, 2)
            if self.care(told, {"value": self.constant("any")}, rarely=of_item):
                outputs += [Known(f"{step}.error_code", "text"), Known(f"{step}.error_message", "text")]
        return ["done"], outputs

    def poison(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        """A step that fails for one of the items, whatever was done before it."""
        items = body.settings["items"]
        fails_on = [self.one(*items)] if isinstance(items, list) and items else self.one(*FAILS_ON)
        settings = {"value": f"{{{{ {body.inside}.item }}}}", "fails_on": fails_on}
        told |= {"type": "test.work", "settings": settings}
        return ["done"], [Known(f"{step}.value", "any")]

    def slow(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        drawn = self.work(body, step, told, "test.slow")
        told["settings"]["pause"] = self.one(0, 0, 1, 2)
        if self.chance(4):
            told["settings"]["hangs"] = True
            self.care(told, {"value": 9}, retries=1)
            told["on_failure"] = told.get("on_failure", {}) | {"timeout_s": 0.01}
            return ["done"], [Known(f"{step}.value", "any")]
        return drawn

    def branch(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        cases = [{"id": each, "match": self.one("all", "any"), "conditions": self.conditions(body)}
                 for each in ("yes", "maybe")[: self.one(1, 1, 2)]]  # fmt: skip
        told |= {"type": "flow.branch", "settings": {"cases": cases}}
        return [*(each["id"] for each in cases), "else"], [Known(f"{step}.selected_case_id", "text")]

    def set(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        names = dict(NAMED)
        for each in body.up_to(""):
            if each.container == "repeat":
                names |= {f"{each.inside}.{name}": kind for name, kind in each.own.items()}
        names = {name: kind for name, kind in names.items() if body.may_use(name, write=True)}
        if not names:
            return self.work(body, step, told)
        worked_on = [name for name in names if f"{_read(name)} " in str(body.settings.get("items"))]
        chosen = [self.one(*names, *worked_on * 5) for _ in range(self.one(1, 1, 2, 3))]
        for name in chosen:
            body.use(name, write=True)
        changes = [self.change(body, name, names[name]) for name in chosen]
        told |= {"type": "flow.set_value", "version": 2, "settings": {"changes": changes}}
        if self.chance(60):
            self.care(told, {"output": 0})
        return ["done"], [Known(f"{step}.output", names[chosen[-1]])]

    def change(self, body: Body, name: str, kind: str) -> dict[str, Any]:
        operation = self.one(*CHANGES[kind])
        change: dict[str, Any] = {"variable": name, "operation": operation}
        match operation:
            case "set":
                change["value"] = self.value(body, kind)
            case "extend" | "add" | "subtract":
                change["value"] = self.value(body, kind, 40)
            case "multiply":
                change["value"] = self.one(-1, 0, 1)
            case "append":
                change["value"] = self.value(body)
        return change

    def first(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        told |= {
            "type": "flow.first_available",
            "settings": {"values": [self.value(body) for _ in range(self.one(1, 2, 3))]},
        }
        return ["done"], [Known(f"{step}.output", "any")]

    def answer(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        if self.called or not body.may_use(ANSWERS, write=True):
            return self.work(body, step, told)
        told |= {"type": "flow.answer", "settings": {"text": f"{self.text(body)}|"}}
        body.use(ANSWERS, write=True)
        return ["done"], [Known(f"{step}.text", "text")]

    def leave(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        if not body.before[step]:
            return self.slow(body, step, told)
        told |= {"type": "flow.leave_loop"}
        return [], []

    def each(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        if body.depth() >= DEEPEST:
            return self.slow(body, step, told)
        settings: dict[str, Any] = {
            "items": self.items(body), "parallel": self.one(1, 1, 2, 5), "flatten": self.chance(15),
            "on_error": self.one("stop", "null", "skip"),
        }  # fmt: skip
        told |= {"type": "flow.each", "settings": settings}
        self.care(told, {"output": [], "failed": 0}, retries=0)
        inner = self.inside(body, step, "each", told)
        inner.known += [Known(f"{step}.item", "any"), Known(f"{step}.index", "number")]
        self.fill(inner)
        if inner.ends and self.chance(35):
            self.step(inner, "poison")
        self.end(inner)
        settings["result"] = self.value(inner)
        return ["done"], [Known(f"{step}.output", "list"), Known(f"{step}.failed", "number")]

    def repeat(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        if body.depth() >= DEEPEST:
            return self.work(body, step, told)
        own = {"i": "number", "c": self.one("list", "text")}
        kept = [{"name": name, "start": self.value(body, kind, 0) if self.chance(50) else self.one(*STARTS[kind])}
                for name, kind in own.items()]  # fmt: skip
        settings: dict[str, Any] = {"variables": kept, "most": self.one(1, 2, 3, 4), "match": self.one("all", "any")}
        told |= {"type": "flow.repeat", "settings": settings}
        self.care(told, {"i": 1, "c": None, "round": 0}, retries=0)
        inner = self.inside(body, step, "repeat", told)
        inner.own = own
        values = [Known(f"{step}.{name}", kind) for name, kind in [*own.items(), ("round", "number")]]
        inner.known += values
        self.fill(inner)
        self.end(inner)
        settings["until"] = self.conditions(inner) if self.chance(50) else []
        return ["done"], values

    def call(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        """Another document, drawn with the same ids."""
        if self.called or body.depth() >= DEEPEST:
            return self.work(body, step, told)
        steps, edges, self.steps, self.edges, self.called = self.steps, self.edges, {}, [], True
        made, outputs = self.whole(4)
        self.steps, self.edges, self.called = steps, edges, False
        content = content_hash(Document.model_validate(made))
        self.library[content] = made
        count = [each.written for each in body.readable() if each.written.endswith((".index", ".round", "s0.count"))]
        given = {"count": self.one(1, *(f"{{{{ {each} }}}}" for each in count)), "names": [1, "a"]}
        told |= {"type": "flow.call", "settings": {
            "workflow": {"name": "called", "content": content},
            "inputs": [{"name": name, "value": value} for name, value in given.items()]}}  # fmt: skip
        self.care(told, {}, retries=0)
        return ["done"], [Known(f"{step}.{each}", "any") for each in outputs]

    def finish(self, body: Body, step: str, told: dict[str, Any]) -> Any:
        if body.inside:
            return self.first(body, step, told)
        told |= {"type": "flow.finish", "settings": {"outputs": [{"name": step, "value": self.value(body)}]}}
        return [], []

    def inside(self, body: Body, step: str, container: str, told: dict[str, Any]) -> Body:
        """An empty body of a container."""
        dies = told.get("on_failure", {}).get("then", "stop") == "stop"
        dies = dies and told["settings"].get("on_error", "stop") == "stop"
        return Body(step, container, body, self.chance(60), told["settings"], body.fatal and dies, body.readable())

    def whole(self, most: int) -> tuple[dict[str, Any], list[str]]:
        """A document with at most so many steps between start and finish, and what it hands back for sure."""
        self.steps["s0"] = {"type": "flow.start", "settings": {"inputs": [
            {"name": "count", "kind": "number"}, {"name": "names", "kind": "json"}]}}  # fmt: skip
        top = Body("", "", None, self.chance(30))
        top.before["s0"], top.outputs["s0"] = set(), [Known("s0.count", "number"), Known("s0.names", "list")]
        top.exits, top.ends = [("s0", "done")], [("s0", "done")]
        self.fill(top, most)
        self.edges += [{"from": _end(each), "to": "end"} for each in top.exits]
        handed = [each.written for those in top.outputs.values() for each in those]
        handed += [_read(each) for each in NAMED]
        outputs = {each.replace(".", "_"): f"{{{{ {each} }}}}" for each in handed}
        self.steps["end"] = {"type": "flow.finish", "settings": {"outputs": [
            {"name": name, "value": value} for name, value in outputs.items()]}}  # fmt: skip
        meaning = {
            "steps": self.steps, "edges": self.edges,
            "variables": {name: {"kind": "any", "start": start} for name, (_, start) in VARIABLES.items()},
            "conversation": {name: {"kind": "any", "start": start} for name, (_, start) in CONVERSATION.items()},
        }  # fmt: skip
        return {"greenlane": 1, "name": "drawn", "meaning": meaning}, list(outputs)

    def fill(self, body: Body, most: int = 0) -> None:
        """Draw the steps of a body."""
        for _ in range(1 + self.below(most or 5 - body.depth())):
            if body.before and not body.ends:
                break
            kinds = (*KINDS, *("set",) * 4) if body.inside else KINDS
            self.step(body, self.one(*kinds, *(("leave",) * 4 if body.before and body.may_leave() else ())))

    def end(self, body: Body) -> None:
        """What is drawn next is read when the body has come to its end."""
        body.here, body.before["#end"] = "#end", set(body.outputs)


def document(source: int | Sequence[int]) -> Drawn:
    """The document of a seed, or of choices; it compiles."""
    pen = _Pen(source)
    inputs = {"count": pen.one(0, 1, 2, 3, -1), "names": [pen.one("a", "b", 1, 2) for _ in range(pen.below(5))]}
    made, _ = pen.whole(10)
    return Drawn(made, inputs, pen.library, pen.made)


def is_fixed(value: Any) -> bool:
    """Whether a value is no reference, and no text with one in it."""
    return not (isinstance(value, str) and "{{" in value)


def _read(variable: str) -> str:
    """What a reference to a variable says."""
    return variable if "." in variable else f"variables.{variable}"


def _end(end: End) -> str:
    return end[0] if end[1] == "done" else ".".join(end)
