from runtime.governance.checks.verdict import Evidence, counted, verdict


def test_any_failure_fails_and_any_warning_warns():
    bad, odd = Evidence("Bad.", "a"), Evidence("Odd.")
    assert verdict("x", "X", "Fine.", [], []).sentence == "Fine."
    assert verdict("x", "X", "Fine.", [bad], [odd]).evidence == (bad, odd)
    assert (verdict("x", "X", "Fine.", [bad]).ok, verdict("x", "X", "Fine.", [], [odd]).ok) == ("failed", "warning")


def test_one_and_many_are_told_apart():
    assert (counted(1, "thing"), counted(2, "thing"), counted(0, "flow goes", "flows go")) == (
        "1 thing", "2 things", "0 flows go"
    )  # fmt: skip
