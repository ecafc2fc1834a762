"""The JSON Schema of a workflow file, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from runtime.graph.document import FORMAT, Document


def document_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the format this Greenlane writes. Settings of steps are open: their types say them."""
    found = Document.model_json_schema(by_alias=True)
    found["properties"]["greenlane"] |= {"const": FORMAT}
    found["required"] = ["greenlane", *found["required"]]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found, "title": "Greenlane workflow"}
