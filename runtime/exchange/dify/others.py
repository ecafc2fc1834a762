"""Steps without a counterpart: each keeps its place, with its settings and a sentence what to do."""

from __future__ import annotations

from runtime.exchange.dify.work import Here, Made
from runtime.exchange.loose import text

_OUTPUTS = {"tool": ("text", "files", "json"), "datasource": ("file",)}


def tool(here: Here) -> Made:
    """A tool of a plug-in, or another workflow used as one."""
    data = here.node.data
    name = text(data.get("tool_name")) or text(data.get("tool_label"))
    provider = text(data.get("provider_name")) or text(data.get("provider_id"))
    hint = "Call the service it stands for by “Call HTTP”, or do it in “Code”."
    if text(data.get("provider_type")) == "workflow":
        hint = "Import that workflow as well, and put “Run a workflow” in its place."
    return here.placeholder(f"Tool {name[:80]} ({provider[:80]})", hint, outputs=_OUTPUTS["tool"])


def source(here: Here) -> Made:
    """Where documents of a knowledge base come from."""
    name = text(here.node.data.get("datasource_label")) or text(here.node.data.get("datasource_name"))
    return here.placeholder(f"Data Source {name[:80]}".strip(), "Add the documents to a knowledge base on its page.",
                            outputs=_OUTPUTS["datasource"])  # fmt: skip


def index(here: Here) -> Made:
    """Putting passages into a knowledge base."""
    return here.placeholder("Knowledge Base", "Add the documents to a knowledge base on its page; it splits and "
                            "indexes them.")  # fmt: skip


def unknown(here: Here) -> Made:
    """Anything else."""
    return here.placeholder(here.node.kind[:80], "Put a step in its place that does the same.")
