"""Which network addresses calls may go to: only those of the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Python's own `is_global` lets NAT64, 6to4, multicast and some metadata addresses through.
_DENIED = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this machine
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own; Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata
        "169.254.0.0/16",  # link-local; everybody else's metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # Oracle's metadata
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo among others
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries any IPv4 address
        "3fff::/20",
    )
)
_PUBLIC_IPV6 = ip_network("2000::/3")  # what lies outside carries IPv4 addresses, or is local
# What a cloud tells its machines about themselves, passwords included; nobody may let calls through to these.
_METADATA = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
        "fd20:ce::254/128",
        "fe80::/10",
        "64:ff9b::/96",  # NAT64 carries any IPv4 address
        "64:ff9b:1::/48",
        "2002:a9fe::/32",  # 6to4 of 169.254.0.0/16
        "::a9fe:0/112",  # the oldest way to write it
    )
)


def is_public(address: str) -> bool:
    """Say whether this is an address of the public internet; what is no address is none."""
    found = _parsed(address)
    if found is None or any(found in network for network in _DENIED):
        return False
    return isinstance(found, IPv4Address) or found in _PUBLIC_IPV6


def is_metadata(address: str) -> bool:
    """Say whether a cloud answers there with its secrets; what is no address counts as one."""
    found = _parsed(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found is None or any(found in network for network in _METADATA)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None
