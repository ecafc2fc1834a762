"""Which line of a script is named when it fails: the failing one, or none; never another."""

import pytest

from runtime.sandbox.worker.javascript import JavaScript
from runtime.sandbox.worker.javascript_lines import failing_line
from runtime.sandbox.worker.mistakes import Mistake


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("function main(x) {\n  x.y = 1;\n  throw new Error('x')\n}", 3),
        ("function main(x) {\n  const n = null;\n\n  return n.foo;\n}", 4),
        ("function main(x) {\n  const n = {};\n\n  return n['foo']['bar'];\n}", 4),
        ("function main(x) {\n  const n = null;\n  n.foo = 3;\n}", 3),
        ("function main(x) {\n  const n = null;\n  const { foo } = n;\n}", 0),
        ("function main(x) {\n  let y = 1;\n  return nope + y;\n}", 3),
        ("function main(x) {\n  const y = 1;\n\n  y = 2;\n}", 4),
        ("function main(x) {\n  const y = z;\n  let z = 3;\n}", 2),
        ("const main = (x) => {\n  const n = 1;\n  return [1].map((it) => it.a.b);\n}", 3),
        ("function main(x) {\n  return [1].map((it) => {\n    const n = 1;\n    return it.a.b;\n  });\n}", 4),
        ("function inner(z) {\n  return z.q.r;\n}\nfunction main(x) {\n  return inner({ q: x.r });\n}", 2),
        ("function main(x) {\n  const m = [1].map((it) => it);\n  const s = 1;\n  return m.a.b;\n}", 4),
        ("function main(x) {\n  const m = [1].map((it) => it).a.b;\n  return m.b;\n}", 2),
        ("function main(x) {\nthrow 3 in 4;\n}", 2),
        ("async function main(x) {\n  const z = {};\n  await 1;\n  return z.q.r;\n}", 4),
        ("function main(x) {\n  const z = {};\n\n  return JSON.parse('{');\n}", 4),
        ("function main(x) {\n  let x = ;\n}", 2),
        ("function main(x) {\n  return new\n    Foo();\n}", 3),
        ("function main(x) {\n  const a = null, b = null;\n  const n = a && a.foo;\n  return b.foo;\n}", 0),
    ],
)
def test_the_failing_line_is_named_or_none(source, line):
    with pytest.raises(Mistake) as mistake:
        JavaScript(64_000_000, 1_000).run(source, {"x": {"r": 1}}, "main", 2)
    assert mistake.value.line == line


@pytest.mark.parametrize(
    "words",
    [
        "", "no frames", "TypeError: x\n    at map (native)\n", "Error: a\n    at <input>:99999999999:1\n",
        "TypeError: cannot read property 'a' of null\n    at main (<input>:0:1)\n",
    ],
)  # fmt: skip
def test_words_that_name_no_place_name_no_line(words):
    assert failing_line(words, "a.b.a\na") == 0


def test_a_place_beyond_the_script_is_told_as_it_is():
    assert failing_line("ReferenceError: a is not defined\n    at main (<input>:9:9)\n", "a") == 9
