"""The pages of somebody who is not signed in: plain HTML, no script."""

import html

from starlette.responses import HTMLResponse

from runtime.operations.invitations import Invited

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Greenlane</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/greenlane.css">
</head>
<body>
<main class="gl-sign-in">
<div class="gl-card">
<h1>{title}</h1>
{alert}{inside}
</div>
</main>
</body>
</html>
"""

_USUAL_WAY = """<form method="post" action="/sign-in">
{fields}
<button class="gl-button gl-button--primary" type="submit">Sign in</button>
</form>
<p class="gl-small">First time here? Open the invitation you were sent. Forgotten the password? Your platform owner
makes you a new link.</p>"""

# A button rather than signing in at once: mail programs and chats open links to look at them, and a code works once.
_ONE_CLICK = """<p>You are one click away.</p>
<form method="post" action="/sign-in">
<input type="hidden" name="code" value="{code}">
<button class="gl-button gl-button--primary" type="submit" autofocus>Sign in</button>
</form>"""

_NEW = """<p>{words}</p>
<form method="post" action="/sign-in">
<input type="hidden" name="code" value="{code}">
{fields}
<button class="gl-button gl-button--primary" type="submit">{verb}</button>
</form>"""

_FIELD = """<div class="gl-field"><label class="gl-label" for="{name}">{label}</label>
<input class="gl-input" id="{name}" name="{name}" type="{kind}" value="{value}" autocomplete="{fills}" {more}required>
{help}</div>"""


def by_password(alert: str = "", email: str = "", status: int = 200) -> HTMLResponse:
    """The usual way in."""
    fields = [
        _field("email", "E-mail", "email", email, "username", "" if email else "autofocus "),
        _field("password", "Password", "password", "", "current-password", "autofocus " if email else ""),
    ]
    return _page("Greenlane", _USUAL_WAY.format(fields="\n".join(fields)), alert, status)


def by_link(code: str) -> HTMLResponse:
    """One click away."""
    return _page("Greenlane", _ONE_CLICK.format(code=html.escape(code)))


def come_in(code: str, who: Invited, alert: str = "", name: str = "", status: int = 200) -> HTMLResponse:
    """The first time, and after a password was lost."""
    first = who.purpose == "invite"
    email = f"<strong>{html.escape(who.email)}</strong>"
    password = _field(
        "password", "Choose a password", "password", "", "new-password", 'minlength="12" maxlength="200" ',
        "12 characters or more. A few words in a row are easy to remember.",
    )  # fmt: skip
    named = [_field("name", "Your name", "text", name or who.name, "name", 'maxlength="100" ')] if first else []
    # what a password manager files the password under
    user = f'<input type="hidden" name="email" autocomplete="username" value="{html.escape(who.email)}">'
    words = f"You will sign in as {email}." if first else f"A new password for {email}. Where you are signed in ends."
    inside = _NEW.format(
        words=words, code=html.escape(code), fields="\n".join([user, *named, password]),
        verb="Come in" if first else "Set password and sign in",
    )  # fmt: skip
    return _page("Welcome to Greenlane" if first else "New password", inside, alert, status)


def _field(name: str, label: str, kind: str, value: str, fills: str, more: str, help_: str = "") -> str:
    words = f'<p class="gl-help">{html.escape(help_)}</p>' if help_ else ""
    return _FIELD.format(
        name=name, label=label, kind=kind, value=html.escape(value), fills=fills, more=more, help=words
    )


def _page(title: str, inside: str, alert: str = "", status: int = 200) -> HTMLResponse:
    said = f'<p role="alert">{html.escape(alert)}</p>\n' if alert else ""
    text = _PAGE.format(title=title, alert=said, inside=inside)
    return HTMLResponse(text, status, {"cache-control": "no-store"})
