"""The report: what became of every step of an imported file, and everything a person has to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from runtime.graph.problems import Problem

Result = Literal["mapped", "partly", "placeholder"]

CODES: dict[str, str] = {
    # the file
    "file_too_large": "The file is larger than any workflow.",
    "not_text": "The file is not text in UTF-8.",
    "not_readable": "The file cannot be read as YAML or JSON.",
    "too_much": "The file stands for more values than a workflow may hold.",
    "duplicate_key": "A name stands twice in one place; the last one counts.",
    "bad_number": "A number is too large to be kept exactly; it is kept as text.",
    "unknown_format": "The file is no workflow this version can import.",
    "unknown_version": "The file was written by a version that was not tried out.",
    "no_steps": "The file holds no steps.",
    "bad_step": "A step of the file cannot be understood.",
    "duplicate_step": "Two steps of the file have the same id; the first one counts.",
    "bad_edge": "A connection of the file leads nowhere, and is left out.",
    "not_connected": "A step that nothing leads to is kept, and never runs.",
    "several_roots": "The file begins at more than one step.",
    "outside_container": "A step lies in something that is no container.",
    "bad_variable": "A variable of the file cannot be understood.",
    "more_problems": "There is more to say of the file than can be read; the rest is not told.",
    # what has to be chosen again
    "model_to_choose": "A model of the file has to be chosen again from the models there are here.",
    "base_to_choose": "A knowledge base of the file has to be chosen again.",
    "secret_to_enter": "A secret of the file has to be entered again.",
    "credential_to_connect": "A credential stood in the file; it belongs into a connection.",
    "host_to_write": "The host of an address is not written out.",
    "plugin_missing": "The file needs a plug-in.",
    "schedule_to_set": "The times at which it runs have to be set again.",
    "webhook_to_set": "The address that other systems call has to be made again.",
    "person_to_choose": "Who is asked has to be chosen again.",
    # what is different
    "placeholder": "A step has no counterpart here and keeps its place.",
    "served_later": "A step is kept with its meaning, and a later version runs it.",
    "setting_left_out": "A setting has no counterpart here.",
    "feature_left_out": "Something beside the steps has no counterpart here.",
    "reference_never_there": "A reference names a value that nothing hands on before.",
    "hyphen_in_id": "A reference names a step by an id that the other product would not have understood.",
    "input_added": "A value is read that no input brings; an input was added.",
    "renamed": "Something got another name.",
    "code_may_fail": "Code uses what the cage around it does not have.",
    # rules of the other product's files, by the names their linter has for them
    "agent_parameters_invalid_type": "The parameters of an agent are no object.",
    "if_else_false_missing": "Nothing follows where no case of a branch holds.",
    "knowledge_retrieval_query_missing": "A search has no question.",
    "knowledge_retrieval_topk_invalid": "A search is to find less than one passage.",
    "list_operator_limit_invalid": "A list is cut to less than one entry.",
    "question_classifier_class_id_duplicate": "Two classes have the same id.",
    "question_classifier_handle_missing": "Nothing follows a class.",
    "trigger_schedule_cron_missing": "A schedule says no times.",
    "trigger_webhook_body_invalid_type": "The body of a call is not described as a list.",
}
"""Every code an import adds to those of a document."""
MOST = 2_000
"""things said of one file"""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one step."""

    step: str
    result: Result = "mapped"
    note: str = ""


@dataclass(slots=True)
class Report:
    """What became of a file."""

    workflow: str = ""
    steps: dict[str, Fate] = field(default_factory=dict[str, Fate])
    """by the id in the file"""
    problems: list[Problem] = field(default_factory=list[Problem])
    _told: set[Problem] = field(default_factory=set[Problem])

    def note(self, code: str, sentence: str, hint: str = "", *, step: str | None = None, field: str | None = None,
             error: bool = False) -> None:  # fmt: skip
        """Note a problem, once."""
        assert code in CODES, f"{code} is not in CODES of runtime/exchange/report.py; add it with its meaning"
        problem = Problem(code, sentence, hint, "error" if error else "warning", step, field)
        if problem in self._told or (len(self._told) >= MOST and not error):
            return
        self._told.add(problem)
        if len(self._told) == MOST and not error:
            sentence = f"There is more to say of this file than {MOST:,} sentences; the rest is not told."
            problem = Problem("more_problems", sentence, "Import it in parts.", "warning")
        self.problems.append(problem)

    def as_dict(self) -> dict[str, Any]:
        """The report as programs get it."""
        return {
            "workflow": self.workflow,
            "steps": {
                source: {"step": each.step, "result": each.result, "note": each.note}
                for source, each in self.steps.items()
            },
            "problems": [
                {
                    "code": each.code,
                    "message": f"{each.sentence} {each.hint}".strip(),
                    "step": each.step,
                    "field": each.field,
                }
                for each in self.problems
            ],
        }
