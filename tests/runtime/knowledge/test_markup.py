import pytest

from runtime.knowledge.markup import text_of_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Leave</h2><p>Thirty\n  days", "## Leave\n\nThirty days"),
        ("<ul><li>one<li><b>tw</b>o</ul>", "- one\n- two"),
        ("one<br>two", "one\ntwo"),
        ("<table><tr><td>a</td><td></td><td>b</td></tr><tr><td>c</table>", "a | b\nc"),
        ("<script>a()</script><style>p{}</style><template>t</template>seen<!-- not -->", "seen"),
        ("<p></p><div><div><p></p></div></div><p>x</p><p> </p><p>y</p>", "x\n\ny"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("", ""),
    ],
)
def test_html_becomes_text_that_keeps_its_shape(html: str, text: str):
    assert text_of_html(html) == text


def test_no_depth_is_too_deep():
    assert text_of_html("<div>" * 5_000 + "found") == "found"  # Python itself goes a thousand deep
