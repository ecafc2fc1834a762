"""How the design system reaches the browser: our stylesheets and font, nothing from a network and no Radix theme.

Tokens and classes live in `assets/greenlane.css`, which also dresses the plain sign-in page; `assets/screens.css` and
`assets/apps.css` only arrange screens. All are linked as they are, outside the bundle: what is written is served.
Reflex adds the Radix theme (700 kB of CSS) as soon as one Radix component is used: a test forbids it.
"""

import reflex as rx

STYLESHEETS = ("greenlane.css", "screens.css", "apps.css", "reviews.css")


def head() -> list[rx.Component]:
    """What stands in the <head> of every page."""
    return [
        rx.el.meta(name="color-scheme", content="light dark"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin.woff2",
            type="font/woff2",
            cross_origin="anonymous",
            custom_attrs={"as": "font"},
        ),
        *(rx.el.link(rel="stylesheet", href=rx.asset(name)) for name in STYLESHEETS),
    ]
