"""The plain walk-through of a workflow, as `explain` tells it: parts, steps with what each does, prompts set apart."""

import re
from collections.abc import Sequence
from typing import TypedDict

import reflex as rx
from reflex.vars import ObjectVar

_STEP = re.compile(r"(\d+(?:\.\d+)*)\. (.*?)(?: \(([^()]*)\))?$")
"""its type stands behind it where its title is another; 2.1 lies inside of 2"""
_CALLED = "    "
"""what every line of a workflow that is called begins with once more"""
_PROMPT, _GOES_ON = "    > ", "      "
"""what the first line of a prompt begins with, and each below it"""
_CODE = "    | "
"""what each line of code begins with"""


class Said(TypedDict):
    """One line: a step, what it does, or the words of a prompt; lines of code are one."""

    kind: str
    """step, does, prompt or code"""
    number: str
    text: str
    about: str
    """the step type"""
    depth: int
    """in how many containers and called workflows it lies"""


class Part(TypedDict):
    """A part of it, under its heading."""

    title: str
    lines: list[Said]


def parts_of(walk: str) -> list[Part]:
    """By its headings; the first paragraph, title and description, stands elsewhere on every page."""
    found = [part.split("\n") for part in walk.strip().split("\n\n")[1:]]
    return [Part(title=title, lines=_all_said(lines)) for title, *lines in found]


def _all_said(lines: Sequence[str]) -> list[Said]:
    """Line by line; what stands below the first line of a prompt belongs to it."""
    found: list[Said] = []
    called, around = 0, [0]
    for whole in lines:
        while not whole.startswith(_CALLED * called):
            called -= 1
        line = whole.removeprefix(_CALLED * called)
        if line.startswith(_CALLED) and _STEP.match(line.removeprefix(_CALLED)):
            around[called + 1 :] = [found[-1]["depth"] + 1 if found else 1]
            called, line = called + 1, line.removeprefix(_CALLED)
        if line.startswith(_GOES_ON) and found and found[-1]["kind"] == "prompt":
            found[-1]["text"] += f"\n{line.removeprefix(_GOES_ON)}"
        elif line.startswith(_CODE) and found and found[-1]["kind"] == "code":
            found[-1]["text"] += f"\n{line.removeprefix(_CODE)}"
        elif step := _STEP.match(line):
            depth = around[called] + step[1].count(".")
            found.append(Said(kind="step", number=step[1], text=step[2], about=step[3] or "", depth=depth))
        else:
            found.append(_said(line, _depth_of(found, called, around)))
    return found


def _depth_of(found: Sequence[Said], called: int, around: Sequence[int]) -> int:
    """That of the step it belongs to: the last one of the same workflow."""
    inner = around[called + 1] if len(around) > called + 1 else None
    depths = (each["depth"] for each in reversed(found) if each["kind"] == "step")
    return next((depth for depth in depths if inner is None or depth < inner), 0)


def _said(line: str, depth: int) -> Said:
    if line.startswith(_PROMPT):
        return Said(kind="prompt", number="", text=line.removeprefix(_PROMPT), about="", depth=depth)
    if line.startswith(_CODE):
        return Said(kind="code", number="", text=line.removeprefix(_CODE), about="", depth=depth)
    return Said(kind="does", number="", text=line.strip().removeprefix("- "), about="", depth=depth)


def walk(parts: rx.Var[Sequence[Part]]) -> rx.Component:
    """All of it."""
    return rx.el.div(rx.foreach(parts, _part), class_name="gl-told")


def _part(part: ObjectVar[Part]) -> rx.Component:
    return rx.el.section(rx.el.h3(part["title"]), rx.foreach(part["lines"].to(list[Said]), _line))


def _line(line: ObjectVar[Said]) -> rx.Component:
    step = rx.el.h4(
        rx.el.span(line["number"], class_name="gl-told__number"),
        rx.el.span(line["text"]),
        rx.el.span(line["about"], class_name="gl-muted"),
        class_name="gl-told__step",
    )
    said = rx.match(
        line["kind"],
        ("step", step),
        ("prompt", rx.el.blockquote(line["text"], class_name="gl-told__prompt", tab_index=0)),
        ("code", rx.el.pre(line["text"], class_name="gl-code", tab_index=0)),
        rx.el.p(line["text"]),
    )
    return rx.el.div(said, class_name="gl-told__line", custom_attrs={"style": {"--depth": line["depth"]}})
