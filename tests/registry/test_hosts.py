"""Who may be asked whether an image is there: nobody inside the network whom the setting does not name itself."""

import pytest

from webapp.registry.hosts import Allowed, Host, NoSuchHost, NotAllowed, look_up

PUBLIC = "93.184.216.34"
INWARD = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "localhost", "[::1]", "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::1]", "169.254.169.254",
    "2852039166", "0xa9fea9fe", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[fc00::1]", "[ff02::1]", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "168.63.129.16", "100.100.100.200", "100.64.0.1", "192.0.0.8", "192.0.2.1",
    "198.18.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "192.88.99.1", "[2001:db8::1]",
]  # fmt: skip
NO_HOSTS = ["user@host", "host/path", "host#", "host\\@x", "https://host", "unix:", "", "１２７.0.0.1", "a b", "host\n"]
ANYBODY = Allowed.parse("*")


def asked(allowed: Allowed, name: str, *addresses: str, scheme: str = "https", port: int = 443) -> list[str]:
    """Ask for a name that leads to `addresses`; give them, and how often they were looked up."""
    looks: list[str] = []

    def resolve(name: str, port: int) -> tuple[str, ...]:
        looks.append(name)
        return addresses

    found = allowed.addresses(Host(scheme, name, port), resolve)
    assert len(looks) == 1
    return list(found)


@pytest.mark.parametrize("name", INWARD)
def test_where_any_public_host_may_be_asked_no_spelling_leads_inward(name: str) -> None:
    with pytest.raises((NotAllowed, NoSuchHost)):
        ANYBODY.addresses(Host("https", name, 443), look_up)


@pytest.mark.parametrize("name", NO_HOSTS)
def test_what_is_no_host_is_not_even_looked_up(name: str) -> None:
    with pytest.raises(NotAllowed):
        asked(ANYBODY, name, PUBLIC)


def test_a_public_address_may_be_asked() -> None:
    assert asked(ANYBODY, "registry.example", PUBLIC) == [PUBLIC]


def test_one_private_address_among_public_ones_refuses_them_all() -> None:
    with pytest.raises(NotAllowed):
        asked(ANYBODY, "registry.example", PUBLIC, "10.0.0.1")


@pytest.mark.parametrize(("scheme", "port"), [("https", 22), ("https", 6379), ("https", 0), ("http", 80)])
def test_other_ports_and_plain_http_are_only_for_hosts_that_are_named(scheme: str, port: int) -> None:
    with pytest.raises(NotAllowed):
        asked(ANYBODY, "registry.example", PUBLIC, scheme=scheme, port=port)


def test_a_well_known_registry_may_be_asked_unless_its_name_leads_inward() -> None:
    assert asked(Allowed.parse(""), "europe-docker.pkg.dev", PUBLIC) == [PUBLIC]
    with pytest.raises(NotAllowed):
        asked(Allowed.parse(""), "ghcr.io", "127.0.0.1")


def test_a_private_registry_may_be_asked_at_exactly_the_address_that_is_named() -> None:
    allowed = Allowed.parse("default, http://10.0.0.5:5000")
    assert asked(allowed, "10.0.0.5", "10.0.0.5", scheme="http", port=5000) == ["10.0.0.5"]
    assert asked(allowed, "quay.io", PUBLIC) == [PUBLIC]
    for scheme, port in [("https", 5000), ("http", 5001), ("https", 443)]:
        with pytest.raises(NotAllowed):
            asked(allowed, "10.0.0.5", "10.0.0.5", scheme=scheme, port=port)


def test_a_wildcard_names_no_private_host() -> None:
    with pytest.raises(NotAllowed):
        asked(Allowed.parse("*.company.example"), "registry.company.example", "10.0.0.5")


@pytest.mark.parametrize("name", ["ghcr.io.evil.example", "evilghcr.io", "pkg.dev", "evilpkg.dev", "registry.example"])
def test_by_default_only_the_well_known_ones_may_be_asked(name: str) -> None:
    with pytest.raises(NotAllowed):
        asked(Allowed.parse("default"), name, PUBLIC)


def test_with_none_nobody_is_asked() -> None:
    with pytest.raises(NotAllowed):
        asked(Allowed.parse("none"), "ghcr.io", PUBLIC)


def test_through_a_proxy_only_named_and_well_known_hosts_are_asked() -> None:
    allowed = Allowed.parse("default,*")
    assert allowed.addresses(Host("https", "ghcr.io", 443), look_up, proxied=True) == ()
    with pytest.raises(NotAllowed):
        allowed.addresses(Host("https", "registry.example", 443), look_up, proxied=True)


@pytest.mark.parametrize("text", ["none,default", "ghcr.io/team", "ftp://ghcr.io", "ghcr.io:0", "ghcr.io:99999", "a b"])
def test_a_setting_that_names_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host|alone"):
        Allowed.parse(text)
