"""Download a picture for a request: bounded in time and size, and never from a private network.

The service fetches what a request names, so a URL must not become a door to the computers around
it. Each name is resolved once, each address checked, and the connection goes to a checked address
(a second look-up could give another one), without any proxy. The only file of the service that
imports httpx2.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2

from practice.eye.image import ImageProblem

SECONDS = 5.0
"""For everything together: look-ups, connections, redirects and the download."""
REDIRECTS = 3

_HEADERS = {
    "User-Agent": "first-call-practice",
    "Accept": "image/*",
    "Accept-Encoding": "identity",  # what is counted is what arrives
    "Connection": "close",
}


def download(
    url: str, *, limit: int, allow_loopback: bool = True, seconds: float = SECONDS
) -> bytes:
    """Return the bytes at an http(s) URL, at most `limit` of them. Blocks; for a thread without
    an event loop. Raises ImageProblem.
    """
    shown = _shown(url)
    try:
        return asyncio.run(_follow(url, limit, allow_loopback, seconds))
    except _Refused as problem:
        raise _problem(shown, str(problem)) from problem
    except TimeoutError as problem:
        reason = f"No complete answer within {seconds:g} seconds."
        raise _problem(shown, reason, what="Timeout") from problem
    except socket.gaierror as problem:
        raise _problem(shown, "The name of the server was not found.") from problem
    except (OSError, ValueError, httpx2.HTTPError, httpx2.InvalidURL) as problem:
        reason = "The server could not be reached or broke off."
        if _is_about_tls(problem):
            reason = "The secure connection failed."
        raise _problem(shown, reason) from problem


class _Refused(Exception):
    """What was wrong, in a sentence for the caller."""


async def _follow(text: str, limit: int, allow_loopback: bool, seconds: float) -> bytes:
    """Get what a URL leads to, by way of its redirects."""
    deadline = time.monotonic() + seconds
    async with asyncio.timeout(seconds):
        url = httpx2.URL(text)
        # Only a URL that names this computer itself may reach it: neither a redirect from
        # elsewhere nor a name that somebody points at 127.0.0.1.
        home = _port(url) if allow_loopback and _names_loopback(url) else None
        for _ in range(REDIRECTS + 1):
            if url.scheme not in ("http", "https") or not url.host:
                raise _Refused("Only http and https addresses are read.")
            # Nor does one service of this computer lead to another.
            loopback = _names_loopback(url) and _port(url) == home
            # It blocks, but nothing else goes on in this event loop.
            addresses = _resolve(url, loopback, deadline)
            answer = await _get(url, addresses, limit)
            if isinstance(answer, bytes):
                return answer
            url = url.join(answer)
    raise _Refused(f"More than {REDIRECTS} redirects.")


async def _get(url: httpx2.URL, addresses: list[str], limit: int) -> bytes | str:
    """One request: the body, or the address that a redirect names."""
    async with httpx2.AsyncClient(verify=_trust(), trust_env=False, timeout=None) as client:
        response = await _connected(client, url, addresses)
        try:
            place = response.headers.get("location")
            if response.status_code in (301, 302, 303, 307, 308) and place:
                return place
            if response.status_code != 200:
                raise _Refused(f"Upstream status code: {response.status_code}.")
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind == "text/html":
                raise _Refused("The address is that of a web page (HTML), not of an image.")
            body = bytearray()
            if int(response.headers.get("content-length", "0")) <= limit:
                async for piece in response.aiter_raw():
                    body += piece
                    if len(body) > limit:
                        break
                else:
                    return bytes(body)
            raise _Refused(f"The file is larger than {limit // 1_000_000} MB.")
        finally:
            await response.aclose()


async def _connected(
    client: httpx2.AsyncClient, url: httpx2.URL, addresses: list[str]
) -> httpx2.Response:
    """The answer of the first of the addresses that can be connected to."""
    name = url.raw_host.decode("ascii")
    for number, address in enumerate(addresses, 1):
        # By address, but for the server and its certificate under its name.
        request = client.build_request(
            "GET",
            httpx2.URL(scheme=url.scheme, host=address, port=url.port, raw_path=url.raw_path),
            headers=_HEADERS | {"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": name},
        )
        try:
            return await client.send(request, stream=True)
        except httpx2.ConnectError:
            if number == len(addresses):
                raise
    raise OSError("no address")


@cache
def _trust() -> ssl.SSLContext:
    """The certificates that this computer trusts."""
    return ssl.create_default_context()


def _resolve(url: httpx2.URL, loopback: bool, deadline: float) -> list[str]:
    """The addresses of a URL's host, each checked.

    The look-up runs in a thread, since the system's knows no deadline.
    """
    host = url.raw_host.decode("ascii")
    if "%" in host:  # what no name has is written so
        raise _Refused("The name of the server is none.")
    found: list[Any] = []
    with contextlib.suppress(ValueError):  # an address needs no look-up
        ipaddress.ip_address(host)
        if not _allowed(host, loopback):
            raise _Refused("The address is not public.")
        return [host]

    def look() -> None:
        try:
            found.append(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as problem:
            found.append(problem)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise found[0]
    addresses = [str(place[0]) for *_, place in found[0]]
    if not all(_allowed(address, loopback) for address in addresses):
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


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _port(url: httpx2.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _names_loopback(url: httpx2.URL) -> bool:
    host = url.host.rstrip(".").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_about_tls(problem: BaseException | None) -> bool:
    while problem is not None and not isinstance(problem, ssl.SSLError):
        problem = problem.__cause__ or problem.__context__
    return problem is not None


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
