"""Which internet addresses are public: whoever types the name of a host must not reach what only this computer can."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

# RFC 6052, 2.1: the last 32 bits are an IPv4 address, which a gateway of the network connects to.
NAT64 = IPv6Network("64:ff9b::/96")
# What `is_global` takes for public and no registry has. IANA's registries of special addresses say what each is.
NEVER_PUBLIC = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    # Of every virtual machine on Azure: its platform.
    IPv4Network("168.63.129.16/32"),
    IPv6Network("::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("5f00::/16"),
    IPv6Network("fec0::/10"),
)


def is_public(text: str) -> bool:
    """Whether an address, as the system's resolver writes it, is one that everybody can reach.

    Addresses that stand for another one are judged by it too: mapped, NAT64, 6to4 and Teredo.
    """
    address = ip_address(text.partition("%")[0])
    return all(is_global(each) for each in (address, *embedded(address)))


def is_global(address: Address) -> bool:
    """Whether an address by itself is public."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in NAT64):
        return True
    listed = any(address in network for network in NEVER_PUBLIC if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not listed


def embedded(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        found.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    return [each for each in found if each is not None]
