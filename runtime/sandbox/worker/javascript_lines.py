"""Which line of a script failed. QuickJS notes places of calls and of `throw` only: for what fails in between it names
the place before, or the line on which the function begins. What failed is named in its words, so it is looked for."""

from __future__ import annotations

import re

_FRAME = re.compile(r"^ +at (?:.* )?\(?<input>:(\d{1,9}):(\d{1,9})\)?$", re.MULTILINE)
_PROPERTY = re.compile(r"cannot (?:read|set) property '([\w$]{1,100})' of ")
_NAME = re.compile(r"^ReferenceError: ([\w$]{1,100}) is not |^TypeError: '([\w$]{1,100})' is read-only")
_BEGINS = re.compile(r"(?:async )?function\b|.*=>")
_END_OF_FUNCTION = "}"
_READ_BY_JSON = re.compile(r"^ +at <input>:\d+:\d+\n +at parse \(native\)\n", re.MULTILINE)
"""the place within a text that `JSON.parse` was given"""


def failing_line(words: str, source: str) -> int:
    """The line, counted from 1; 0 where nobody can say. `words` are the error and its frames, innermost first."""
    frame = _FRAME.search(_READ_BY_JSON.sub("", words))
    if frame is None:
        return 0
    line, column = int(frame[1]), int(frame[2])
    patterns = _looked_for(words)
    written = source.split("\n")
    if not 0 < line <= len(written):
        return line
    if not patterns:
        return 0 if column == 1 and _BEGINS.match(written[line - 1]) else line
    places = {line: written[line - 1][column - 1 :]}
    for number, text in enumerate(written[line:], line + 1):
        places[number] = text
        if text.startswith(_END_OF_FUNCTION):
            break
    for pattern in patterns:
        if found := [number for number, text in places.items() if pattern.search(text)]:
            here = found[0] == line and column > 1  # behind a call that went well, on the same line
            return found[0] if here or len(found) == 1 else 0
    return line


def _looked_for(words: str) -> list[re.Pattern[str]]:
    """How what failed is written in the script, the likeliest first."""
    if (found := _PROPERTY.search(words)) is not None:
        name = re.escape(found[1])
        return [re.compile(rf"""\.\s*{name}(?![\w$])|\[\s*['"]?{name}['"]?\s*\]"""), _word(name)]
    if (found := _NAME.search(words)) is not None:
        return [_word(re.escape(found[1] or found[2]))]
    return []


def _word(name: str) -> re.Pattern[str]:
    """Where a name is used, not where it is declared."""
    return re.compile(rf"(?<![\w$.])(?<!let )(?<!const )(?<!class ){name}(?![\w$])")
