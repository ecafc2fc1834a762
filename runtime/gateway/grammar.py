"""A JSON schema as a grammar for llama.cpp: no white space between tokens, and an end to every string and list.

A small model lost in optional white space, or in a string without a bound, writes until its tokens are used up; here it
cannot. What a grammar does not express (patterns, ranges of numbers) is left to the check of the answer.
The notation is llama.cpp's GBNF (its grammars/README.md); JSON is RFC 8259.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

LONGEST_TEXT, LONGEST_LIST = 400, 40
"""characters of a string and entries of a list whose schema sets no bound"""
_MOST_TEXT = 2000
"""more repetitions than this llama.cpp refuses"""
_DEPTH = 4
"""how deep a value of any kind may nest"""

_TERMINALS = {
    "char": r'[^"\\\x7F\x00-\x1F] | "\\" ["\\/bfnrt]',
    "whole": '"0" | [1-9] [0-9]{0,14}',
    "date": r'"\"" [0-9]{4} "-" [0-1] [0-9] "-" [0-3] [0-9] "\""',
}

Schema = Mapping[str, Any]


def grammar_of(schema: Schema) -> str:
    """The grammar of all compact JSON texts a schema allows."""
    writer = _Writer(schema)
    root = writer.value(schema)
    lines = {"root": root} | writer.rules | _TERMINALS
    return "\n".join(f"{name} ::= {text}" for name, text in lines.items()) + "\n"


class _Writer:
    """Collects the rules of what a schema refers to; everything else is written in place."""

    def __init__(self, schema: Schema) -> None:
        self._whole = schema
        self._names: dict[str, str] = {}
        self.rules: dict[str, str] = {}

    def value(self, schema: Any) -> str:
        """One expression, in brackets where it is more than one piece."""
        if not isinstance(schema, Mapping):
            return self._any()
        known = cast("Schema", schema)
        match known:
            case {"$ref": str(place)}:
                return self._referred(place)
            case {"const": one}:
                return _literal(one)
            case {"enum": [*several]} if several:
                return _choice(_literal(each) for each in several)
            case {"anyOf": [*several]} | {"oneOf": [*several]} if several:
                return _choice(self.value(each) for each in several)
            case {"allOf": [*several]} if several:
                return self.value(_merged(several))
            case {"type": [*several]} if several:
                return _choice(self.value({**known, "type": each}) for each in several)
            case _:
                return self._typed(known)

    def _typed(self, schema: Schema) -> str:
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case None if schema.get("properties"):
                return self._object(schema)
            case "array":
                return self._array(schema)
            case "string" if schema.get("format") == "date":
                return "date"
            case "string":
                least = min(_bound(schema, "minLength", 0), _MOST_TEXT)
                most = min(_bound(schema, "maxLength", max(LONGEST_TEXT, least)), _MOST_TEXT)
                return f'("\\"" char{{{least},{most}}} "\\"")'
            case "integer":
                return f"({_sign(schema)}whole)"
            case "number":
                return f'({_sign(schema)}whole ("." [0-9]{{1,6}})?)'
            case "boolean":
                return '("true" | "false")'
            case "null":
                return '"null"'
            case _:
                return self._any()

    def _object(self, schema: Schema) -> str:
        """What is required first, in its order; then what may be left out."""
        properties = cast("Schema", schema.get("properties") or {})
        required = set(cast("Sequence[str]", schema.get("required") or ()))
        pairs = {name: f"{_literal(name)} {_quoted(':')} {self.value(each)}" for name, each in properties.items()}
        if not pairs:
            return self._any_object() if schema.get("additionalProperties", True) else '"{}"'
        needed = [text for name, text in pairs.items() if name in required]
        optional = [text for name, text in pairs.items() if name not in required]
        if needed:
            inside = f" {_quoted(',')} ".join(needed) + _may_follow(optional)
        else:
            inside = _choice(text + _may_follow(optional[at + 1 :]) for at, text in enumerate(optional)) + "?"
        return f"({_quoted('{')} {inside} {_quoted('}')})"

    def _array(self, schema: Schema) -> str:
        entry = self.value(schema.get("items"))
        least = _bound(schema, "minItems", 0)
        most = max(_bound(schema, "maxItems", max(LONGEST_LIST, least)), least)
        if most == 0:
            return '"[]"'
        inside = f"{entry} ({_quoted(',')} {entry}){{{max(least - 1, 0)},{most - 1}}}"
        return f"({_quoted('[')} ({inside}){'' if least else '?'} {_quoted(']')})"

    def _referred(self, place: str) -> str:
        if place not in self._names:
            name = self._names[place] = f"part{len(self._names)}"
            self.rules[name] = ""  # its place among the rules; it may refer to itself
            self.rules[name] = self.value(_found(self._whole, place))
        return self._names[place]

    def _any(self, depth: int = 0) -> str:
        """A value of any kind."""
        name = f"any{depth}"
        if name not in self.rules:
            self.rules[name] = ""
            plain = ['"true"', '"false"', '"null"', self._typed({"type": "number"}), self._typed({"type": "string"})]
            if depth < _DEPTH:
                deeper = self._any(depth + 1)
                comma = _quoted(",")
                plain.append(f'("[" ({deeper} ({comma} {deeper}){{0,{LONGEST_LIST - 1}}})? "]")')
                plain.append(self._any_object(depth + 1))
            self.rules[name] = " | ".join(plain)
        return name

    def _any_object(self, depth: int = 1) -> str:
        key = '"\\"" char{1,60} "\\""'
        pair = f'{key} ":" {self._any(depth)}'
        return f'("{{" ({pair} ("," {pair}){{0,{LONGEST_LIST - 1}}})? "}}")'


def _may_follow(pairs: Sequence[str]) -> str:
    return "".join(f" ({_quoted(',')} {each})?" for each in pairs)


def _choice(several: Any) -> str:
    return f"({' | '.join(several)})"


def _sign(schema: Schema) -> str:
    least: Any = schema.get("minimum", schema.get("exclusiveMinimum"))
    return "" if isinstance(least, int | float) and least >= 0 else '"-"? '


def _bound(schema: Schema, name: str, otherwise: int) -> int:
    found: Any = schema.get(name)
    return int(found) if isinstance(found, int | float) and found >= 0 else otherwise


def _merged(several: Sequence[Any]) -> dict[str, Any]:
    """What several schemas ask for together, as far as objects go."""
    merged: dict[str, Any] = {}
    for each in several:
        for name, value in cast("Schema", each).items():
            before = merged.get(name)
            if isinstance(before, dict) and isinstance(value, Mapping):
                merged[name] = {**cast("Schema", before), **cast("Schema", value)}
            elif isinstance(before, list) and isinstance(value, list):
                merged[name] = [*cast("list[Any]", before), *cast("list[Any]", value)]
            else:
                merged[name] = value
    return merged


def _found(whole: Schema, place: str) -> Any:
    """What `#/$defs/name` points at; anything, where it points nowhere."""
    found: Any = whole
    for part in place.removeprefix("#").strip("/").split("/") if place.strip("#/") else ():
        key = part.replace("~1", "/").replace("~0", "~")
        found = cast("Schema", found).get(key) if isinstance(found, Mapping) else None
    return found


def _literal(value: Any) -> str:
    """Exactly this JSON value."""
    return _quoted(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _quoted(text: str) -> str:
    """A text between the quotes of the notation."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
