"""Problems: what is wrong with a document, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from runtime.graph.document import Edge

MOST_HINTS = 100
"""problems of one file before nobody looks for the word that was meant any more: looking takes time"""
FAILING = "run.error_workflow"
"""the field of a problem that no step has but the error workflow"""
Severity = Literal["error", "warning"]

CODES: dict[str, str] = {
    # reading a file
    "file_too_large": "The file is larger than a workflow may be.",
    "not_text": "The file is not text in UTF-8.",
    "not_yaml": "The file cannot be read as YAML or JSON.",
    "empty_file": "The file holds nothing.",
    "several_documents": "The file holds more than one document (`---` in between).",
    "alias_refused": "The file uses a YAML anchor (&) or alias (*).",
    "tag_refused": "The file uses a YAML tag (!).",
    "duplicate_key": "A name stands twice in one place.",
    "key_not_text": "A name is not text.",
    "too_deep": "Lists and objects stand too deep inside one another.",
    "bad_number": "A number is not finite, or too large to be kept exactly.",
    "bad_text": "A text holds half a character.",
    "not_a_workflow": "The file holds something else than a workflow.",
    "newer_format": "The file was written by a newer Greenlane.",
    "unknown_entry": "The file holds an entry nobody knows.",
    "missing_entry": "An entry of the file is missing.",
    "invalid_entry": "An entry of the file has a value that does not fit.",
    "words_without_step": "There are words or a place for a step that does not exist.",
    # steps and their settings
    "unknown_type": "A step has a type nobody knows.",
    "newer_version": "A step was written for a newer version of its type.",
    "old_version": "A step was written for an old version of its type that can no longer be translated.",
    "reserved_id": "A step has an id that already means something in references.",
    "missing_setting": "A step lacks a setting it needs.",
    "invalid_setting": "A setting has a value that does not fit.",
    "unknown_setting": "A step has a setting its type does not know.",
    # references
    "malformed_reference": "Something in {{ }} cannot be read.",
    "unknown_reference": "A reference names a step that does not exist.",
    "unknown_output": "A reference names a value that its step does not hand on.",
    "incomplete_reference": "A reference names a step, but none of its values.",
    "not_before": "A reference names a step that does not come before.",
    "no_references_here": "A reference stands in a setting that takes only what is typed.",
    "type_mismatch": "A value of one kind stands where another kind is expected.",
    "may_be_missing": "A reference names a step that may have been skipped.",
    "unknown_base": "A step names a knowledge base that is not there, or not shared with who reads this.",
    "connection_not_shared": "A step calls a host over a connection that is not shared with who reads this.",
    # containers, and what becomes of a failure
    "unknown_container": "A step lies in a step that does not exist, or that is no container.",
    "container_circle": "A container lies inside itself.",
    "too_deep_inside": "Containers lie too deep inside one another.",
    "not_inside": "A start or a finish lies inside a container.",
    "empty_container": "Nothing lies inside a container.",
    "edge_across": "A connection crosses the border of a container.",
    "no_loop": "A step that ends a loop lies in none.",
    "cannot_recover": "A step says something for the case that it fails which cannot be done with it.",
    # workflows that are called
    "unknown_workflow": "A workflow that is called, or runs when a run fails, is not there in its version.",
    "broken_workflow": "A workflow that is called, or runs when a run fails, cannot run.",
    "too_many_steps": "With all that it calls, a workflow has too many steps.",
    "missing_input": "A workflow that is called, or runs when a run fails, is given no value for an input it needs.",
    "unfit_input": "A workflow that runs when a run fails takes as something else what it is given as text.",
    "unknown_input": "A step gives the workflow it calls an input it does not have.",
    # variables
    "unknown_variable": "A variable is not declared.",
    "unknown_kind": "A variable has a kind nobody knows.",
    "variable_race": "Branches or items that run side by side use one variable, and one of them sets it.",
    # data flow
    "data_class": "Data would go where it may not go.",
    # the way through
    "no_start": "There is no start.",
    "several_starts": "There is more than one start.",
    "no_finish": "There is no finish, so nothing comes out.",
    "no_result": "No finish hands anything back.",
    "cycle": "Steps lead back to themselves.",
    "unreachable": "No way leads to a step.",
    "dead_end": "Nothing follows a step.",
    "exit_not_connected": "A way out of a step leads nowhere.",
    "ambiguous_join": "A way leads to a step that runs whether that way is taken or not.",
    "unknown_source": "A connection begins at a step that does not exist.",
    "unknown_target": "A connection leads to a step that does not exist.",
    "unknown_exit": "A connection leaves a step by an exit it does not have.",
    "edge_into_start": "A connection leads into the start.",
    "duplicate_edge": "A connection stands twice in the file.",
}
"""Every code of this package with its meaning. Node types add their own for what only they can see."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `field` is a dotted path inside the step's settings (`cases.0.conditions.1.left`)."""

    code: str
    sentence: str
    hint: str = ""
    severity: Severity = "error"
    step: str | None = None
    field: str | None = None
    edge: Edge | None = None

    def as_dict(self) -> dict[str, Any]:
        """The problem as programs get it."""
        return {
            "code": self.code,
            "sentence": self.sentence,
            "hint": self.hint,
            "severity": self.severity,
            "step": self.step,
            "field": self.field,
            "edge": {"from": self.edge.source, "to": self.edge.to} if self.edge else None,
        }


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that keep a workflow from running."""
    return tuple(each for each in problems if each.severity == "error")
