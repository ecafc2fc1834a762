"""Model aliases: what a step's model name stands for."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class AliasRow:
    """An alias as it is bound. Prices are per million tokens; None means unknown, not free."""

    name: str
    description: str
    model: str
    """as LiteLLM writes it: `openai/gpt-5-mini`, `anthropic/…`"""
    base_url: str
    key_env: str
    """environment variable that holds the key; empty: none is sent"""
    fast: bool
    """use the direct path for OpenAI-compatible servers instead of LiteLLM"""
    fallback: str | None
    """another alias that is asked when this one does not answer"""
    price_in: float | None
    price_out: float | None
    max_tokens: int
    timeout_s: float
    month_limit: float | None
    hosting: str
    clearance: str
    demo: bool
    updated: float
    stopped: float | None = None
    """since when it is switched off; binding it anew does not switch it on"""
    connection: str = ""
    """id of the model connection that gives address, hosting and key; empty: the row itself does"""


_NAMES = tuple(each.name for each in fields(AliasRow))
_COLUMNS = ", ".join(_NAMES)
_FOUND = ", ".join(
    f"coalesce(c.{name}, a.{name})" if name in ("base_url", "hosting") else f"a.{name}" for name in _NAMES
)
_CHANGES = ", ".join(
    f"{each.name} = excluded.{each.name}" for each in fields(AliasRow) if each.name not in ("name", "stopped")
)
_MARKS = ", ".join("?" * len(fields(AliasRow)))


def bind_alias(tx: Connection, alias: AliasRow) -> None:
    """Write an alias, new or changed; one that is switched off stays so."""
    tx.exec_driver_sql(
        f"INSERT INTO model_alias ({_COLUMNS}) VALUES ({_MARKS}) ON CONFLICT (name) DO UPDATE SET {_CHANGES}",
        astuple(alias),
    )


def switch_alias(tx: Connection, name: str, stopped: float | None) -> bool:
    """Switch an alias off (since a time) or on again; False when it is not there or stands so already."""
    done = tx.exec_driver_sql(
        "UPDATE model_alias SET stopped = ?1 WHERE name = ?2 "
        " AND (stopped IS NULL) = (CAST(?1 AS DOUBLE PRECISION) IS NOT NULL)",
        (stopped, name),
    )
    return done.rowcount == 1


def list_aliases(tx: Connection) -> list[AliasRow]:
    """All aliases, by name; those over a connection with its address and hosting."""
    rows = tx.exec_driver_sql(
        f"SELECT {_FOUND} FROM model_alias AS a LEFT JOIN connection AS c ON c.id = a.connection ORDER BY a.name"
    )
    return [_row(tuple(row)) for row in rows]


def _row(row: tuple[object, ...]) -> AliasRow:
    kept = dict(zip(_NAMES, row, strict=True))
    return AliasRow(**kept | {"fast": bool(kept["fast"]), "demo": bool(kept["demo"])})  # pyright: ignore[reportArgumentType] - as many as there are columns


def remove_alias(tx: Connection, name: str) -> bool:
    """Take an alias away; False when there is none."""
    return tx.exec_driver_sql("DELETE FROM model_alias WHERE name = ?", (name,)).rowcount == 1
