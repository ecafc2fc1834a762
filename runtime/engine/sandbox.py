"""The sandbox for running steps: somebody's code in a caged worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nodes.sdk import Language, Ran, StepFailed
from runtime.engine.ports import SandboxPort


class RunSandbox:
    """Implements `nodes.sdk.Sandbox` for one run."""

    __slots__ = ("_owner", "_port")

    def __init__(self, port: SandboxPort, owner: str) -> None:
        self._port, self._owner = port, owner

    async def run(
        self, language: Language, source: str, inputs: Mapping[str, Any], *, entry: str = "", seconds: float = 2.0
    ) -> Ran:
        return await self._port.run(self._owner, language, source, inputs, entry=entry, seconds=seconds)

    async def apart(self, function: str, given: Any) -> Any:
        return await self._port.apart(function, given)


class CagedCode:
    """Implements `SandboxPort`. No worker is started before the first use."""

    async def run(
        self, owner: str, language: Language, source: str, inputs: Mapping[str, Any], *, entry: str, seconds: float # noqa: ARG002
    ) -> Ran:
        """See `SandboxPort`."""
        raise _missing()

    async def apart(self, function: str, given: Any) -> Any:
        """See `SandboxPort`."""
        raise _missing()

    def close(self) -> None:
        """See `SandboxPort`."""


def _missing() -> StepFailed:
    return StepFailed(
        "This step runs code, and this machine has no cage to run it in.",
        code="sandbox_missing",
        hint="Ask IT to run `greenlane doctor`, which says what is missing.",
    )
