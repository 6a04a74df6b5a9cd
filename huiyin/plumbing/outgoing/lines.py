"""Lines to other machines. A name may lead into the own network only where the house was told so: what an administrator types
must not open what stands behind the firewall (S23)."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Iterator
from typing import Final

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
CONNECT_SECONDS: Final = 8.0
WAIT_SECONDS: Final = 15.0
"""How long to wait for each answer; the whole is bounded by ``cut_after``."""


class Unreachable(Exception):
    """The other side could not be reached, or did not answer as it should, this time."""


class BadHost(Exception):
    """A name or address to which the house may not go."""


def is_inside(host: str, inside: Collection[str]) -> bool:
    """Whether the host is named as one of the own network: by its name, its address, or a network that holds its address."""
    if host.lower() in {one.lower() for one in inside}:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(_holds(network, address) for network in inside)


def _holds(network: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def connect(host: str, port: int, inside: Collection[str] = ()) -> socket.socket:
    """A line to the host. Every address that its name has now is looked at, and the line goes to one that was looked at.

    Raises BadHost where any of them is not public and neither it nor the name is ``inside``; Unreachable where nobody answers.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"the name {host} is not known: {error}") from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        if not (is_inside(host, inside) or is_inside(address, inside) or _is_public(address)):
            raise BadHost(f"found {host} at {address}, expected a public address; name it in HUIYIN_INSIDE if it is meant")
    failed: OSError | None = None
    for address in addresses:
        try:
            line = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            failed = error
            continue
        line.settimeout(WAIT_SECONDS)
        return line
    raise Unreachable(f"{host}:{port} does not answer: {failed}") from failed


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        else:
            address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast


def secured(line: socket.socket, host: str) -> ssl.SSLSocket:
    """The line under TLS, with a certificate of the host that we trust. Raises Unreachable."""
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except (OSError, ssl.SSLError) as error:
        line.close()
        raise Unreachable(f"no TLS with {host}: {error}") from error


@contextlib.contextmanager
def cut_after(line: socket.socket, seconds: float) -> Iterator[None]:
    """Cut the line when the time is over, however slowly the other side keeps talking."""

    # A handle of its own: under TLS the line gets another object, and what is cut is the connection.
    handle = line.dup()

    def cut() -> None:
        with contextlib.suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()
