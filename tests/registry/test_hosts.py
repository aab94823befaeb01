"""Who may be asked whether an image is there: nobody inside the network whom the setting does not name itself."""

import pytest

from webapp.registry.addresses import is_public
from webapp.registry.hosts import WELL_KNOWN, Allowed, BadHost, Host, NotAllowed

PUBLIC = "93.184.216.34"
PRIVATE = [
    "127.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::1", "169.254.169.254", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1",
    "ff02::1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "168.63.129.16", "100.100.100.200", "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "192.88.99.1", "2001:db8::1",
    "5f00::1", "4000::1",
]  # fmt: skip
GLOBAL = [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
NO_HOSTS = [
    "user@host", "host/path", "host#", "host\\@x", "https://host", "unix:", "", "１２７.0.0.1", "a b", "host\n",
    "host:", "host:99999", "host:0", "[::1", "a" * 254,
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", GLOBAL)
def test_an_address_that_everybody_reaches_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("name", NO_HOSTS)
def test_what_is_no_host_names_none(name: str) -> None:
    with pytest.raises(BadHost):
        Allowed.parse("*").typed(name)


def allowed(setting: str, url: str, *addresses: str, proxied: bool = False) -> bool:
    """Whether an address may be asked when its host's name leads to these."""
    found = Allowed.parse(setting)
    try:
        found.check(Host.in_url(url), proxied)
        found.check_addresses(Host.in_url(url), addresses)
    except NotAllowed:
        return False
    return True


def test_with_a_star_any_public_host_may_be_asked() -> None:
    assert allowed("*", "https://registry.example", PUBLIC)
    assert not allowed("*", "https://registry.example", "10.0.0.1")


def test_one_private_address_among_public_ones_refuses_them_all() -> None:
    assert not allowed("*", "https://registry.example", PUBLIC, "10.0.0.1")


@pytest.mark.parametrize(
    "url", ["https://a.example:22", "https://a.example:6379", "http://a.example", "http://ghcr.io"]
)
def test_other_ports_and_plain_http_are_only_for_hosts_that_are_named(url: str) -> None:
    assert not allowed("*", url, PUBLIC)
    assert allowed(f"*,{url}", url, PUBLIC)


@pytest.mark.parametrize("setting", ["", "default", "*", "default,*"])
def test_a_well_known_registry_may_be_asked_unless_its_name_leads_inward(setting: str) -> None:
    assert allowed(setting, "https://europe-docker.pkg.dev", PUBLIC)
    assert not allowed(setting, "https://ghcr.io", "127.0.0.1")


def test_a_private_registry_may_be_asked_at_exactly_the_address_that_is_named() -> None:
    setting = "default, http://10.0.0.5:5000, [fd00::5]"
    assert allowed(setting, "http://10.0.0.5:5000", "10.0.0.5")
    assert allowed(setting, "https://[FD00::5]", "fd00::5")
    assert allowed(setting, "https://quay.io", PUBLIC)
    for url in ["https://10.0.0.5:5000", "http://10.0.0.5:5001", "https://10.0.0.5", "https://[fd00::6]"]:
        assert not allowed(setting, url, "10.0.0.5")


def test_plain_http_is_meant_only_where_it_is_named() -> None:
    found = Allowed.parse("http://10.0.0.5:5000,http://plain.example")
    assert found.typed("10.0.0.5:5000") == Host("http", "10.0.0.5", 5000)
    assert found.typed("Plain.Example") == Host("http", "plain.example", 80)
    assert found.typed("10.0.0.5:5001") == Host("https", "10.0.0.5", 5001)


def test_who_is_asked_without_encryption_can_be_told() -> None:
    found = Allowed.parse("default,http://10.0.0.5:5000,http://*.plain.example,registry.example")
    assert [host.url for host in found.plain] == ["http://10.0.0.5:5000", "http://plain.example"]


def test_a_wildcard_names_no_private_host() -> None:
    assert allowed("*.company.example", "https://registry.company.example", PUBLIC)
    assert not allowed("*.company.example", "https://registry.company.example", "10.0.0.5")


@pytest.mark.parametrize("name", ["ghcr.io.evil.example", "evilghcr.io", "pkg.dev", "evilpkg.dev", "registry.example"])
def test_by_default_only_the_well_known_ones_may_be_asked(name: str) -> None:
    assert not allowed("default", f"https://{name}", PUBLIC)


@pytest.mark.parametrize("name", [name for name in WELL_KNOWN if "*" not in name])
def test_with_none_nobody_is_asked(name: str) -> None:
    assert allowed("default", f"https://{name}", PUBLIC)
    assert not allowed("none", f"https://{name}", PUBLIC)
    assert Allowed.parse("none").nobody and not Allowed.parse("default").nobody


def test_named_hosts_alone_leave_out_the_well_known_ones() -> None:
    assert not allowed("registry.company.example", "https://ghcr.io", PUBLIC)


def test_through_a_proxy_only_named_and_well_known_hosts_are_asked() -> None:
    assert allowed("*", "https://ghcr.io", proxied=True)
    assert allowed("*,registry.company.example", "https://registry.company.example", proxied=True)
    assert not allowed("*", "https://registry.example", proxied=True)


@pytest.mark.parametrize(
    "text",
    ["none,default", "ghcr.io/team", "ftp://ghcr.io", "ghcr.io:0", "ghcr.io:99999", "a b", ",".join(["a.io"] * 201)],
)
def test_a_setting_that_names_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host|alone"):
        Allowed.parse(text)
