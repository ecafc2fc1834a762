import pytest

from builder import routes
from builder.components.places import MENU
from builder.screens.pages import PAGES


@pytest.mark.slow
@pytest.mark.parametrize(("route", "draw"), [(route, draw) for route, _, draw, _ in PAGES])
def test_a_page_uses_no_radix_component_and_no_toaster_of_reflex(route: str, draw):
    libraries = set(draw()._get_all_imports())
    assert libraries
    assert not [name for name in libraries if "radix" in name or name.startswith("sonner")], route


def test_every_place_of_the_menu_is_a_page():
    assert {place.route for place in MENU} <= {route for route, _, _, _ in PAGES}


def test_addresses_are_made_of_their_routes():
    assert routes.run("r1") == routes.RUN.replace("[run_id]", "r1")
    assert routes.editor("w") == routes.EDITOR.replace("[workflow_name]", "w")
