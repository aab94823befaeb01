"""Where requests come from, as far as one person can choose it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

# Who is given IPv6 at all is given so much of it, at the least (RFC 6177, RIPE-690).
ONE_SITE = 64


def network_of(origin: str | None) -> str:
    """What counts as one origin: an IPv4 address, also where it is written as IPv6, or a /64 of IPv6.

    What is no address counts as it is.
    """
    try:
        address = ip_address(origin or "")
    except ValueError:
        return origin or ""
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), ONE_SITE), strict=False))
