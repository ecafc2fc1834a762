"""The verdict of a check, with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Ok = Literal["passed", "failed", "warning"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a verdict rests on, and the step it is about."""

    sentence: str
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found."""

    code: str
    title: str
    ok: Ok
    """a warning is for the reviewer to weigh; a failure has to be mended before anybody decides"""
    sentence: str
    evidence: tuple[Evidence, ...] = ()


def counted(count: int, one: str, many: str = "") -> str:
    """`1 problem`, `3 problems`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def verdict(code: str, title: str, passed: str, failures: Sequence[Evidence], warnings: Sequence[Evidence] = (), *,
            failed: str = "", warned: str = "") -> Check:  # fmt: skip
    """A check from what it found: any failure fails it, any warning makes it one."""
    if failures:
        return Check(code, title, "failed", failed or failures[0].sentence, (*failures, *warnings))
    if warnings:
        return Check(code, title, "warning", warned or warnings[0].sentence, tuple(warnings))
    return Check(code, title, "passed", passed)
