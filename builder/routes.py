"""The addresses of the screens; the only place where they are spelled."""

HOME = "/"
RUNS = "/runs"
RUN = "/runs/[run_id]"
MODELS = "/models"
INBOX = "/inbox"
ENTRY = "/inbox/[entry_id]"
ACCOUNT = "/account"
APPS = "/apps"
REVIEWS = "/reviews"
REVIEW = "/reviews/[number]"
PEOPLE = "/people"
AUDIT = "/audit"
EDITOR = "/editor/[workflow_name]"
GALLERY = "/gallery"

SIGN_OUT = "/sign-out"
"""Plain HTTP, answered by `builder.session`; a form posts to it."""


def run(run_id: str) -> str:
    """The address of one run."""
    return f"{RUNS}/{run_id}"


def editor(workflow_name: str) -> str:
    """The address of one workflow's canvas."""
    return f"/editor/{workflow_name}"
