"""Free text by rules: a summary, a list of tasks, a polite reply."""

from __future__ import annotations

import re

from builder.command.demo_model.sentences import author, clipped, sentences, tasks, words
from builder.command.demo_model.topics import best

_COMMANDS = """
summarise summarize classify read write extract draft list answer reply sort find turn make decide give please you
create translate here below
"""
_VERBS = frozenset(_COMMANDS.split())
_REPLIES = {
    "billing": "We have forwarded your invoice to our billing team, who will check the amounts and correct them",
    "technical": "Our technical team has started to look into it and will tell you as soon as it works again",
    "account": "We are checking your access and will send you the next steps to sign in again",
    "shipping": "We are asking the courier where your delivery is and will tell you the new date",
    "cancellation": "We have noted what you want to cancel and will confirm it in writing",
    "other": "We have passed it on to the right colleague",
}


_POINTS = re.compile(r"Say exactly this[^:]*: (.+)", re.DOTALL)
_OPENING = re.compile(r"Begin with the sentence: ([^.!?\n]{1,200}[.!?])")
"""what an instruction may ask for word for word"""


def reply(instruction: str, text: str) -> str:
    """An answer to `text`, in the manner the instruction asks for."""
    asked = set(words(instruction))
    if asked & {"translate", "translation", "übersetze"}:
        return (
            "The demo model follows fixed rules and cannot translate. Bind this alias to a real model to see it work."
        )
    if asked & {"action", "actions", "task", "tasks", "todo", "todos"}:
        return task_list(text)
    if asked & {"greeting", "greet", "welcome"}:
        return f"Hello {_addressee(text)}, how good that you are here. We wish you a splendid day."
    if asked & {"reply", "respond", "response", "email", "letter", "draft"}:
        return polite_reply(text, instruction)
    if asked & {"title", "subject", "headline"}:
        return title(text)
    if asked & {"summarise", "summarize", "summary", "short", "shorten", "brief", "points"}:
        return summary(text)
    if len(words(text)) < 4:
        return "Hello! I am the demo model: I follow fixed rules and do not think. Give me a text, and I pick from it."
    return f"In short: {summary(text)}"


def _addressee(text: str) -> str:
    """Who a greeting is for: what stands behind “for” or “to”, else the last words."""
    line = text.strip().splitlines()[-1].rstrip(".!")
    for word in (" for ", " to "):
        if word in line:
            return line.rpartition(word)[2]
    return " ".join(line.split()[-2:])


def split(system: str, user: str) -> tuple[str, str]:
    """Instruction and material: the system message, and of the user's its first paragraph when that is a command."""
    first, _, rest = user.strip().partition("\n\n")
    opening = words(first)[:1]
    if rest.strip() and (first.rstrip().endswith(":") or (opening and opening[0] in _VERBS)):
        return f"{system}\n{first}", rest.strip()
    return system or next(iter(sentences(first)), ""), user.strip()


def summary(text: str) -> str:
    """The first sentence, and the two others with the most to say."""
    found = [each if each[-1] in ".!?" else f"{each}." for each in sentences(text)]
    if len(found) <= 3:
        return " ".join(found)
    fullest = sorted(found[1:], key=lambda each: len(set(words(each))), reverse=True)[:2]
    return " ".join([found[0], *(each for each in found if each in fullest and each != found[0])])


def title(text: str) -> str:
    """The first sentence as a headline."""
    first = next(iter(sentences(text)), "")
    return clipped(first.rstrip(".!"), 60)


def task_list(text: str) -> str:
    """The tasks of a text as a list."""
    found = tasks(text)
    if not found:
        return "No action items were found."
    rows = (f"- **{each.who or 'Open'}**: {each.what}" + (f" ({each.when})" if each.when else "") for each in found)
    return "\n".join(rows)


def polite_reply(text: str, instruction: str = "") -> str:
    """A reply that says back what was written about and what happens next, formal or friendly as it is asked for."""
    name, about = author(text), title(_without_greeting(text))
    wanted = _POINTS.search(instruction)
    points = wanted[1].strip() if wanted else f"{_REPLIES[best(list(_REPLIES), text)]}."
    opening = _OPENING.search(instruction)
    begin = f"{opening[1]} " if opening else ""
    subject = f" about “{about}”" if about else ""
    if {"friendly", "warm", "relaxed"} & set(words(instruction)):
        first = name.partition(" ")[0] or "there"
        return f"Hi {first},\n\n{begin}I have read your note{subject}. {points}\n\nAll the best\nYour support team"
    greeting = f"Dear {name}," if name else "Hello,"
    thanks = "thank you" if not begin else "Thank you"
    return f"{greeting}\n\n{begin}{thanks} for your message{subject}. {points}\n\nKind regards\nYour support team"


def _without_greeting(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return rest if rest.strip() and set(words(first)) & {"hello", "hi", "dear", "hallo"} else text
