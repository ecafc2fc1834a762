"""The page `/editor/…`: the canvas, or why there is none."""

import reflex as rx

from builder import routes
from builder.canvas.canvas import BRING, KEPT, PROSE, Canvas
from builder.components.empty import empty
from builder.components.importing import import_drop
from builder.components.link import link
from builder.components.shell import full_bleed
from builder.editor.governed import Governed
from builder.editor.state import Editor
from builder.editor.submit_view import submit_button, submit_dialogs
from builder.editor.trying import Tried

ADDRESS = rx.Var("typeof location === 'undefined' ? '' : location.pathname.replace(/\\/$/, '')", _var_type=str)
"""read where the page is: at first the server still sends the workflow that was open before"""


def screen() -> rx.Component:
    canvas = Canvas.create(
        submit_button(),
        at=ADDRESS,
        opened=Editor.opened,
        sync=Editor.sync,
        check=Editor.check,
        catalogue=Editor.catalogue,
        aliases=Editor.aliases,
        bases=Editor.bases,
        workflows=Editor.workflows,
        people=Editor.people,
        hosts=Editor.hosts,
        origin=Editor.origin,
        prose=PROSE,
        bring=BRING,
        kept=KEPT,
        largest=Editor.largest,
        run=Editor.run,
        filled=Editor.filled,
        spoken=Editor.spoken,
        inspected=Editor.inspected,
        items=Editor.items,
        item=Editor.item,
        tried=Tried.tried,
        inside=Tried.inside,
        governed=Governed.governed,
        on_edits=Editor.edit,
        on_resync=Editor.resync,
        on_run=Editor.start,
        on_fill_in=Editor.fill_in,
        on_cancel=Editor.cancel,
        on_inspect=Editor.inspect,
        on_items=Editor.list_items,
        on_item=Editor.open_item,
        on_run_step=Tried.run_step,
        on_run_from=Tried.run_from,
        on_pin=Tried.pin,
        on_unpin=Tried.unpin,
        on_keep=Tried.keep,
        on_tried_items=Tried.list_items,
        on_look_inside=Tried.look_inside,
        on_stay=Editor.stay,
        on_versions=Governed.look,
        on_save_version=Governed.save,
        on_restore=Governed.restore,
        on_compare=Governed.compare,
        on_tests=Governed.look_at_tests,
        on_save_test=Governed.save_test,
        on_remove_test=Governed.remove_test,
        on_run_tests=Governed.run_tests,
    )
    left = rx.el.span(on_unmount=Editor.leave, hidden=True)
    return full_bleed(rx.cond(Editor.missing, _missing(), canvas), submit_dialogs(), import_drop(), left)


def _missing() -> rx.Component:
    return empty(
        "This workflow is not here",
        "It may have been deleted, or you may not be allowed to see it.",
        link("All workflows", to=routes.WORKFLOWS, class_name="gl-button gl-button--primary"),
        icon_name="search",
    )
