"""Files: as an input of a form (`bring.jsx`), beside a message of a chat (`composer.jsx`), and as what a run has
(`kept.jsx`). What they share is `files_told.js`."""

from typing import TypedDict

import reflex as rx

from builder.shipped import shipped

shipped(__file__, "files_told.js")


class Handle(TypedDict):
    """A file as the browser gets it."""

    id: str
    name: str
    type: str
    size: int
    sha256: str


class Kept(rx.Component):
    """See kept.jsx."""

    library = shipped(__file__, "kept.jsx")
    tag = "Kept"
    files: rx.Var[list[Handle]]


class Bring(rx.Component):
    """See bring.jsx."""

    library = shipped(__file__, "bring.jsx")
    tag = "Bring"
    name: rx.Var[str]
    many: rx.Var[bool]
    kinds: rx.Var[list[str]]
    endings: rx.Var[list[str]]
    most: rx.Var[int]
    given: rx.Var[list[Handle]]
    describedby: rx.Var[str]
    invalid: rx.Var[bool]


class Composer(rx.Component):
    """Where a message of a chat is written. See composer.jsx."""

    library = shipped(__file__, "composer.jsx")
    tag = "Composer"
    name: rx.Var[str]
    label: rx.Var[str]
    file_name: rx.Var[str]
    many: rx.Var[bool]
    kinds: rx.Var[list[str]]
    endings: rx.Var[list[str]]
    most: rx.Var[int]
    off: rx.Var[bool]
    returned: rx.Var[str]
    returns: rx.Var[int]


class Tail(rx.Component):
    """The end of a conversation, which stays in sight and in the address of the page. See composer.jsx."""

    library = shipped(__file__, "composer.jsx")
    tag = "Tail"
    mark: rx.Var[str]
    jump: rx.Var[str]
    first: rx.Var[str]
    page: rx.Var[str]
    query: rx.Var[str]


class Folded(rx.Component):
    """A list that is folded at first on a phone. See composer.jsx."""

    library = shipped(__file__, "composer.jsx")
    tag = "Folded"
    title: rx.Var[str]


def kept_files(files: rx.Var[list[Handle]]) -> rx.Component:
    """Files of a run, with a glance inside and a way to save them."""
    return Kept.create(files=files)
