"""Words and figures as people read them; one place, so that every screen says them alike."""

from decimal import Decimal

STATUSES = {
    "queued": "Queued",
    "waiting": "Waiting",
    "asking": "Waits for a decision",
    "running": "Running",
    "done": "Done",
    "succeeded": "Succeeded",
    "partly_succeeded": "Partly succeeded",
    "failed": "Failed",
    "skipped": "Skipped",
    "cancelled": "Stopped",
}
"""Of runs and of steps."""

RUN_STATUSES = ("running", "waiting", "queued", "succeeded", "partly_succeeded", "failed", "cancelled")
"""Those a run can have, in the order a filter offers them."""

TIERS = {1: "Team productivity", 2: "Departmental", 3: "High risk"}

HOSTINGS = {"here": "This machine", "company": "Our servers", "external": "Vendor cloud"}
"""Where a model runs."""

CLEARANCES = {"public": "Public", "internal": "Internal", "confidential": "Confidential", "restricted": "Restricted"}
"""The highest class of data a model may see."""

CLASS_USE = {
    "restricted": "You may enter what is restricted, where you need it for your work. Nobody else sees your input, "
    "except auditors.",
    "confidential": "You may enter confidential data here. Leave out what is restricted, and passwords always.",
    "internal": "Internal data is fine here. Leave out what is confidential, personal files and passwords.",
    "public": "Enter only what is public anyway.",
}
"""What may be entered, by the data class of an input; the strictest first."""

DEMO_MODEL = "Scripted demo – no AI"
DEMO_QUALITY = "Demo quality"
"""of the very small model that runs on this machine"""


def duration(seconds: float | None) -> str:
    """`< 1 ms`, `340 ms`, `1.4 s`, `2 min 5 s`, `1 h 3 min`; nothing for what has not ended."""
    if seconds is None:
        return ""
    if seconds < 0.001:
        return "< 1 ms"
    if seconds < 0.9995:
        return f"{round(seconds * 1000)} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def money(amount: Decimal | float | None) -> str:
    """US dollars with as many places as matter: `$1.24`, `$0.0031`; `free` for nothing at all."""
    if amount is None:
        return ""
    if amount == 0:
        return "free"
    if amount < Decimal("0.0001"):
        return "< $0.0001"
    return f"${amount:,.2f}" if amount >= Decimal("0.1") else f"${amount:.4f}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 step`, `3 steps`, `1,204 tokens`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
