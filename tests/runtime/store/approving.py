"""The rows that have to be there before something is published: a version, its submission, a decision."""

from sqlalchemy import Connection

from runtime.store.decisions import NewDecision, insert_decision
from runtime.store.people import insert_person
from runtime.store.submissions import NewSubmission, insert_submission
from runtime.store.versions import NewVersion, insert_version


def ada(tx: Connection) -> None:
    """Who owns everything here."""
    insert_person(tx, person="ada", name="Ada", roles=["analyst"], now=1.0)


def approve(tx: Connection, number: int = 1, *, tier: int = 1) -> str:
    """Version, submission and approval number `number` of the workflow `w`; the decision's id."""
    version, submission, decision = f"v{number}", f"s{number}", f"d{number}"
    insert_version(tx, NewVersion(version, "w", number, f"h{number}", "words", "l", "m", "", "", "ada", 1.0))
    insert_submission(
        tx, NewSubmission(submission, number, "w", version, f"h{number}", "m", "ada", 1.0, tier, "{}", "{}")
    )
    insert_decision(
        tx, NewDecision(decision, submission, "w", f"h{number}", "m", tier, "approved", "It is fine.", "ada", 2.0)
    )
    return decision
