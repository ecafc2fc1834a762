"""Test cases of workflows. How one last went stands in the runs it started, which are ordinary runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row


class CaseRow(NamedTuple):
    """A test case; the order is that of the columns."""

    id: str
    workflow: str
    name: str
    inputs: str
    """JSON: an object"""
    expected: str
    """JSON: a list of {output, operator, value}"""
    person: str
    updated: float


_COLUMNS = ", ".join(CaseRow._fields)


def write_case(tx: Connection, case: CaseRow) -> None:
    """Write a test case, new or changed; it never moves to another workflow."""
    tx.exec_driver_sql(
        f"INSERT INTO test_case ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " name = excluded.name, inputs = excluded.inputs, expected = excluded.expected, person = excluded.person,"
        " updated = excluded.updated WHERE test_case.workflow = excluded.workflow",
        tuple(case),
    )


def list_cases(tx: Connection, workflow: str) -> list[CaseRow]:
    """The test cases of a workflow, oldest first."""
    rows = tx.exec_driver_sql(f"SELECT {_COLUMNS} FROM test_case WHERE workflow = ? ORDER BY id", (workflow,))
    return [CaseRow(*row) for row in rows]


def remove_case(tx: Connection, workflow: str, case: str) -> bool:
    """Take a test case away; False when there is none. Its runs stay."""
    found = tx.exec_driver_sql("DELETE FROM test_case WHERE workflow = ? AND id = ?", (workflow, case))
    return found.rowcount == 1


def last_tried(tx: Connection, workflow: str, case: str, digest: str, since: float) -> Row[Any] | None:
    """The newest run of a test case with this very meaning that began after a moment. Columns id, status, outputs,
    error."""
    start = run_key(case, "")
    return tx.exec_driver_sql(
        "SELECT id, status, outputs, error FROM run WHERE workflow = ? AND key >= ? AND key < ? AND hash = ?"
        " AND created >= ? ORDER BY created DESC LIMIT 1",
        (workflow, start, start + "~", digest, since),
    ).first()


def run_key(case: str, number: str) -> str:
    """The key a run of a test case is started with; its beginning tells the case."""
    return f"test:{case}:{number}"
