"""What the interpreter lacks does the same as Python's own: each expression is worked out by both."""

import pytest

from runtime.sandbox.worker.brought import MODULES, brought, texts
from runtime.sandbox.worker.mistakes import Mistake
from runtime.sandbox.worker.python import Python
from runtime.sandbox.workers import MONTY

TEXTS = texts()


@pytest.fixture(scope="module")
def python():
    return Python(64_000_000, 100_000, str(MONTY))


def both(python, source):
    """What Python itself makes of `main`, and what the interpreter in the cage does."""
    names = {}
    exec(compile(source, "step", "exec"), names)  # noqa: S102 - written here
    return names["main"](), python.run(source, {}, "main", 5.0)[0]


@pytest.mark.parametrize(
    ("module", "expressions"),
    [
        ("string", ["string.ascii_letters + string.digits + string.punctuation", "string.printable",
                    "string.capwords('ada king  lovelace')", "string.hexdigits + string.whitespace"]),
        ("operator", ["sorted([{'a': 2}, {'a': 1}], key=operator.itemgetter('a'))",
                      "operator.itemgetter(0, 2)('abc')", "operator.add(1, 2)",
                      "operator.floordiv(7, 2)", "operator.mod(7, 2)", "operator.contains([1], 1)",
                      "[operator.lt(1, 2), operator.ge(1, 2), operator.ne(1, 1), operator.truediv(1, 2)]"]),
        ("html", ["html.escape('<a href=\"x\">&\\'</a>')", "html.escape('\"', quote=False)",
                  "html.unescape('&lt;b&gt; &amp;amp; &#39;&#x4e2d;&nbsp;&hellip;&unknown; & &;')",
                  "html.unescape('&#0;&#xD800;')"]),
        ("urllib.parse", ["urllib.parse.quote('a b/ä?&=+~中')", "urllib.parse.quote('a/b', safe='')",
                          "urllib.parse.quote_plus('a b&c/d')", "urllib.parse.unquote('a%20b%2Fc%E4%B8%AD+%zz%C3')",
                          "urllib.parse.unquote_plus('a+b%2B')",
                          "urllib.parse.urlencode({'q': 'a b', 'n': 3, 'l': [1, 2]}, doseq=True)",
                          "urllib.parse.urlencode([('a', 'ä'), ('b', '')])",
                          "urllib.parse.parse_qs('a=1&a=2&b=&c=%20x')", "urllib.parse.parse_qsl('a=1&b=', True)",
                          "list(urllib.parse.urlparse('https://u@a.example:8/p/q.html?x=1&y=2#frag'))",
                          "urllib.parse.urlparse('https://a.example/p').netloc",
                          "list(urllib.parse.urlsplit('//a.example/p?x'))", "list(urllib.parse.urlsplit('a/b#c'))",
                          "urllib.parse.urlunparse(urllib.parse.urlparse('https://a.example/p?x=1#f'))",
                          "[urllib.parse.urljoin('https://a.example/b/c/d?x', each) for each in"
                          " ['e', '/e', '../e', './e', '../../../e', '?y=1', '#f', '//b.example/x', 'http://c/d', '',"
                          " 'e/..']]"]),
        ("uuid", ["str(uuid.UUID('12345678123456781234567812345678'))",
                  "uuid.UUID('{12345678-1234-5678-1234-567812345678}').hex", "len(str(uuid.uuid4()))",
                  "uuid.uuid4() != uuid.uuid4()", "str(uuid.uuid4())[14]"]),
        ("hmac", ["hmac.new(b'key', b'said', 'sha256').hexdigest()",
                  "hmac.new(b'k' * 200, b'said', 'sha512').hexdigest()", "hmac.new(b'', b'', 'md5').hexdigest()",
                  "hmac.compare_digest('a', 'a')", "hmac.digest(b'k', b's', 'sha256').hex()"]),
        ("statistics", ["statistics.mean([1, 2, 3])", "statistics.mean([1, 2])", "statistics.fmean([1, 2, 3])",
                        "statistics.median([3, 1, 2])", "statistics.median([1, 2, 3, 4])",
                        "statistics.mode(['a', 'b', 'b'])", "round(statistics.stdev([1, 2, 4]), 9)",
                        "round(statistics.pstdev([1, 2, 4]), 9)", "round(statistics.variance([1.5, 2, 4]), 9)"]),
        ("textwrap", ["textwrap.dedent('  a\\n    b\\n\\n  c')", "textwrap.dedent('\\ta\\n  b')",
                      "textwrap.indent('a\\n\\nb\\n', '> ')", "textwrap.wrap('the quick brown fox jumps', 10)",
                      "textwrap.wrap('a ' + 'x' * 25 + ' b', 10)", "textwrap.fill('one two three', 8)",
                      "textwrap.shorten('one two three four', 12)", "textwrap.shorten('one', 12)"]),
    ],
)  # fmt: skip
def test_a_module_does_what_pythons_own_does(python, module, expressions):
    for each in expressions:
        theirs, ours = both(python, f"import {module}\ndef main():\n    return {each}")
        assert ours == theirs, each


