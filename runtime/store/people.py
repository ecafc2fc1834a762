"""People, their sign-in codes and sessions. Secrets are 256 bits; only their hashes are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row

from runtime.store.groups import GROUPS_OF

ROLES = "coalesce((SELECT group_concat(role, ',') FROM person_role WHERE person_role.person = person.id), '')"
GROUPS = "coalesce((SELECT group_concat(group_id, ',') FROM group_member WHERE group_member.person = person.id), '')"
"""a person's roles and groups in one column each, joined by commas"""
_PEOPLE = (
    f"SELECT id, name, email, password IS NOT NULL AS has_password, {ROLES} AS roles, {GROUPS} AS groups, disabled,"
    " (SELECT max(seen) FROM session WHERE session.person = person.id) AS seen,"
    " EXISTS (SELECT 1 FROM sign_in_code WHERE sign_in_code.person = person.id AND purpose = 'invite' AND used IS NULL)"
    " AS invited FROM person"
)


def hash_of(secret: str) -> str:
    """SHA-256 of a secret of 256 random bits; nothing slower is needed for those."""
    return sha256(secret.encode()).hexdigest()


def insert_person(
    tx: Connection,
    *,
    person: str,
    name: str,
    roles: Iterable[str],
    now: float,
    email: str | None = None,
) -> None:
    """Somebody new, without a password yet."""
    tx.exec_driver_sql("INSERT INTO person (id, name, email, created) VALUES (?, ?, ?, ?)", (person, name, email, now))
    set_roles(tx, person, roles)


def set_roles(tx: Connection, person: str, roles: Iterable[str]) -> None:
    """Exactly these roles from now on."""
    tx.exec_driver_sql("DELETE FROM person_role WHERE person = ?", (person,))
    for role in sorted(set(roles)):
        tx.exec_driver_sql("INSERT INTO person_role (person, role) VALUES (?, ?)", (person, role))


def find_person(tx: Connection, person: str) -> Row[Any] | None:
    """Columns id, name, email, has_password, roles, groups, disabled, seen, invited of one person."""
    return tx.exec_driver_sql(f"{_PEOPLE} WHERE id = ?", (person,)).first()


def known_people(tx: Connection, people: Iterable[str]) -> set[str]:
    """Those of these ids who are here and not disabled."""
    known = tx.exec_driver_sql("SELECT id FROM person WHERE disabled IS NULL").scalars()
    return set(people) & set(known)


def list_people(tx: Connection) -> list[Row[Any]]:
    """Columns as `find_person`; by name."""
    return list(tx.exec_driver_sql(f"{_PEOPLE} ORDER BY lower(name), id"))


def find_holders(tx: Connection, text: str, most: int, *, addresses: bool) -> list[Row[Any]]:
    """Columns id, kind, name, about of people (none disabled) and groups with a word that begins with `text`.

    With `addresses` people are told apart and found by their e-mail addresses; without, told apart by their groups,
    and found by an address only when it is the whole one.
    """
    begins = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    like = "(name LIKE ?1 ESCAPE '\\' OR name LIKE '% ' || ?1 ESCAPE '\\'"
    about, mail = ("coalesce(email, '')", "email LIKE ?1 ESCAPE '\\'") if addresses else (GROUPS_OF, "email = ?3")
    return list(
        tx.exec_driver_sql(
            f"SELECT id, 'group' AS kind, name, description AS about FROM people_group WHERE {like})"
            f" UNION ALL SELECT id, 'person', name, {about} FROM person WHERE disabled IS NULL AND {like}"
            f" OR {mail}) ORDER BY 2, 3 LIMIT ?2",
            (begins, most, text) if not addresses else (begins, most),
        )
    )


def find_login(tx: Connection, email: str) -> Row[Any] | None:
    """Columns id, password of who signs in with this address; None for nobody, and for somebody disabled."""
    return tx.exec_driver_sql("SELECT id, password FROM person WHERE email = ? AND disabled IS NULL", (email,)).first()


def address_taken(tx: Connection, email: str) -> bool:
    """Whether somebody, disabled or not, signs in with this address."""
    return tx.exec_driver_sql("SELECT 1 FROM person WHERE email = ?", (email,)).first() is not None


def password_of(tx: Connection, person: str) -> str | None:
    """The hash of somebody's password, if they have one."""
    row = tx.exec_driver_sql("SELECT password FROM person WHERE id = ?", (person,)).first()
    return row[0] if row else None


def set_password(tx: Connection, person: str, password: str) -> None:
    tx.exec_driver_sql("UPDATE person SET password = ? WHERE id = ?", (password, person))


def set_name(tx: Connection, person: str, name: str) -> None:
    tx.exec_driver_sql("UPDATE person SET name = ? WHERE id = ?", (name, person))


def set_email(tx: Connection, person: str, email: str) -> None:
    tx.exec_driver_sql("UPDATE person SET email = ? WHERE id = ?", (email, person))


