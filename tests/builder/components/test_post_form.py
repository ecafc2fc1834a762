import json

from builder.components.post_form import post_button


def test_the_browser_itself_sends_the_form():
    drawn = post_button("Sign out", "/sign-out")
    assert "on_submit" not in drawn.event_triggers
    html = json.dumps(drawn.render())
    assert 'method:\\"post\\"' in html
    assert 'action:\\"/sign-out\\"' in html
