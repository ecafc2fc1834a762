"""Reads llama.cpp's grammar notation, by turning it into a regular expression with a recursion budget."""

import re
from functools import cache

_DEEPEST = 4


class Matcher:
    """Whether a text is one of those a grammar describes. Recursion is followed a few levels deep."""

    def __init__(self, grammar: str) -> None:
        self._rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())
        self._pattern = re.compile(self._expression("root", 0))

    def takes(self, text: str) -> bool:
        return self._pattern.fullmatch(text) is not None

    def _expression(self, name: str, depth: int) -> str:
        @cache
        def named(inner: str) -> str:
            below = depth + 1
            return self._expression(inner, below) if below <= _DEEPEST + 2 else "(?!)"

        out = []
        for token in re.findall(
            r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|[a-z][a-z0-9]*|[{][\d,]+[}]|\S', self._rules[name]
        ):
            match token[0]:
                case '"':
                    out.append("(?:" + re.escape(_unescaped(token[1:-1])) + ")")
                case "[" | "{" | "|" | "?" | ")":
                    out.append(token)
                case "(":
                    out.append("(?:")
                case "*" | "+":
                    out.append(token)
                case _:
                    out.append(named(token))
        return "(?:" + "".join(out) + ")"


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), text)
