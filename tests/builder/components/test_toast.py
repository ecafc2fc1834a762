from builder.components.toast import KEPT, Notices


def test_each_notice_has_an_id_of_its_own_so_that_the_browser_shows_it_once():
    notices = Notices()
    for number in range(KEPT + 2):
        notices._tell(f"Told {number}")
    assert [one["title"] for one in notices.told] == ["Told 2", "Told 3", "Told 4"]
    assert len({one["id"] for one in notices.told}) == KEPT
