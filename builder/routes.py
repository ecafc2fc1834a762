"""The addresses of the screens; the only place where they are spelled."""

START = "/"
"""Leads on to where this person begins."""
WORKFLOWS = "/workflows"
RUNS = "/runs"
RUN = "/runs/[run_id]"
COMPARE = "/runs/compare"
KNOWLEDGE = "/knowledge"
BASE = "/knowledge/[base_name]"
PASSAGE = "/knowledge/[base_name]/passages/[passage_id]"
MODELS = "/models"
CONNECTIONS = "/connections"
POLICIES = "/policies"
INBOX = "/inbox"
ENTRY = "/inbox/[entry_id]"
ACCOUNT = "/account"
APPS = "/apps"
APP = "/apps/[app_name]"
CONVERSATION = "conversation"
"""What the address of a chat calls the conversation that is open."""
LIBRARY = "/library"
TEMPLATE = "/library/[template_name]"
REVIEWS = "/reviews"
REVIEW = "/reviews/[number]"
PEOPLE = "/people"
AUDIT = "/audit"
EDITOR = "/editor/[workflow_name]"
GALLERY = "/gallery"

SIGN_OUT = "/sign-out"
"""Plain HTTP, answered by `builder.session`; a form posts to it."""


def last(path: object) -> str:
    """The last part of an address: which run, app, base … it is of."""
    return str(path).rstrip("/").rpartition("/")[2]


def run(run_id: str) -> str:
    """The address of one run."""
    return f"{RUNS}/{run_id}"


def compare(left: object, right: object) -> str:
    """The address of two runs side by side."""
    return f"{COMPARE}?a={left}&b={right}"


def app(name: str) -> str:
    """The address of one app."""
    return f"{APPS}/{name}"


def base(name: str) -> str:
    """The address of one knowledge base."""
    return f"{KNOWLEDGE}/{name}"


def passage(name: str, passage_id: str) -> str:
    """The address of a citation."""
    return f"{base(name)}/passages/{passage_id}"


def editor(workflow_name: str) -> str:
    """The address of one workflow's canvas."""
    return f"/editor/{workflow_name}"
