"""What leaves is what was asked for, and what the log keeps of it is without the credential and never long."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.sdk import Part, Request, StepFailed, host_of
from runtime.engine.keys import Worn
from runtime.engine.masking import BLOT
from runtime.engine.parcels import LONGEST_TOLD, parcel_of, target_of
from runtime.store.connections import ConnectionRow

SECRET = "sk-canary-0123456789"
ROW = ConnectionRow(
    id="con_1", name="Desk", host="api.example.com", plain=False, internal=False, description="", clearance="internal",
    header="", key_env="", stopped=None, updated=0.0, credential="query", query="api_key",
)  # fmt: skip
IN_QUERY = Worn(query="api_key", value=SECRET)


def packed(address="https://api.example.com/x", worn=IN_QUERY, **options):
    request = Request(method="POST", address=address, **options)
    return parcel_of(request, target_of(request), ROW, worn)


def test_a_credential_in_the_address_is_sent_and_told_to_nobody():
    parcel = packed("https://api.example.com/x?a=1")
    assert parcel.sent_address() == f"https://api.example.com/x?a=1&api_key={SECRET}"
    assert parcel.told["address"] == "https://api.example.com/x?a=1"
    assert SECRET not in repr(parcel)


def test_the_next_page_a_host_names_comes_with_the_credential_blotted_out_and_leaves_with_it_once():
    parcel = packed(f"https://api.example.com/x?page=2&api_key={BLOT}&size=5")
    assert parcel.sent_address() == f"https://api.example.com/x?page=2&size=5&api_key={SECRET}"


@pytest.mark.parametrize("query", ["api_key=mine", "api%5Fkey=mine", "a=1&api_key=", "api_key"])
def test_a_step_does_not_set_the_credential_of_a_connection_in_the_address(query):
    with pytest.raises(StepFailed) as failed:
        packed(f"https://api.example.com/x?{query}")
    assert failed.value.code == "bad_header"
    assert packed(f"https://api.example.com/x?{query}", Worn()).sent_address().endswith(query)


def test_a_short_body_is_in_the_log_and_a_long_one_is_its_digest():
    assert packed(body=f"a {SECRET}").told["body"] == f"a {BLOT}"
    long = "x" * (LONGEST_TOLD + 1)
    parcel = packed(body=long)
    assert parcel.told["body"] == {"size": len(long), "sha256": sha256(long.encode()).hexdigest()}
    assert parcel.body == long.encode()
    assert packed(body=b"\0\1").told["body"] == {"size": 2, "sha256": sha256(b"\0\1").hexdigest()}


def test_of_a_form_the_log_keeps_values_and_the_digests_of_files():
    parcel = packed(
        body=[Part("title", f"Bill {SECRET}".encode()), Part("file", b"%PDF", "bill.pdf", "application/pdf")],
        headers={"content-type": "text/plain", "X-Team": "ops"},
    )
    assert parcel.told["body"] == [
        {"name": "title", "value": f"Bill {BLOT}"},
        {"name": "file", "file": "bill.pdf", "size": 4, "sha256": sha256(b"%PDF").hexdigest()},
    ]
    assert b'filename="bill.pdf"' in (parcel.body or b"")
    assert parcel.headers["X-Team"] == "ops"
    assert parcel.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert "content-type" not in parcel.headers, "there is one"


_HOSTS = st.one_of(
    st.from_regex(r"[A-Za-z0-9.-]{1,12}", fullmatch=True), st.ip_addresses().map(lambda each: each.exploded),
    st.sampled_from(["API.example.com", "127.1", "0x7f.1", "::1", "::ffff:127.0.0.1", "2A00:0::0.0.0.1", "fe80::1%1"]),
)  # fmt: skip
_PORTS = st.one_of(st.just(""), st.from_regex(r":0{0,2}(80|443|8443|[0-9]{1,5})", fullmatch=True))


@given(
    st.sampled_from(["http", "https", "HTTPS"]), _HOSTS, _PORTS, st.sampled_from(["", "/", "/a?b", "?x", "#x", "\\"])
)
def test_a_call_leads_to_the_host_its_step_was_judged_by(scheme, host, port, rest):
    """Rights, data flow and approvals know the host by `host_of`; the connection is found by the target."""
    address = f"{scheme}://{f'[{host}]' if ':' in host else host}{port}{rest}"
    try:
        target = target_of(Request(method="GET", address=address))
    except StepFailed:
        return
    assert host_of(address) == target.named
