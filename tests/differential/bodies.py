"""The body of a drawn document: what its steps may refer to, change and leave without chance deciding.

`one_way` bodies never do two things at once: every end is led on at most once. Nothing is drawn that chance would
decide:

- who uses a variable comes after all who wrote it, and who writes it after all who used it (answers count as writing
  one variable); in a body of one way it always does;
- what a body that may fail has changed outside is only seen where it is sure: it is of one way, or what it changed is
  forgotten with it, or the run ends with it;
- a loop is left only from where nothing else goes on in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

ANSWERS = "#answers"
End = tuple[str, str]
"""a step and one of its ways out"""


class Known(NamedTuple):
    """A value that may be referred to: how it is written, and what it holds as a rule."""

    written: str
    kind: str


@dataclass
class Body:
    """The steps drawn so far in one container, or in none."""

    inside: str
    container: str
    """`each`, `repeat` or nothing"""
    above: Body | None
    one_way: bool
    settings: dict[str, Any] = field(default_factory=dict)
    """of the container"""
    fatal: bool = True
    """whether the run fails when this body does"""
    known: list[Known] = field(default_factory=list)
    """what may be referred to from before or around"""
    before: dict[str, set[str]] = field(default_factory=dict)
    """all that comes before each step"""
    outputs: dict[str, list[Known]] = field(default_factory=dict)
    exits: list[End] = field(default_factory=list)
    """of all steps"""
    ends: list[End] = field(default_factory=list)
    """those a next step may lie behind"""
    own: dict[str, str] = field(default_factory=dict)
    """the variables of the loop, with their kinds"""
    users: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    """which steps used a variable, and whether they wrote it"""
    here: str = ""
    """the step that is being drawn"""

    def depth(self) -> int:
        return 0 if self.above is None else self.above.depth() + 1

    def up_to(self, home: str) -> list[Body]:
        """This body and those around it, up to the one a variable belongs to."""
        return [self] if self.inside == home or self.above is None else [self, *self.above.up_to(home)]

    def may_use(self, name: str, *, write: bool) -> bool:
        """Whether nothing is left to chance when the step that is being drawn uses a variable."""
        levels = self.up_to(name.rpartition(".")[0])
        sure = all(each.is_after(name, write=write) for each in levels)
        return sure and not (write and not all(each.keeps(name) for each in levels[:-1]))

    def is_after(self, name: str, *, write: bool) -> bool:
        others = {step for step, wrote in self.users.get(name, ()) if (wrote or write) and step != self.here}
        return self.one_way or others <= self.before[self.here]

    def keeps(self, name: str) -> bool:
        """Whether what is changed in this body is outside what it would always be there."""
        if self.container == "repeat":
            return self.one_way
        if name == ANSWERS:
            return self.one_way and self.settings["parallel"] == 1
        return self.settings["on_error"] != "stop" or self.fatal

    def use(self, name: str, *, write: bool) -> None:
        for each in self.up_to(name.rpartition(".")[0]):
            each.users.setdefault(name, []).append((each.here, write))

    def may_leave(self) -> bool:
        """Whether the nearest loop can be left with nothing else going on in it."""
        if not self.one_way or self.above is None:
            return False
        return self.container == "repeat" or (self.settings["parallel"] == 1 and self.above.may_leave())

    def readable(self) -> list[Known]:
        """What the step that is being drawn may refer to."""
        earlier = [each for step, those in self.outputs.items() if step in self.before[self.here] for each in those]
        return [*self.known, *earlier]
