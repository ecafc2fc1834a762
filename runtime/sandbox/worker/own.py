"""Our own functions, called on somebody's data: sorting, joining, matching, reading."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any

from nodes.sdk.node import StepFailed
from runtime.sandbox.worker.mistakes import Mistake


def call(name: str, given: Any) -> Any:
    """Call `nodes.data.lists:arrange`. Raises `Mistake` with the words of a `StepFailed`."""
    module, _, attribute = name.partition(":")
    assert module.split(".")[0] == "nodes", f"{name} is no function of a step type"
    function: Callable[[Any], Any] = getattr(import_module(module), attribute)
    try:
        return function(given)
    except StepFailed as error:
        raise Mistake(error.code, error.message, hint=error.hint) from None
    except MemoryError:
        raise
    except Exception as error:
        raise Mistake("internal", "".join(traceback.format_exception(error, limit=-5))) from error
