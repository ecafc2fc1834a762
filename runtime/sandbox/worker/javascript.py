"""JavaScript by QuickJS: an engine that has no files, no network and no modules to begin with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import _quickjs

from runtime.sandbox.worker.javascript_lines import failing_line
from runtime.sandbox.worker.mistakes import Mistake, out_of_memory, out_of_time, too_much

_engine: Any = _quickjs
"""the engine itself; the package around it brings threads that nobody needs here, and takes time"""
STACK = 512 * 1024
_NAME = re.compile(r"[A-Za-z_$][\w$]*\Z")
_JOBS_AT_MOST = 1_000_000

# What a script finds beside the language: `console`. It takes its own copies of what it uses, so that a script that
# changes them harms nobody but itself.
_BEGIN = """
(() => {
  const text = JSON.stringify, most = %d;
  let lines = [], length = 0;
  const shown = (value) => {
    if (typeof value === "string") return value;
    let told;
    try { told = text(value); } catch { told = undefined; }
    return told === undefined ? String(value) : told;
  };
  const log = (...values) => {
    const line = values.map(shown).join(" ") + "\\n";
    length += line.length;
    if (length > most) throw new RangeError("printed too much");
    lines.push(line);
  };
  globalThis.console = { log, info: log, warn: log, error: log, debug: log };
  globalThis.house = {
    printed: () => lines.join(""),
    call: (name, given) => (0, eval)(name)(given),
    result: (value) => {
      const state = { done: true, value, wrong: undefined };
      if (value !== null && typeof value === "object" && typeof value.then === "function") {
        state.done = false;
        value.then((it) => { state.done = true; state.value = it; },
                   (it) => { state.done = true; state.wrong = { it }; });
      }
      return () => {
        if (!state.done) return undefined;
        if (state.wrong) throw state.wrong.it;
        const told = text(state.value);
        return told === undefined ? "null" : told;
      };
    },
  };
})()
"""


class JavaScript:
    """Each call gets a fresh context."""

    def __init__(self, memory: int, most: int) -> None:
        self._memory, self._most = memory, most

    def run(self, source: str, inputs: Mapping[str, Any], entry: str, seconds: float) -> tuple[Any, str]:
        """The value and what was printed. Raises `Mistake`."""
        if entry and not _NAME.match(entry):
            raise Mistake("code_error", f"“{entry}” is no name of a function.")
        context = _engine.Context()
        context.set_memory_limit(self._memory)
        context.set_max_stack_size(STACK)
        context.set_time_limit(seconds)
        try:
            return self._answer(context, source, inputs, entry)
        except _engine.StackOverflow:
            raise Mistake("code_error", "The functions call one another without end.") from None
        except _engine.JSException as error:
            raise self._told(context, str(error), source) from None
        except TypeError:  # a BigInt or a Symbol: no value of ours
            raise Mistake("code_error", "The result is nothing that later steps can read; hand on text.") from None
        except RecursionError:
            raise Mistake("code_error", "The result is nested too deeply.") from None

    def _answer(self, context: Any, source: str, inputs: Mapping[str, Any], entry: str) -> tuple[Any, str]:
        context.eval(_BEGIN % self._most)
        begin, call, printed = (context.eval(f"house.{each}") for each in ("result", "call", "printed"))
        context.eval("delete globalThis.house")
        for name, value in inputs.items():
            context.set(name, context.parse_json(json.dumps(value)))
        value = context.eval(source)
        if entry:
            value = call(entry, context.parse_json(json.dumps(dict(inputs))))
        told = begin(value)
        for _ in range(_JOBS_AT_MOST):
            if not context.execute_pending_job():
                break
        text = told()
        if text is None:
            raise Mistake("code_error", "The code waits for something that never happens.")
        if len(text) > self._most:
            raise too_much(self._most)
        return json.loads(text), printed()

    def _told(self, context: Any, words: str, source: str) -> Mistake:
        first = words.splitlines()[0] if words.strip() else "an error without words"
        if first == "InternalError: interrupted":
            return out_of_time()
        if "out of memory" in first or (first == "null" and self._is_full(context)):
            return out_of_memory()
        if first == "RangeError: printed too much":
            return too_much(self._most)
        return Mistake("code_error", first, failing_line(words, source))

    def _is_full(self, context: Any) -> bool:
        used: Mapping[str, int] = context.memory()
        return used["malloc_size"] > self._memory // 2
