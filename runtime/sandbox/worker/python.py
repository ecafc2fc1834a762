"""Python by Monty: an interpreter of its own, in a process of its own, inside the cage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pydantic_monty as monty

from runtime.sandbox.worker.brought import brought, texts
from runtime.sandbox.worker.mistakes import Mistake, out_of_memory, out_of_time, too_much

GIVEN = "given__"
"""the name under which a function finds what it is called with"""
_NO_LINE = 0


class Python:
    """One interpreter; each call gets a fresh session of it."""

    def __init__(self, memory: int, most: int, binary: str) -> None:
        self._memory, self._most = memory, most
        assert Path(binary).exists(), "the program of the Python interpreter is missing; run make setup"
        self._pool = monty.Monty(binary_path=binary, min_processes=1, max_processes=1)
        self._pool.__enter__()
        self._modules = texts()

    def run(self, source: str, inputs: Mapping[str, Any], entry: str, seconds: float) -> tuple[Any, str]:
        """The value and what was printed. Raises `Mistake`."""
        before, source = brought(source, self._modules)
        printed = monty.CollectString(self._most)
        limits: monty.ResourceLimits = {
            "max_memory": self._memory, "max_feed_duration_secs": seconds, "max_total_sleep_secs": seconds,
        }  # fmt: skip
        try:
            with self._pool.checkout(script_name="step.py", limits=limits) as session:
                if before:
                    session.feed_run(before)
                value = session.feed_run(source, inputs=dict(inputs), print_callback=printed)
                if entry:
                    value = session.feed_run(f"{entry}(**{GIVEN})", inputs={GIVEN: inputs}, print_callback=printed)
        except monty.MontySyntaxError as error:
            raise Mistake("code_error", error.display("msg"), _line(error, source, before)) from None
        except monty.MontyCrashedError as error:
            raise (out_of_time() if error.timed_out else out_of_memory()) from None
        except monty.MontyRuntimeError as error:
            raise self._told(error, source, before) from None
        except monty.MontyError as error:
            raise Mistake("code_error", str(error)) from None
        return value, printed.output

    def _told(self, error: monty.MontyRuntimeError, source: str, before: str) -> Mistake:
        words = error.display("type-msg")
        match error.exception():
            case TimeoutError() if "limit exceeded" in words:
                return out_of_time()
            case MemoryError() if f"> {self._most} bytes" in words:
                return too_much(self._most)
            case MemoryError():
                return out_of_memory()
            case _:
                return Mistake("code_error", words, _line(error, source, before))


def _line(error: monty.MontySyntaxError | monty.MontyRuntimeError, source: str, before: str) -> int:
    """The line of the author's own text in which it happened, innermost first; what was brought along is not theirs."""
    frames = [(each.line, each.source_line or "") for each in error.traceback()]
    theirs = [line for line, text in frames if GIVEN not in text and (text in source or text not in before)]
    return theirs[-1] if theirs else _NO_LINE
