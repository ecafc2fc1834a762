"""What the browser offers to choose is what the runtime takes."""

import re
from pathlib import Path

from builder.components import files
from nodes.sdk.files import derived


def test_the_endings_of_documents_are_those_the_runtime_knows():
    told = (Path(files.__file__).parent / "files_told.js").read_text()
    found = re.search(r'const DOCUMENTS = "([a-z ]+)"', told)
    assert found is not None
    endings = found.group(1).split()
    file = {"id": "file_1", "type": "application/octet-stream", "size": 1, "sha256": "0"}
    assert len(endings) > 20
    assert {derived({**file, "name": f"a.{each}"}, "kind") for each in endings} == {"document"}
