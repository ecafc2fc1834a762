"""What changes by itself, asked for again while somebody looks."""

import reflex as rx

from builder.shipped import shipped


class Again(rx.Component):
    """See again.jsx."""

    library = shipped(__file__, "again.jsx")
    tag = "Again"
    on_again: rx.EventHandler[rx.event.no_args_event_spec]
