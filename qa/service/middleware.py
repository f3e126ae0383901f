"""What surrounds every request: a limit on its body, headers, and a count of it.

Plain ASGI, because Starlette's own base class for middleware runs each request in a task of
its own, which costs a good part of a millisecond.
"""

from __future__ import annotations

import time

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import TooLarge
from qa.service import problems
from qa.service.metrics import Metrics

_UPLOAD = "POST", "/v1/documents"

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
}


class Observe:
    """Counts and times requests by route, sets the headers that every response has, and
    answers for what fails unforeseen."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            # Not left to Starlette's outermost layer: its answer would lack the headers, and it
            # raises the error again, for the server to log a second time.
            if status:
                raise
            response = problems.unexpected(error, scope["method"], scope["path"])
            await response(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "(none)")
            self._metrics.observe(route, status or 500, time.perf_counter() - started)


class Head:
    """Answers HEAD wherever there is GET: with its headers, and no body (RFC 9110)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, bare)


class BodyLimit:
    """Refuses a body over a limit, announced or not, before it is read into memory. Uploads, which
    are not held there, have a limit of their own."""

    def __init__(self, app: ASGIApp, max_bytes: int, max_upload_bytes: int) -> None:
        self._app = app
        self._max = max_bytes
        self._max_upload = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = (scope["method"], scope["path"]) == _UPLOAD
        most = self._max_upload if is_upload else self._max
        said = f"the request is larger than {_shown(most)}"
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > most:
            response = problems.of_error(TooLarge(said))
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                # FastAPI lets this pass from the reading of a body to its handler.
                raise HTTPException(413, said)
            return message

        await self._app(scope, counted, send)


def _shown(size: int) -> str:
    return f"{size // 2**10} KiB" if size < 2**20 else f"{size / 2**20:g} MiB"
