"""Whether models, hosts and knowledge bases are set up, cleared and switched on."""

from __future__ import annotations

from runtime.governance.checks.verdict import Check, Evidence, verdict
from runtime.governance.facts import Facts

_WORDS = {"model": "model alias", "connection": "connection to", "base": "knowledge base"}


def check(facts: Facts) -> Check:
    """Everything it touches is there, and nothing of it is stopped."""
    failures = [
        Evidence(f"There is no {_WORDS[each.kind]} “{each.name}”.")
        for each in facts.manifest.dependencies
        if each.kind in _WORDS and each.facts.get("missing")
    ]
    failures += [Evidence(sentence) for sentence in facts.stopped.values()]
    for step, touch in facts.touches.items():
        if any(each.kind == "host" and not each.name for each in touch.reaches):
            title = facts.title(step)
            failures.append(Evidence(f"“{title}” calls an address that is only known while it runs.", step or None))
    hosts = (facts.called("connection", each) for each in facts.touched.hosts if each)
    bases = (facts.called("base", each) for each in facts.touched.bases)
    named = [*facts.touched.models, *hosts, *bases]
    passed = f"All are set up: {', '.join(named)}." if named else "It touches no model, host or knowledge base."
    return verdict("places", "Models, hosts and knowledge bases are allowed", passed, failures)
