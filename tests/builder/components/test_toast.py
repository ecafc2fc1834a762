from builder.components.toast import KEPT, Notices


def test_each_notice_has_a_number_of_its_own_so_that_the_browser_shows_it_once():
    notices = Notices()
    for number in range(KEPT + 2):
        notices._tell(f"Told {number}")
    assert [one["number"] for one in notices.told] == [3, 4, 5]
    assert notices.told[-1]["title"] == f"Told {KEPT + 1}"
