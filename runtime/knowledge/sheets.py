"""Tables from files: CSV, and the first sheet of an Excel file. Runs only in the limited child (see `extracting`).

An Excel file (ECMA-376, .xlsx) is a zip archive of XML: the workbook names its sheets, texts stand apart and are
numbered, a cell says its place (`B7`), its type and its value.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any, NoReturn
from xml.etree import ElementTree
from xml.parsers import expat

from runtime.knowledge.media import MOST_UNPACKED, Unreadable
from runtime.knowledge.pages import LONGEST_CELL, decoded, delimiter_of

MOST_ROWS = 100_000
MOST_COLUMNS = 500
LONGEST_NAME = 200
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no zones
_DATES = frozenset({14, 15, 16, 17, 22})
"""number formats of a sheet that are days, by their fixed numbers"""


def rows_of_csv(body: bytes, most: int) -> list[dict[str, Any]]:
    """The rows of a CSV file, by the names in its first one. Raises `Unreadable`."""
    text = decoded(body)
    csv.field_size_limit(LONGEST_CELL)
    try:
        return _named(csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text)), most)
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read: {error}.") from error


def is_sheet(body: bytes) -> bool:
    """Whether this is an Excel file."""
    if not body.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(body)) as parts:
            return "xl/workbook.xml" in parts.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def rows_of_sheet(body: bytes, most: int) -> list[dict[str, Any]]:
    """The rows of the first sheet, by the names in its first row. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as parts:
            if sum(each.file_size for each in parts.infolist()) > MOST_UNPACKED:
                raise Unreadable("The Excel file unpacks to more than a table can hold; it was not opened.")
            texts = _texts(parts) if "xl/sharedStrings.xml" in parts.namelist() else []
            return _named(_rows(parts, _first_sheet(parts), texts, _dated(parts)), most)
    except (zipfile.BadZipFile, ElementTree.ParseError, expat.ExpatError, KeyError, ValueError, IndexError) as error:
        _damaged(error)


def _damaged(error: Exception) -> NoReturn:
    raise Unreadable("The Excel file is damaged. Open it, save it as a new file and bring that one.") from error


def _first_sheet(parts: zipfile.ZipFile) -> str:
    sheets = sorted(name for name in parts.namelist() if name.startswith("xl/worksheets/sheet"))
    if not sheets:
        raise Unreadable("There is no sheet in this Excel file.")
    return "xl/worksheets/sheet1.xml" if "xl/worksheets/sheet1.xml" in sheets else sheets[0]


def _texts(parts: zipfile.ZipFile) -> list[str]:
    found: list[str] = []
    with parts.open("xl/sharedStrings.xml") as file:
        for _, element in ElementTree.iterparse(file):  # noqa: S314 - in the child, under limits; entities cannot grow past them
            if element.tag == f"{_MAIN}si":
                found.append("".join(each.text or "" for each in element.iter(f"{_MAIN}t")))
                element.clear()
    return found


def _dated(parts: zipfile.ZipFile) -> set[int]:
    """Numbers of the cell styles that show a number as a day."""
    if "xl/styles.xml" not in parts.namelist():
        return set()
    root = ElementTree.fromstring(parts.read("xl/styles.xml"))  # noqa: S314 - as above
    own = {
        int(each.get("numFmtId", "0"))
        for each in root.iter(f"{_MAIN}numFmt")
        if {"y", "d"} & set(each.get("formatCode", "").lower().replace("red", ""))
    }
    cells = root.find(f"{_MAIN}cellXfs")
    shown = [int(each.get("numFmtId", "0")) for each in cells] if cells is not None else []
    return {number for number, kind in enumerate(shown) if kind in _DATES or kind in own}


def _rows(parts: zipfile.ZipFile, sheet: str, texts: list[str], dated: set[int]) -> Iterator[list[Any]]:
    with parts.open(sheet) as file:
        for _, element in ElementTree.iterparse(file):  # noqa: S314 - as above
            if element.tag == f"{_MAIN}row":
                row: list[Any] = []
                for cell in element.iter(f"{_MAIN}c"):
                    place = _column(cell.get("r", "")) or len(row)
                    if place >= MOST_COLUMNS:
                        break
                    row += [""] * (place - len(row)) + [_value(cell, texts, dated)]
                yield row
                element.clear()


def _column(place: str) -> int:
    """The number of the column of a place, from 0: `B7` is 1."""
    number = 0
    for sign in place:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign.upper()) - 64
    return max(number - 1, 0)


def _value(cell: Any, texts: list[str], dated: set[int]) -> Any:
    kind, found = cell.get("t", "n"), cell.find(f"{_MAIN}v")
    if kind == "inlineStr":
        return "".join(each.text or "" for each in cell.iter(f"{_MAIN}t"))
    text = (found.text or "") if found is not None else ""
    match kind:
        case "s":
            return texts[int(text)] if text else ""
        case "b":
            return text == "1"
        case "n" if text:
            number = float(text)
            if int(cell.get("s", "0")) in dated:
                moment = _EPOCH + timedelta(days=number)
                return moment.date().isoformat() if number.is_integer() else moment.isoformat(timespec="seconds")
            return int(number) if number.is_integer() and abs(number) < 2**53 else number
        case _:
            return text


def _named(rows: Any, most: int) -> list[dict[str, Any]]:
    """Rows as objects; columns without a name, or with one that was there, are numbered."""
    names: list[str] = []
    found: list[dict[str, Any]] = []
    for row in rows:
        if not any(cell != "" for cell in row):
            continue
        if not names:
            names = _names(row)
            continue
        if len(found) >= MOST_ROWS:
            raise Unreadable(f"The table has more than {MOST_ROWS:,} rows. Split it.")
        names += [f"column {number}" for number in range(len(names) + 1, min(len(row), MOST_COLUMNS) + 1)]
        found.append({name: row[at] if at < len(row) else "" for at, name in enumerate(names)})
        if most and len(found) >= most:
            break
    if not names:
        raise Unreadable("There is nothing in this table.")
    return found


def _names(row: list[Any]) -> list[str]:
    names: list[str] = []
    for number, cell in enumerate(row[:MOST_COLUMNS], 1):
        name = " ".join(str(cell).split())[:LONGEST_NAME] or f"column {number}"
        names.append(name if name not in names else f"{name} {number}")
    return names
