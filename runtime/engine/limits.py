"""The limits of one run. They count on after a resume, because they are read from the log's own counters."""

from __future__ import annotations

from nodes.sdk import StepFailed
from runtime.engine.ports import Quote
from runtime.engine.state import State
from runtime.graph.document import RunSettings

PLATFORM = RunSettings(time_limit_s=3600, step_limit=100_000, token_limit=None, cost_limit=None)
"""what holds where a workflow sets no limit of its own"""

Reached = tuple[str, str, str]
"""code, sentence, hint"""


class Limits:
    """Time, steps, tokens and money of one run, calls in flight included."""

    def __init__(self, own: RunSettings, state: State) -> None:
        self._state = state
        self._time_s = own.time_limit_s or PLATFORM.time_limit_s
        self._steps = own.step_limit or PLATFORM.step_limit or 0
        self._tokens = own.token_limit or PLATFORM.token_limit
        self._cost = own.cost_limit or PLATFORM.cost_limit
        self._flying: dict[str, Quote] = {}

    def time_left(self) -> float | None:
        """Seconds this attempt may still execute."""
        return None if self._time_s is None else self._time_s - self._state.busy_s

    def out_of_time(self) -> Reached:
        """The words for a run that took too long."""
        return (
            "time_limit",
            f"The run was stopped after {self._time_s:g} seconds of work, its time limit.",
            "Raise the time limit in the workflow's run settings, or make its steps smaller.",
        )

    def reached(self) -> Reached | None:
        """The limit that forbids to start another step, if any."""
        if self._state.steps >= self._steps:
            return ("step_limit", f"The run was stopped after {self._steps} steps, its limit.", "Raise the step limit.")
        return None

    def reserve(self, key: str, quote: Quote) -> None:
        """Book a call against this run. Raises `StepFailed` when the most it may use does not fit any more."""
        state, flying = self._state, self._flying.values()
        tokens = state.tokens_in + state.tokens_out + state.lost_tokens + sum(each.tokens for each in flying)
        cost = (state.cost or 0.0) + state.lost_cost + sum(each.cost for each in flying)
        if self._tokens is not None and tokens + quote.tokens > self._tokens:
            raise StepFailed(
                f"This call may use {quote.tokens} tokens, and only {max(self._tokens - tokens, 0)} of this run's"
                f" {self._tokens} are left.",
                code="token_limit",
                hint="Raise the token limit in the run settings, or ask for shorter answers.",
            )
        if self._cost is not None and cost + quote.cost > self._cost:
            raise StepFailed(
                f"This call may cost {quote.cost:.4f}, and only {max(self._cost - cost, 0.0):.4f} of this run's"
                f" {self._cost:g} are left.",
                code="cost_limit",
                hint="Raise the cost limit in the run settings, or choose a cheaper model.",
            )
        self._flying[key] = quote

    def settle(self, key: str) -> None:
        """The call is over; what it used is counted with its step."""
        self._flying.pop(key, None)
