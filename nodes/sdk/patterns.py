"""Patterns a person writes: regular expressions by an engine whose time grows with the text and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import prod

from pydantic_core import SchemaError, SchemaValidator, core_schema

from nodes.sdk.node import StepFailed

LONGEST = 200
"""characters of a pattern"""
MOST_REPETITIONS = 100
"""of `{…}`, those inside one another multiplied: what is repeated is compiled that often"""
_COUNTED = re.compile(r"\{(?:[0-9]*,)?([0-9]{1,9})\}")


def pattern_trouble(pattern: str) -> str:
    """Why a pattern cannot be used, as a sentence; nothing where it can."""
    if len(pattern) > LONGEST:
        return f"This pattern has {len(pattern)} characters; at most {LONGEST} are allowed."
    if prod(int(number) for number in _COUNTED.findall(pattern)) > MOST_REPETITIONS:
        return f"This pattern repeats something more than {MOST_REPETITIONS} times."
    try:
        searching(pattern)
    except StepFailed as error:
        return error.message
    return ""


def searching(pattern: str) -> Callable[[str], bool]:
    """What tells whether a pattern is found in a text. Raises `StepFailed` for a pattern that cannot be read."""
    try:  # Rust's engine: it never goes back, so no pattern is slow on a text that almost fits
        validator = SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = next(
            (line.removeprefix("error: ").rstrip(".") for line in lines if line.startswith("error:")), "it is too large"
        )
        raise StepFailed(
            f"This pattern cannot be used: {reason}.",
            code="bad_pattern",
            hint="Look at its brackets; looking ahead or behind and back references are not possible.",
        ) from error
    return validator.isinstance_python