def set_disabled(tx: Connection, person: str, at: float | None) -> None:
    tx.exec_driver_sql("UPDATE person SET disabled = ? WHERE id = ?", (at, person))


def other_owners(tx: Connection, person: str) -> int:
    """How many owners there are who can sign in, beside this one."""
    return tx.exec_driver_sql(
        "SELECT count(*) FROM person_role JOIN person ON person.id = person"
        " WHERE role = 'owner' AND disabled IS NULL AND person.id <> ? AND (password IS NOT NULL"
        " OR EXISTS (SELECT 1 FROM session WHERE session.person = person.id))",
        (person,),
    ).scalar_one()


def find_owner(tx: Connection) -> Row[Any] | None:
    """The first owner who is not disabled."""
    return tx.exec_driver_sql(
        f"SELECT id, name, {ROLES} AS roles FROM person JOIN person_role ON person = id"
        " WHERE role = 'owner' AND disabled IS NULL ORDER BY created LIMIT 1"
    ).first()


def insert_code(
    tx: Connection, *, code: str, person: str, now: float, expires: float, purpose: str = "sign_in"
) -> None:
    """Keep a new one-time code; earlier unused ones of the person end."""
    end_codes(tx, person, now)
    row = (hash_of(code), person, purpose, now, expires)
    tx.exec_driver_sql("INSERT INTO sign_in_code (hash, person, purpose, created, expires) VALUES (?, ?, ?, ?, ?)", row)


def use_code(tx: Connection, code: str, now: float, purposes: Sequence[str] = ("sign_in",)) -> str | None:
    """Use a code up; the person it is for, or None when it is unknown, used, expired or for something else."""
    found = find_code(tx, code, now)
    if found is None or found.purpose not in purposes:
        return None
    tx.exec_driver_sql("UPDATE sign_in_code SET used = ? WHERE hash = ?", (now, hash_of(code)))
    return found.person


def find_code(tx: Connection, code: str, now: float) -> Row[Any] | None:
    """Columns person, purpose, name, email of a code that still works."""
    return tx.exec_driver_sql(
        "SELECT person, purpose, name, email FROM sign_in_code JOIN person ON person.id = person"
        " WHERE hash = ? AND used IS NULL AND expires > ? AND disabled IS NULL",
        (hash_of(code), now),
    ).first()


def end_codes(tx: Connection, person: str, now: float) -> None:
    """Links of the person that nobody used yet lead nowhere from now on."""
    tx.exec_driver_sql("UPDATE sign_in_code SET used = ? WHERE person = ? AND used IS NULL", (now, person))


def insert_session(
    tx: Connection,
    *,
    session: str,
    token: str,
    person: str,
    now: float,
    expires: float,
    agent: str = "",
) -> None:
    tx.exec_driver_sql(
        "INSERT INTO session (id, hash, person, created, seen, proved, agent, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (session, hash_of(token), person, now, now, now, agent, expires),
    )


def find_session(tx: Connection, token: str) -> Row[Any] | None:
    """A session with its person: session, person, name, roles, groups, seen, proved, expires; None when it is over."""
    return tx.exec_driver_sql(
        f"SELECT session.id AS session, person.id AS person, name, {ROLES} AS roles, {GROUPS} AS groups, seen, proved,"
        " expires FROM session"
        " JOIN person ON person.id = session.person"
        " WHERE hash = ? AND revoked IS NULL AND disabled IS NULL",
        (hash_of(token),),
    ).first()


def touch_session(tx: Connection, session: str, now: float) -> None:
    tx.exec_driver_sql("UPDATE session SET seen = ? WHERE id = ?", (now, session))


def prove_session(tx: Connection, session: str, now: float) -> bool:
    """Its person has shown who they are; False when it is over."""
    done = tx.exec_driver_sql("UPDATE session SET proved = ? WHERE id = ? AND revoked IS NULL", (now, session))
    return done.rowcount == 1


def list_sessions(tx: Connection, person: str, now: float, seen_after: float) -> list[Row[Any]]:
    """Columns id, agent, created, seen of the sessions that go on; last used first."""
    return list(
        tx.exec_driver_sql(
            "SELECT id, agent, created, seen FROM session"
            " WHERE person = ? AND revoked IS NULL AND expires > ? AND seen > ? ORDER BY seen DESC",
            (person, now, seen_after),
        )
    )


def revoke_session(tx: Connection, session: str, now: float, person: str | None = None) -> bool:
    """End a session (of this person); whether there was one."""
    done = tx.exec_driver_sql(
        "UPDATE session SET revoked = ? WHERE id = ? AND revoked IS NULL AND (CAST(? AS TEXT) IS NULL OR person = ?)",
        (now, session, person, person),
    )
    return done.rowcount == 1


def revoke_sessions(tx: Connection, person: str, now: float, *, but: str = "") -> None:
    """End every session of a person, except one."""
    tx.exec_driver_sql(
        "UPDATE session SET revoked = ? WHERE person = ? AND revoked IS NULL AND id <> ?", (now, person, but)
    )
