"""Templates: approved versions others start from. Using one makes a draft that remembers its origin."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.errors import Conflict
from runtime.graph.document import Document
from runtime.graph.explaining import explain
from runtime.operations.actors import Actor
from runtime.operations.door import allowed, do, look, missing
from runtime.operations.pictures import Picture, picture_of
from runtime.operations.runtime import Runtime
from runtime.operations.titles import known_titles
from runtime.operations.versions import version_document
from runtime.operations.workflows import Draft, create_workflow, workflow_id
from runtime.store import templates as rows
from runtime.store.rights import standing
from runtime.store.templates import TemplateRow
from runtime.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """A template in the library."""

    id: str
    name: str
    title: str
    description: str
    icon: str
    owner: str
    """the name of the person"""
    released: float
    """when it became what it is now"""
    used: int
    """drafts started from it"""
    steps: int


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template with what it does, before one starts from it."""

    card: TemplateCard
    document: Document
    version: str
    picture: Picture
    walk: str
    """what it does, step by step, in plain sentences"""


@dataclass(frozen=True, slots=True)
class Origin:
    """The template a workflow was started from."""

    name: str
    title: str
    renewed: bool
    """whether it has a newer release"""


async def list_templates(runtime: Runtime, actor: Actor | None, *, words: str = "") -> list[TemplateCard]:
    """Those this person may start from; with `words`, all of which stand in title or description."""
    person = await allowed(runtime, actor, "template.list")

    found = await runtime.reader.ask(lambda tx: rows.templates_for(tx, person.id))
    wanted = words.casefold().split()
    return [
        _card(each) for each in found if all(word in f"{each.title} {each.description}".casefold() for word in wanted)
    ]


async def open_template(runtime: Runtime, actor: Actor | None, *, template: str) -> TemplateView:
    """What a template does, in plain words and drawn."""

    def find(tx: Tx) -> TemplateView:
        row = _row(tx, template)
        document = version_document(tx, row.version)
        picture = picture_of(runtime, document)
        titles = known_titles(tx, actor, runtime.plans.compile(document).touched)
        told = explain(document, runtime.catalogue, titles, runtime.plans.called)
        return TemplateView(_card(row), document, row.version, picture, told)

    return await look(runtime, actor, "template.see", template, find)


async def use_template(runtime: Runtime, actor: Actor | None, *, template: str, title: str = "") -> Draft:
    """Start a draft of one's own from it."""
    view = await open_template(runtime, actor, template=template)
    title = title or view.card.title
    return await create_workflow(
        runtime, actor, title=title, document=view.document, origin=(view.card.id, view.version)
    )


async def read_origin(runtime: Runtime, actor: Actor | None, *, workflow: str) -> Origin | None:
    """What a workflow was started from; None for nothing, and where this person may not see that template."""
    person = await allowed(runtime, actor, "workflow.see", workflow)

    def find(tx: Tx) -> Origin | None:
        row = rows.origin_of(tx, workflow_id(tx, workflow))
        if row is None or row.withdrawn is not None or standing(tx, person.id, "template", row.name).level < 0:
            return None
        return Origin(row.name, row.title, row.version != row.newest)

    return await runtime.reader.ask(find)


async def withdraw_template(runtime: Runtime, actor: Actor | None, *, template: str) -> None:
    """Nobody starts from it any more; drafts that were started stay."""
    await allowed(runtime, actor, "template.withdraw", template)
    now = runtime.clock.now()

    def work(tx: Tx) -> None:
        if not rows.withdraw_template(tx, _row(tx, template).id, now):
            raise Conflict("This template was withdrawn already.", hint="Reload the page.")

    await do(runtime, actor, "template.withdraw", template, work)


def _row(tx: Tx, template: str) -> TemplateRow:
    row = rows.find_template(tx, template)
    if row is None:
        raise missing("template", template)
    return row


def _card(row: TemplateRow) -> TemplateCard:
    return TemplateCard(
        row.id, row.name, row.title, row.description, row.icon, row.who, row.released, row.used, row.steps
    )  # fmt: skip
