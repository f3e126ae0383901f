"""Who may change the collection.

By default whoever sits at the machine that the service runs on, and no web site that they happen to
have open: a page of another origin can send a form here, and a name of its own can lead a browser
here.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from qa.errors import NotAllowed
from qa.settings import ServiceSettings

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_OURS = frozenset({"same-origin", "none"})
"""What a browser says of a request that a page of this service makes, or its user."""
_PORTS = {"http": ":80", "https": ":443"}


def check(headers: Headers, settings: ServiceSettings) -> None:
    """Raises ``NotAllowed`` for a request that may not change the collection."""
    if settings.uploads == "off":
        raise NotAllowed(
            "this service takes no files and changes no documents; its setting ATTEST_UPLOADS is "
            "off",
            "uploads_off",
        )
    if settings.uploads == "auto" and not _at_this_machine(headers, settings.host):
        raise NotAllowed(
            "the collection can be changed only from the machine that the service runs on; to "
            "allow it from elsewhere, start the service with ATTEST_UPLOADS=on",
            "uploads_not_local",
        )
    if not _from_here(headers, trusting=settings.uploads == "on"):
        raise NotAllowed(
            "a page of another origin may not change the collection; do it on this service's own "
            "page, or with a program that is no browser",
            "cross_site",
        )


def _at_this_machine(headers: Headers, bound: str) -> bool:
    """Whether none but this machine can have sent a request, under a name that is its own."""
    if any(name in headers for name in _FORWARDED):
        return False
    return _is_loopback(bound) and _is_loopback(_host(headers.get("host", "")))


def _host(given: str) -> str:
    """The name in a ``Host`` header, without port and brackets; "" for what is none."""
    try:
        return urlsplit(f"//{given}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _from_here(headers: Headers, trusting: bool) -> bool:
    """Whether no page of another origin sends a request. ``trusting``: a browser's word is enough,
    as a proxy may have changed the name of this service."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in _OURS:
        return False
    if origin is None or (trusting and site == "same-origin"):
        return True
    return _is_own(origin, headers.get("host", ""))


def _is_own(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    usual = _PORTS.get(parts.scheme)
    if usual is None or not parts.netloc:
        return False
    return parts.netloc.lower().removesuffix(usual) == host.lower().removesuffix(usual)
