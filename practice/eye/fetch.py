"""Download a picture for a request: bounded in time and size, and never from a private network.

The service fetches what a request names, so a URL must not become a door to the computers around
it. Each name is resolved once, each address checked, and the connection goes to a checked address
(a second look-up could give another one), without any proxy.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from practice.eye.image import ImageProblem

SECONDS = 5.0
"""For everything together: look-ups, connections, redirects and the download."""
REDIRECTS = 3

_Address = tuple[int, str, int]  # family, address, port


def fetch(url: str, *, limit: int, allow_loopback: bool = True, seconds: float = SECONDS) -> bytes:
    """Return the bytes at an http(s) URL, at most `limit` of them. Raises ImageProblem."""
    deadline = time.monotonic() + seconds
    shown = _shown(url)
    # Only a URL that names this computer itself may reach it: neither a redirect from elsewhere
    # nor a name that somebody points at 127.0.0.1.
    try:
        at_home = allow_loopback and _names_loopback(url)
        for _ in range(REDIRECTS + 1):
            parts = _split(url)
            answer = _get(parts, at_home and _names_loopback(url), limit, deadline)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise _Refused(f"More than {REDIRECTS} redirects.")
    except _Refused as problem:
        raise _problem(shown, str(problem)) from problem
    except TimeoutError as problem:
        reason = f"No complete answer within {seconds:g} seconds."
        raise _problem(shown, reason, what="Timeout") from problem
    except ssl.SSLError as problem:
        raise _problem(shown, "The secure connection failed.") from problem
    except socket.gaierror as problem:
        raise _problem(shown, "The name of the server was not found.") from problem
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise _problem(shown, "The server could not be reached or broke off.") from problem


class _Refused(Exception):
    """What was wrong, in a sentence for the caller."""


class _Wire:
    """A socket as http.client uses one, on which every step shares one deadline."""

    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def sendall(self, data: bytes) -> None:
        self._inner.settimeout(_left(self._deadline))
        self._inner.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._inner, self._deadline))

    def close(self) -> None:
        """Nothing: http.client calls this while the body is still to be read."""


class _Reader(io.RawIOBase):
    def __init__(self, inner: socket.socket, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._inner.settimeout(_left(self._deadline))
        return self._inner.recv_into(buffer)


def _get(parts: SplitResult, loopback: bool, limit: int, deadline: float) -> bytes | str:
    """One request: the body, or the address that a redirect names."""
    host = _host(parts)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    wire = _connect(_resolve(host, port, loopback, deadline), parts, host, deadline)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = _Wire(wire, deadline)
    if parts.scheme == "https":
        connection.default_port = 443
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    try:
        connection.request(
            "GET",
            target,
            headers={
                "User-Agent": "first-call-practice",
                "Accept": "image/*",
                "Connection": "close",
            },
        )
        response = connection.getresponse()
        if response.status in (301, 302, 303, 307, 308) and (place := response.headers["Location"]):
            return str(place)
        if response.status != 200:
            raise _Refused(f"Upstream status code: {response.status}.")
        if response.headers.get_content_type() == "text/html":
            raise _Refused("The address is that of a web page (HTML), not of an image.")
        if response.length is not None and response.length > limit:
            raise _Refused(f"The file is larger than {limit // 1_000_000} MB.")
        return _body(response, limit)
    finally:
        connection.close()
        wire.close()


def _body(response: http.client.HTTPResponse, limit: int) -> bytes:
    body = bytearray()
    while piece := response.read(min(65_536, limit + 1 - len(body))):
        body += piece
        if len(body) > limit:
            raise _Refused(f"The file is larger than {limit // 1_000_000} MB.")
    return bytes(body)


def _resolve(host: str, port: int, loopback: bool, deadline: float) -> list[_Address]:
    """The addresses of a host, each checked.

    The look-up runs in a thread, since the system's knows no deadline.
    """
    found: list[Any] = []
    with contextlib.suppress(ValueError):  # an address needs no look-up
        address = ipaddress.ip_address(host)
        if not _allowed(host, loopback):
            raise _Refused("The address is not public.")
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        return [(family, host, port)]

    def look() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as problem:
            found.append(problem)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise found[0]
    addresses = [(family, str(place[0]), port) for family, _, _, _, place in found[0]]
    if not all(_allowed(address, loopback) for _, address, _ in addresses):
        raise _Refused("The address is not public.")
    return addresses


def _allowed(text: str, loopback: bool) -> bool:
    """Whether the service may connect to this address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _allowed(str(inner), loopback)
    return (loopback and address.is_loopback) or (address.is_global and not address.is_multicast)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _connect(
    addresses: list[_Address], parts: SplitResult, host: str, deadline: float
) -> socket.socket:
    """Connect to the first of the addresses that answers."""
    last: OSError = OSError("no address")
    for family, address, port in addresses:
        wire = socket.socket(family, socket.SOCK_STREAM)
        try:
            wire.settimeout(_left(deadline))
            wire.connect((address, port))
            if parts.scheme == "https":
                wire = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
        except OSError as problem:
            wire.close()
            last = problem
        except BaseException:
            wire.close()
            raise
        else:
            return wire
    raise last


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _split(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Refused("Only http and https addresses are read.")
    _ = parts.port  # raises ValueError where it is no number
    return parts


def _host(parts: SplitResult) -> str:
    host = str(parts.hostname)
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _names_loopback(url: str) -> bool:
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(url: str) -> str:
    """The URL for a message: without a password, and not endless."""
    try:
        parts = urlsplit(url)
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    except ValueError:
        pass
    return url if len(url) <= 200 else url[:200] + "…"


def _problem(url: str, reason: str, *, what: str = "Error") -> ImageProblem:
    return ImageProblem("invalid_image_url", f"{what} while downloading {url}. {reason}")
