"""`data.guard`: keep personal data and secrets from going further."""

from __future__ import annotations

from typing import Literal

from nodes.sdk import (
    DONE,
    LIST,
    NUMBER,
    OBJECT,
    TEXT,
    YES_NO,
    Context,
    Control,
    Example,
    Exit,
    Leave,
    Lowering,
    Node,
    Result,
    Shape,
    StepFailed,
    Tag,
    Text,
    Trouble,
    field,
)
from nodes.sdk.finding import (
    KINDS,
    SECRETS,
    Found,
    find_cards,
    find_emails,
    find_ibans,
    find_names,
    find_phones,
    masked,
    settled,
)
from nodes.sdk.secret_tokens import find_secrets
from nodes.sdk.words import listed, quoted

BLOCKED = Exit("blocked", "Blocked", ends=True)
LONGEST_TEXT = 200_000
"""characters; a longer text would keep others waiting"""


class Guard(Node, label="Guard", icon="shield-check"):
    """Mask personal data in a text, and let no secret pass.

    E-mail addresses, phone numbers, IBANs and card numbers are recognised by their form and their check digits, names
    only when you list them. What is found is replaced by a word such as `[e-mail]`. A text with a secret in it (API
    keys, private keys, passwords, long random tokens) leaves by “Blocked” and is not handed on.
    """

    text: Text = field("Text", default="", control=Control.PARAGRAPH, example="{{ start.message }}")
    emails: bool = field("Mask e-mail addresses", default=True)
    phones: bool = field("Mask phone numbers", default=True)
    ibans: bool = field("Mask IBANs", default=True)
    cards: bool = field("Mask card numbers", default=True)
    names: list[Text] = field(
        "Mask these names", "Of people, projects, customers; in any case of letters.", default=[], row="name",
        max_length=1000,
    )  # fmt: skip
    secrets: Literal["block", "mask"] = field(
        "When there is a secret in it",
        "Hand nothing on and leave by “Blocked”, where the run ends if nothing follows; or mask it like the rest.",
        default="block",
    )

    examples = (
        Example(
            "A message before it goes to a model",
            settings={
                "text": "Ada Lovelace (ada@example.com, +49 30 901820) pays from DE89 3704 0044 0532 0130 00.",
                "names": ["Ada Lovelace"],
            },
            output={
                "text": "[name] ([e-mail], [phone]) pays from [IBAN].",
                "findings": [
                    {"kind": "e-mail", "count": 1},
                    {"kind": "phone", "count": 1},
                    {"kind": "IBAN", "count": 1},
                    {"kind": "name", "count": 1},
                ],
                "blocked": False,
            },
        ),
        Example(
            "A key that was pasted by mistake",
            settings={"text": "It says 401 with AKIAIOSFODNN7EXAMPLE, why?"},
            output={"text": "", "findings": [{"kind": "secret", "count": 1}], "blocked": True},
            exit="blocked",
        ),
    )

    def exits(self) -> tuple[Exit, ...]:
        """Onwards, and the way of what must not go on."""
        return (DONE, BLOCKED) if self.secrets == "block" else (DONE,)

    def outputs(self) -> dict[str, Shape]:
        """The text that may go on, and what was in it."""
        finding = OBJECT.model_copy(update={"fields": {"kind": TEXT, "count": NUMBER}})
        return {
            "text": TEXT.model_copy(update={"description": "The text without what was found; empty when blocked"}),
            "findings": LIST.model_copy(update={"items": finding, "description": "What was found, and how often"}),
            "blocked": YES_NO.model_copy(update={"description": "Whether a secret was found and nothing is handed on"}),
        }

    def lowers(self) -> list[Lowering]:
        """All of what is known to be personal is gone, where every kind is masked."""
        if not (self.emails and self.phones and self.ibans and self.cards):
            return []
        return [Lowering("guard", frozenset({Tag.PERSONAL, Tag.CREDENTIALS}))]

    def troubles(self) -> list[Trouble]:
        """Nothing to look through."""
        if not self.text.strip():
            return [Trouble("text", "missing", "Choose the text to look through.")]
        return []

    def explain(self) -> str:
        """What is masked, and what becomes of secrets."""
        chosen = (self.emails, self.phones, self.ibans, self.cards)
        what = [
            word
            for word, on in zip(("e-mail addresses", "phone numbers", "IBANs", "card numbers"), chosen, strict=True)
            if on
        ]
        if self.names:
            what.append(f"{len(self.names)} listed name{'' if len(self.names) == 1 else 's'}")
        rest = " A text with a secret in it goes no further." if self.secrets == "block" else ""
        if self.secrets == "mask":
            what.append("secrets")
        return f"Masks {listed(what) or 'nothing'} in {quoted(self.text)}.{rest}"

    async def run(self, ctx: Context) -> Result:
        """Look, mask, or block."""
        if len(self.text) > LONGEST_TEXT:
            raise StepFailed(
                f"This text has {len(self.text):,} characters; a guard takes {LONGEST_TEXT:,}.",
                code="text_too_long",
                hint="Guard it in parts.",
            )
        found = self._find()
        secret = any(each.kind == SECRETS for each in found)
        counted = {kind: sum(each.kind == kind for each in found) for kind in KINDS}
        findings = [{"kind": kind, "count": count} for kind, count in counted.items() if count]
        if secret and self.secrets == "block":
            return Leave("blocked", {"text": "", "findings": findings, "blocked": True})
        return {"text": masked(self.text, found), "findings": findings, "blocked": False}

    def _find(self) -> list[Found]:
        found = find_secrets(self.text)
        for wanted, find in (
            (self.emails, find_emails), (self.phones, find_phones), (self.ibans, find_ibans), (self.cards, find_cards)
        ):  # fmt: skip
            if wanted:
                found += find(self.text)
        return settled(found + find_names(self.text, self.names))
