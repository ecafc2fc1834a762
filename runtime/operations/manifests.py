"""Manifests: what a document depends on as it is set up right now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import orjson

from nodes.sdk import Node
from runtime.governance.manifest import Dependency, Drifted, Manifest, dependency, drifted, manifest, read_manifest
from runtime.governance.policies import APPROVE_LOWERS, GUARD_LOWERS, Lowering, Policy
from runtime.graph.document import Document
from runtime.graph.touching import Touched
from runtime.operations.runtime import Runtime
from runtime.store import models
from runtime.store.connections import connection_of_host
from runtime.store.models import AliasRow
from runtime.store.policies import read_policy
from runtime.store.runs import keep_content, read_content
from runtime.store.transaction import Tx
from runtime.store.versions import base_settings

__all__ = [
    "Dependency",
    "Drifted",
    "Manifest",
    "drifted",
    "keep_manifest",
    "manifest_for",
    "manifest_of",
    "manifest_under",
]


class HasFallback(Protocol):
    """A model alias, whatever else is known of it."""

    @property
    def fallback(self) -> str | None:
        """Another alias that is asked when this one does not answer."""
        ...


CARE = {"guard": GUARD_LOWERS, "approve": APPROVE_LOWERS}
"""the policy that says what each kind of care is worth"""


def manifest_of(tx: Tx, runtime: Runtime, document: Document) -> Manifest:
    """Everything a document depends on, each as it is now."""
    return manifest_for(tx, runtime.plans.compile(document).touched)


def manifest_for(tx: Tx, names: Touched) -> Manifest:
    """The same for what a document touches, known already."""
    aliases = {each.name: each for each in models.list_aliases(tx)}
    bases = base_settings(tx, names.bases)
    return manifest(
        [
            *(dependency("model", name, _alias(aliases.get(name))) for name in chain(names.models, aliases)),
            *(dependency("base", name, bases.get(name)) for name in names.bases),
            *(dependency("connection", host, _connection(tx, host)) for host in names.hosts if host),
            *(dependency("node_type", each.type_id, _type(each)) for each in names.types),
            *(_policy(tx, CARE[each]) for each in names.cares if each in CARE),
        ]
    )


def keep_manifest(tx: Tx, made: Manifest) -> None:
    """Keep a manifest under its digest."""
    keep_content(tx, made.digest, made.as_json())


def manifest_under(tx: Tx, digest: str) -> Manifest:
    """The manifest kept under a digest."""
    body = read_content(tx, digest)
    assert body is not None, f"no manifest is kept under {digest}: keep_manifest belongs into the same transaction"
    return read_manifest(orjson.loads(body))


def chain(names: Iterable[str], aliases: Mapping[str, HasFallback]) -> list[str]:
    """Aliases with everything they fall back to: what is sent to one may be sent to those."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            alias = aliases.get(name)
            waiting += [alias.fallback] if alias and alias.fallback else []
    return found


def _alias(alias: AliasRow | None) -> dict[str, Any] | None:
    if alias is None:
        return None
    return {
        "model": alias.model,
        "base_url": alias.base_url,
        "hosting": alias.hosting,
        "clearance": alias.clearance,
        "fallback": alias.fallback or "",
        "max_tokens": alias.max_tokens,
    }


def _connection(tx: Tx, host: str) -> dict[str, Any] | None:
    found = connection_of_host(tx, host)
    if found is None:
        return None
    return {
        "host": found.host,
        "encrypted": not found.plain,
        "internal": found.internal,
        "clearance": found.clearance,
        "credential": found.credential,
        "credential_header": found.header,
        "credential_in_address": found.query,
    }


def _type(node: type[Node]) -> dict[str, Any]:
    return {"version": node.version, "effects": sorted(node.effects), "interrupted": node.interrupted}


def _policy(tx: Tx, policy: Policy[Lowering]) -> Dependency:
    return dependency("policy", policy.name, read_policy(tx, policy).model_dump(mode="json"))
