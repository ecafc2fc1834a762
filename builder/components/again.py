"""What changes by itself, asked for again while somebody looks."""

import reflex as rx


class Again(rx.Component):
    """See again.jsx."""

    library = rx.asset("again.jsx", shared=True).importable_path
    tag = "Again"
    on_again: rx.EventHandler[rx.event.no_args_event_spec]
