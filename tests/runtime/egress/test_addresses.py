"""Which addresses may be connected to is decided on the number, whatever it is wrapped in."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.egress.addresses import barred

ANY_4 = st.integers(0, 2**32 - 1).map(IPv4Address)
ANY_6 = st.integers(0, 2**128 - 1).map(IPv6Address)


@pytest.mark.parametrize(
    ("address", "zones"),
    [
        ("93.184.216.34", "public company here"), ("2606:4700::6810:84e5", "public company here"),
        ("::ffff:93.184.216.34", "public company here"), ("64:ff9b::5db8:d822", "public company here"),
        ("10.1.2.3", "company here"), ("192.168.0.1", "company here"), ("172.31.255.255", "company here"),
        ("100.64.0.1", "company here"), ("fd12::1", "company here"), ("::ffff:10.0.0.1", "company here"),
        ("127.0.0.1", "here"), ("127.255.255.254", "here"), ("::1", "here"), ("::ffff:127.0.0.1", "here"),
        ("0.0.0.0", ""), ("0.1.2.3", ""), ("::", ""), ("255.255.255.255", ""), ("224.0.0.1", ""), ("ff02::1", ""),
        ("169.254.169.254", ""), ("::ffff:169.254.169.254", ""), ("64:ff9b::a9fe:a9fe", ""), ("169.254.170.2", ""),
        ("fd00:ec2::254", ""), ("168.63.129.16", ""), ("100.100.100.200", ""), ("192.0.0.192", ""), ("fe80::1", ""),
        ("fe80::1%eth0", ""), ("fec0::1", ""), ("2002:7f00:1::1", ""), ("2001:0:4136:e378::1", ""), ("198.18.0.1", ""),
        ("2606:4700::5efe:7f00:1", "here"), ("2606:4700::200:5efe:a00:1", "company here"), ("::7f00:1", ""),
        ("64:ff9b:1::1", ""), ("3fff::1", ""), ("5f00::1", ""), ("2001:db8::1", ""), ("192.0.2.1", ""), ("no", ""),
    ],
)  # fmt: skip
def test_an_address_and_the_zones_it_may_be_reached_from(address: str, zones: str):
    assert " ".join(zone for zone in ("public", "company", "here") if not barred(address, zone)) == zones


@given(ANY_4)
def test_what_is_not_routed_on_the_internet_is_never_reached_from_outside(address: IPv4Address):
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert barred(str(address), "public")


@given(ANY_6)
def test_nor_is_an_ipv6_address_of_that_kind(address: IPv6Address):
    if not address.is_global and address.ipv4_mapped is None:
        assert barred(str(address), "public")


@given(ANY_4, st.sampled_from(["::ffff:0:0", "64:ff9b::", "2606:4700::5efe:0:0", "2606:4700::200:5efe:0:0"]))
def test_a_wrapped_address_is_judged_as_what_is_inside(address: IPv4Address, around: str):
    wrapped = IPv6Address(int(ip_address(around)) + int(address))
    for zone in ("public", "company", "here"):
        assert bool(barred(str(wrapped), zone)) == bool(barred(str(address), zone))


@given(ANY_4 | ANY_6)
def test_further_inwards_may_only_be_more(address: IPv4Address | IPv6Address):
    reached = [not barred(str(address), zone) for zone in ("public", "company", "here")]
    assert reached == sorted(reached)
