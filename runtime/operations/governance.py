"""What is known of a document as everything stands now: what goes where, and the facts that checks and tier judge."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nodes.sdk import DataClass, Tag
from runtime.cache import Cache
from runtime.errors import BadInput
from runtime.governance.facts import Facts, Tried
from runtime.governance.policies import Lowering
from runtime.graph.compiling import Compiled
from runtime.graph.document import Document
from runtime.graph.flowing import Care, Crossing, Flow, FlowFacts, Label, Place, flow_of
from runtime.graph.hashing import content_hash, words_digest
from runtime.graph.touching import Touched, touch_through
from runtime.operations.manifests import CARE, chain, manifest_of
from runtime.operations.runtime import Runtime
from runtime.operations.titles import titles_of
from runtime.store.placing import ModelPlace, base_places, host_places, model_places
from runtime.store.policies import read_policy
from runtime.store.transaction import Tx

__all__ = ["Crossing", "Flow", "Watch", "facts_of", "flow_in", "watch"]


class Watch:
    """What goes where in one document; followed again only when what it names was set up differently."""

    def __init__(self, document: Document, compiled: Compiled) -> None:
        self.document, self._compiled = document, compiled
        self._last: tuple[FlowFacts, Flow] | None = None

    def flow(self, tx: Tx) -> Flow:
        """As everything is set up now."""
        facts, last = _facts(tx, self._compiled.touched), self._last
        if last is None or last[0] != facts:
            last = self._last = (facts, _followed(self.document, self._compiled, facts))
        return last[1]

    def after(
        self, tx: Tx, found: Mapping[str, Label], brought: Mapping[str, Mapping[str, Label]] | None = None
    ) -> Flow:
        """The same behind others, which have left something in variables, or handed on what some steps would."""
        return _followed(self.document, self._compiled, _facts(tx, self._compiled.touched), found, brought)

    def check_after(
        self,
        tx: Tx,
        found: Mapping[str, Label],
        brought: Mapping[str, Mapping[str, Label]],
        why: str,
        hint: str,
        rests: Collection[str] = (),
    ) -> None:
        """Refuse what only comes of what others have left, but for steps that do not run now (`rests`). `why` begins
        the sentence. Raises `BadInput`."""
        own = {each.sentence for each in self.flow(tx).problems}
        found_now = self.after(tx, found, brought).problems
        problems = [each for each in found_now if each.sentence not in own and each.step not in rests]
        for first in problems[:1]:
            raise BadInput(
                f"{why}: {first.sentence}", hint=hint,
                details={"problems": [each.as_dict() for each in problems]},
            )  # fmt: skip

    def admit(self, tx: Tx, pinned: Collection[str] = ()) -> None:
        """Refuse a start that would carry data where it may not go. Raises `BadInput` with every such way. A step that
        is pinned sends nothing, and brings nothing from where it draws on."""
        flow = self.flow(tx)
        problems = flow.problems
        if pinned:
            real = {each.sentence for each in flow.crossings if not {each.step, each.source.step} & set(pinned)}
            problems = tuple(each for each in problems if each.sentence in real)
        for first in problems[:1]:
            more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
            raise BadInput(
                first.sentence + more,
                hint=first.hint,
                details={"problems": [each.as_dict() for each in problems]},
            )


def watch(runtime: Runtime, document: Document) -> Watch:
    """The watch over a document, kept as long as plans are."""
    key = (runtime.catalogue.digest, content_hash(document), words_digest(document))
    if (found := _watched.get(key)) is not None:
        return found
    compiled = runtime.plans.compile(document)
    made = Watch(document, compiled)
    return made if compiled.waits else _watched.keep(key, made)


_watched: Cache[tuple[str, str, str], Watch] = Cache(256)
"""watches by catalogue, meaning and words"""


def flow_in(tx: Tx, runtime: Runtime, document: Document) -> Flow:
    """What goes where in a document."""
    return watch(runtime, document).flow(tx)


def facts_of(tx: Tx, runtime: Runtime, document: Document, tests: tuple[Tried, ...] = ()) -> Facts:
    """Everything there is to know of a document before it is judged."""
    compiled = runtime.plans.compile(document)
    return Facts(
        document=document,
        hash=content_hash(document),
        problems=compiled.problems,
        steps=compiled.steps,
        order=tuple(compiled.ways.order),
        touches={step: touch_through(each) for step, each in compiled.parts.items()},
        touched=compiled.touched,
        flow=flow_in(tx, runtime, document),
        manifest=manifest_of(tx, runtime, document),
        stopped=_stopped(tx, compiled.touched),
        tests=tests,
        titles=titles_of(tx, [compiled.touched]),
        on_error=compiled.on_error,
    )


def _followed(
    document: Document, compiled: Compiled, facts: FlowFacts, found: Mapping[str, Label] | None = None,
    brought: Mapping[str, Mapping[str, Label]] | None = None,
) -> Flow:  # fmt: skip
    return flow_of(document, compiled.steps, compiled.ways, facts, compiled.on_error, found, brought)


def _facts(tx: Tx, names: Touched) -> FlowFacts:
    models = model_places(tx) if names.models else {}
    hosts = host_places(tx, names.hosts)
    bases = base_places(tx, names.bases)
    return FlowFacts(
        bases={name: Place(DataClass(each.data_class), each.title) for name, each in bases.items()},
        models={name: _model(name, models) for name in names.models if name in models},
        hosts={
            host: Place(DataClass(one.clearance), one.title, outside=not one.internal) for host, one in hosts.items()
        },
        care={name: _care(read_policy(tx, CARE[name])) for name in names.cares if name in CARE},
    )


def _model(name: str, models: Mapping[str, ModelPlace]) -> Place:
    """A model with everything it falls back to: what may go to it has to be allowed to go to all of them."""
    reached = [models[each] for each in chain([name], models) if each in models]
    lowest = min((DataClass(each.clearance) for each in reached), key=lambda each: each.rank)
    return Place(lowest, f"the model “{name}”", outside=any(each.hosting == "external" for each in reached))


def _care(policy: Lowering) -> Care:
    becomes = {each: DataClass(policy.lowered(each.value)) for each in DataClass}
    return Care(becomes, frozenset({Tag.PERSONAL}) if policy.personal_only else frozenset())


def _stopped(tx: Tx, names: Touched) -> dict[str, str]:
    models, hosts = model_places(tx), host_places(tx, names.hosts)
    found = {
        f"model:{name}": f"The model alias “{name}” is switched off."
        for name in chain(names.models, models)
        if name in models and models[name].stopped is not None
    }
    return found | {
        f"connection:{host}": f"The connection “{each.title}” is switched off."
        for host, each in hosts.items()
        if each.stopped is not None
    }
