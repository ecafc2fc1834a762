"""Versions and test cases of the workflow that is open, and two versions side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import reflex as rx

from builder import routes
from builder.components.toast import told
from builder.session import current_actor, requires
from builder.wiring import runtime
from runtime.operations import test_cases, versions
from runtime.operations.governance import Crossing
from runtime.operations.test_cases import CaseCard
from runtime.operations.versions import Comparison, VersionCard


class Governed(rx.State):
    """What lies beside the canvas."""

    governed: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """of one workflow, by its name: what was there of another one is not shown"""

    @requires("version.see")
    async def look(self) -> None:
        """The list of versions."""
        async with told(self):
            await self._versions()

    @requires("version.save")
    async def save(self, title: str, note: str) -> None:
        """Keep the draft as it is."""
        async with told(self):
            await versions.save_version(runtime(), current_actor(), name=self._name(), title=title, note=note)
            await self._versions()

    @requires("version.restore")
    async def restore(self, version: str) -> None:
        """Make the draft what a version was; the canvas hears of it as of any change."""
        async with told(self):
            await versions.restore_version(runtime(), current_actor(), name=self._name(), version=version)
            await self._versions()

    @requires("version.see")
    async def compare(self, before: str, after: str) -> None:
        """Show two versions side by side."""
        async with told(self):
            name = self._name()
            first, second = None if before == "none" else before, after or None
            found = await versions.compare_versions(runtime(), current_actor(), name=name, before=first, after=second)
            cards = await versions.list_versions(runtime(), current_actor(), name=name)
            numbers = {each.id: f"version {each.number}" for each in cards}
            title = f"{numbers.get(before, 'Nothing')} → {numbers.get(after, 'the draft now')}"
            self._put(compared=_compared(found, title[:1].upper() + title[1:]))

    @requires("test.see")
    async def look_at_tests(self) -> None:
        """The test cases with how they last went."""
        async with told(self):
            self._cases(await test_cases.list_cases(runtime(), current_actor(), name=self._name()))

    @requires("test.edit")
    async def save_test(self, case: str, title: str, inputs: dict[str, Any], expected: list[dict[str, Any]]) -> None:
        """Write a test case, new or changed."""
        async with told(self):
            actor, name = current_actor(), self._name()
            await test_cases.save_case(
                runtime(), actor, name=name, title=title, inputs=inputs, expected=expected, case=case or None
            )
            self._cases(await test_cases.list_cases(runtime(), actor, name=name))

    @requires("test.edit")
    async def remove_test(self, case: str) -> None:
        """Take a test case away."""
        async with told(self):
            await test_cases.remove_case(runtime(), current_actor(), name=self._name(), case=case)
            self._cases(await test_cases.list_cases(runtime(), current_actor(), name=self._name()))

    @requires("run.start")
    async def run_tests(self):
        """Run all test cases with the draft as it is now."""
        self._put(testing=True)
        yield
        async with told(self):
            self._cases(await test_cases.run_cases(runtime(), current_actor(), name=self._name()))
        self._put(testing=False)

    def _name(self) -> str:
        return routes.last(self.router.url.path)

    async def _versions(self) -> None:
        cards = await versions.list_versions(runtime(), current_actor(), name=self._name())
        self._put(versions=[_version(each) for each in cards])

    def _cases(self, cards: list[CaseCard]) -> None:
        self._put(cases=[asdict(each) for each in cards])

    def _put(self, **parts: Any) -> None:
        name = self._name()
        kept = self.governed if self.governed.get("name") == name else {"name": name}
        self.governed = {**kept, "compared": None, **parts}


def crossing_of(each: Crossing) -> dict[str, Any]:
    """One line of what goes where, as the canvas shows it."""
    return {
        "source": each.source_title,
        "data_class": each.data_class.value,
        "tags": sorted(tag.value for tag in each.tags),
        "sink": each.sink_title,
        "sink_kind": each.sink_kind,
        "clearance": each.clearance.value if each.clearance else None,
        "outside": each.outside,
        "allowed": each.allowed,
        "step": each.step,
        "sentence": each.sentence,
    }


def _version(card: VersionCard) -> dict[str, Any]:
    kept = ("id", "number", "hash", "title", "note", "person", "created")
    return {name: getattr(card, name) for name in kept}


def _compared(found: Comparison, title: str) -> dict[str, Any]:
    before = found.before.model_dump(mode="json", by_alias=True) if found.before else None
    changes = [
        {
            "code": each.code,
            "reason": each.reason,
            "sentence": each.sentence,
            "material": each.material,
            "change": each.change.as_dict() if each.change else None,
        }
        for each in found.changes
    ]
    after = found.after.model_dump(mode="json", by_alias=True)
    return {"title": title, "before": before, "after": after, "changes": changes}