@pytest.mark.parametrize(
    "source",
    [
        "from html import escape\ndef main():\n    return escape('<')",
        "from html import (\n    escape as e,\n    unescape,\n)\ndef main():\n    return e('<') + unescape('&gt;')",
        "import json, html as h, re\ndef main():\n    return json.dumps(h.escape('<')) + re.escape('.')",
        "import urllib.parse as p\ndef main():\n    return p.quote(' ')",
        "from urllib import parse\ndef main():\n    return parse.quote(' ')",
        "import urllib.parse\ndef main():\n    import urllib.parse\n    return urllib.parse.quote(' ')",
        "from urllib.parse import quote, urlencode\ndef main():\n    return quote(' ') + urlencode({'a': 1})",
        "from collections import OrderedDict, Counter\ndef main():\n    return list(OrderedDict(a=Counter('aa')['a']))",
        "import hashlib, hmac\ndef main():\n    return hmac.new(b'k', b's', hashlib.sha256).hexdigest()",
        "def main():\n    try:\n        from string import digits\n    except ImportError:\n        digits = ''\n"
        "    return digits",
        "import operator, datetime\ndef main():\n    return operator.attrgetter('year')(datetime.date(2026, 1, 1))",
        "import string; x = 'ä'; import html\ndef main():\n    return x + string.digits + html.escape('<')",
        "def main():\n    d = {'a': 1, 'b': [1, 2, 3]}\n    del d['a'], d['b'][0]\n    x = 1\n    del x\n    return d",
        "def main():\n    d = {('a', 1): 1}\n    for k in list(d):\n        if True: del d[k]\n    return len(d)",
        "import re\ndef main():\n    return re.sub(r'(\\d+)', lambda m: str(int(m.group(1)) * 2), 'a1b22')",
        "import re\ndef main():\n    return re.sub('x', lambda m: 'y', 'xxx', count=2) + re.sub('X', 'z', 'xX')",
        "import re\nP = re.compile('[aä]', re.I)\ndef up(m):\n    return m.group().upper()\n"
        "def main():\n    return P.sub(up, 'aäb') + P.sub('-', 'ab') + re.compile('b').sub(up, 'bb', 1)",
        "import re\ndef main():\n    return re.sub(\n        'x',\n        repl=lambda m: '<' + m.group() + '>',\n"
        "        string='axa')",
        "def main():\n    return 'import html and del this'.replace('html', 'x')",
        "from datetime import datetime\ndef main():\n    return [datetime.utcnow().year, datetime.today().year]",
        "import datetime as d\ndef main():\n    return d.datetime.utcfromtimestamp(1.5).isoformat()",
        "from datetime import date, datetime as dt, timezone\ndef main():\n"
        "    moments = [dt.fromtimestamp(86400, timezone.utc), dt.fromtimestamp(0, tz=timezone.utc)]\n"
        "    return [each.isoformat() for each in moments] + [date.today().year]",
        "import string\ndef main():\n    return 'a, b!'.translate(str.maketrans('', '', string.punctuation))",
        "def main():\n    return 'abc'.translate(str.maketrans('ab', 'xy')) + 'é'.translate({233: 'e', 97: None})",
        "def main():\n    t = str.maketrans({'a': '1', 'b': None})\n    return 'aabc'.translate(t)",
        "import json\nfrom datetime import date\ndef main():\n"
        "    return json.dumps({'d': [date(2026, 1, 1)], 'n': None, 't': (1,)}, default=str, indent=1)",
        "import re\nP = re.compile('a')\ndef main():\n"
        "    return re.sub('b', lambda m: P.sub(lambda k: 'c', 'ab'), 'ab').translate({97: 'x'}).translate({120: 'y'})",
        "def main():\n    d = {'a': [{'b': 1}]}\n    del d['a'][len('b'.translate({98: 'xy'})) - 2]['b']\n    return d",
    ],
)  # fmt: skip
def test_however_it_is_written(python, source):
    theirs, ours = both(python, source)
    assert ours == theirs


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("import (\n html", 0, ""),
        ("from html import (\n  escape,\n)\ndef main():\n    return escape(1 / 0)", 5, "ZeroDivisionError"),
        ("from html import escape\ndef main():\n    return escape(3)", 3, "AttributeError"),
        ("import html\ndef main():\n    return html.nobody", 3, "nobody"),
        ("d = {}\ndel d['a']\n", 2, "KeyError"),
        ("a = [1]\ndel a[0:1]", 2, "del"),
        ("import urllib.request\n", 1, "urllib"),
        ("import enum, html\n", 1, "enum"),
    ],
)
def test_a_mistake_is_told_at_its_own_line(python, source, line, words):
    with pytest.raises(Mistake) as told:
        python.run(source, {}, "main" if "def main" in source else "", 5.0)
    assert line in (0, told.value.line)
    assert words in told.value.message


def test_source_that_needs_nothing_is_left_as_it_is():
    for source in ("x = 1", "import json\nmodel = 'del'", "def main(:", "del", "import html" + "(" * 100_000):
        assert brought(source, TEXTS) == ("", source)


def test_what_is_brought_along_cannot_be_changed_for_others(python):
    spoil = "import string\nstring.digits = 'x'\nstring__.digits"
    assert python.run(spoil, {}, "", 5.0)[0] == "x"
    assert python.run("import string\nstring.digits", {}, "", 5.0)[0] == "0123456789"


def test_logs_are_printed_and_traces_are_silent(python):
    source = (
        "import logging, traceback\nlogging.basicConfig(level=logging.INFO)\nlog = logging.getLogger(__name__)\n"
        "log.warning('%s of %d', 'a', 2)\nlog.setLevel(1)\nlogging.error('no')\ntraceback.format_exc()"
    )
    assert python.run(source, {}, "", 5.0) == ("", "WARNING:a of 2\nERROR:no\n")


def test_every_module_is_there():
    assert set(TEXTS) == {*MODULES, "methods"}
