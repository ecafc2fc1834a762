"""Going on with a conversation that another version began: what that one left there may go where this one sends it.

The data flow of one version knows what it says itself and puts into variables of the conversation, and nothing of what
others did. So what those left, and inputs a message takes over from the one before, are followed through this one
before it takes a message.
"""

from __future__ import annotations

from collections.abc import Iterable

from runtime.errors import Conflict
from runtime.graph.document import START, Document, Meaning, Words
from runtime.graph.flowing import MESSAGE, Label, joined
from runtime.operations.governance import Watch, watch
from runtime.operations.runtime import Runtime
from runtime.store.conversations import Spoken, meanings_of
from runtime.store.runs import read_content
from runtime.store.transaction import Tx


def check_continued(tx: Tx, runtime: Runtime, conversation: str, document: Document, digest: str) -> frozenset[Spoken]:
    """Refuse a message to what would carry on where it may not go what other versions have left in the conversation.
    Gives those that were looked at. Raises `BadInput`."""
    others = [each for each in meanings_of(tx, conversation) if each.hash != digest]
    found: dict[str, Label] = {}
    last: dict[str, Label] | None = None
    mine = watch(runtime, document)
    watches = [*(watch(runtime, _spoken(tx, each)) for each in others), mine]
    while others and found != last:  # they may have spoken in turns
        last = found
        for each in watches:
            left = each.after(tx, found).said
            found = {name: joined([found.get(name, {}), left.get(name, {})]) for name in {*found, *left}}
    carried = _carried(tx, watches, mine) if others else {}
    if found or carried:
        why = "An earlier version has left something in this conversation that may not go on"
        mine.check_after(tx, found, carried, why, "Begin a new conversation.")
    return frozenset(others)


def _carried(tx: Tx, watches: Iterable[Watch], mine: Watch) -> dict[str, dict[str, Label]]:
    """The marks of inputs, which a message takes over from the one before where it does not say them anew."""
    begin = next((step for step, each in mine.document.meaning.steps.items() if each.type == START), None)
    if begin is None:
        return {}
    names = mine.flow(tx).labels[begin].keys() - {MESSAGE}
    before = [
        watched.flow(tx).labels[step]
        for watched in watches
        for step, each in watched.document.meaning.steps.items()
        if each.type == START
    ]
    return {begin: {name: joined(each.get(name, {}) for each in before) for name in names}}


def check_still(tx: Tx, conversation: str, looked_at: frozenset[Spoken], digest: str) -> None:
    """Nobody else has spoken since that was looked at. Raises `Conflict`."""
    if {each for each in meanings_of(tx, conversation) if each.hash != digest} - looked_at:
        raise Conflict("Another message came at this very moment.", hint="Send yours again.")


def _spoken(tx: Tx, spoken: Spoken) -> Document:
    meaning, words = read_content(tx, spoken.hash), read_content(tx, spoken.words)
    return Document(
        name="before",
        meaning=Meaning.model_validate_json(meaning or b"{}"),
        words=Words.model_validate_json(words or b"{}"),
    )
