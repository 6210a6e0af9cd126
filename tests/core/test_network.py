import pytest

from dagvandebuurt.core.network import UNKNOWN, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", UNKNOWN),
        (None, UNKNOWN),
        ("no address", UNKNOWN),
    ],
)
def test_a26_an_ipv6_line_counts_by_its_64_and_an_ipv4_line_by_its_address(address, network):
    assert network_of(address) == network
