import subprocess
import sys
from pathlib import Path

from runtime.operations.checking import check_file, document_schema, explain_file, problem_codes

EXAMPLE = Path(__file__).parents[3] / "examples" / "ticket-triage.yaml"


def test_a_sound_file_is_runnable_and_has_its_hash():
    checked = check_file(EXAMPLE.read_bytes())
    assert checked.runnable
    assert len(checked.hash) == 64
    assert checked.problems == ()


def test_a_file_that_cannot_be_read_gives_problems_instead_of_a_traceback():
    checked = check_file(b"\xff\xfe not text")
    assert not checked.runnable
    assert checked.problems[0].code in problem_codes()


def test_a_file_is_explained_in_the_titles_people_gave():
    text, problems = explain_file(EXAMPLE.read_bytes())
    assert not problems
    assert "{{" not in text, "references are shown in words"


def test_the_schema_describes_the_three_parts_of_a_document():
    assert {"words", "meaning", "layout"} <= document_schema()["properties"].keys()


def test_checking_loads_none_of_the_heavy_libraries():
    heavy = ("reflex", "litellm", "sqlalchemy", "fastapi", "uvicorn", "aiohttp")
    program = f"import sys, runtime.operations.checking; print([n for n in {heavy!r} if n in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
