"""Keeps every Python process of a test run on this computer.

The tests put this folder on PYTHONPATH, so each Python that starts (kernels, the practice
service, the notebooks' servers) runs this file first. A connection or a name look-up that leaves
this computer is refused and written to the file FIRST_CALL_GUARD, which fails the run at its end.
"""

import ipaddress
import os
import sys

_NAMES_OF_HERE = {None, "", "localhost", "ip6-localhost"}
if hasattr(os, "uname"):
    _NAMES_OF_HERE.add(os.uname().nodename)
_WATCHED = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


def _is_here(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in _NAMES_OF_HERE:
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_number(host):
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _watch(event, arguments):
    if event in _WATCHED:
        address = arguments[1]
        if not isinstance(address, tuple) or _is_here(address[0]):
            return  # AF_UNIX and the like never leave
        target = f"{address[0]}:{address[1]}"
    elif event in _LOOKED_UP:
        if _is_here(arguments[0]) or _is_number(arguments[0]):
            return  # to look up a number asks nobody
        target = str(arguments[0])
    else:
        return
    report = os.environ.get("FIRST_CALL_GUARD")
    if not report:
        return
    with open(report, "a", encoding="utf-8") as file:
        file.write(f"{event} {target} by {' '.join(sys.orig_argv[:6])[:200]}\n")
    raise ConnectionRefusedError(f"tests stay on this computer: {event} to {target} is refused")


if os.environ.get("FIRST_CALL_GUARD"):
    sys.addaudithook(_watch)
