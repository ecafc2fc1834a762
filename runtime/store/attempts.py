"""Attempts to sign in with a password: counted before anything is computed, so that guessing stays slow."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection


def reserve(tx: Connection, most: Mapping[str, int], now: float, window_s: float) -> list[int] | None:
    """Count one more attempt for each subject; None, and nothing counted, when one of them has had its share.

    An attempt is counted before it is made: a hundred at once are no more than a hundred one after the other.
    """
    tx.exec_driver_sql("DELETE FROM sign_in_try WHERE at <= ?", (now - window_s,))
    for subject, limit in most.items():
        tried = tx.exec_driver_sql("SELECT count(*) FROM sign_in_try WHERE subject = ?", (subject,)).scalar_one()
        if tried >= limit:
            return None
    return [
        tx.exec_driver_sql(
            "INSERT INTO sign_in_try (subject, at) VALUES (?, ?) RETURNING id", (subject, now)
        ).scalar_one()
        for subject in most
    ]


def forget(tx: Connection, tries: list[int], subject: str) -> None:
    """After a success: take back these attempts, and all of the subject."""
    tx.exec_driver_sql("DELETE FROM sign_in_try WHERE subject = ?", (subject,))
    for number in tries:
        tx.exec_driver_sql("DELETE FROM sign_in_try WHERE id = ?", (number,))
