"""What every answer carries and what every request must pass: headers, hosts, origins."""

from urllib.parse import urlsplit

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Problem
from api.problems import problem_response
from api.store.scope import all_areas

BODY_LIMIT = 64 * 1024

_log = structlog.get_logger()

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}
_CACHEABLE = ("/static/", "/fahrer/", "/map/")
"""Files without personal data; everything else is never stored by browser or proxy."""
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
_OWN_SITES = ("same-origin", "none")


class Guard:
    """ASGI middleware around everything: refuses foreign requests, adds headers, catches what is left.

    Parameters
    ----------
    app
        What it guards.
    hosts
        Host names answered to; ``*`` for any.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._hosts = {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(MutableHeaders(scope=message), scope["path"])
            await send(message)

        problem = self._objection(scope["method"], request.headers)
        if problem is None:
            try:
                with all_areas():  # until somebody of an operator is recognised
                    await self._app(scope, receive, send_guarded)
            except Exception:
                _log.exception("unexpected error", method=scope["method"], route=_route(scope))
                if started:
                    raise
                problem = Problem("internal")
        if problem is not None:
            await problem_response(request, problem)(scope, receive, send_guarded)

    def _objection(self, method: str, headers: Headers) -> Problem | None:
        """Return why a request is not even looked at."""
        if "*" not in self._hosts and _host_name(headers.get("host", "")) not in self._hosts:
            return Problem("host-unknown")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return Problem("bad-request")
        if len(length) > len(str(BODY_LIMIT)) or int(length) > BODY_LIMIT:
            return Problem("too-large")
        if method not in _SAFE_METHODS and not _same_site(headers):
            return Problem("cross-site")
        return None


def _route(scope: Scope) -> str:
    """Path template of a request; the path itself may hold what identifies a booking."""
    return str(getattr(scope.get("route"), "path", "-"))


def _host_name(host: str) -> str:
    """Host without its port, lower case."""
    name, separator, port = host.rpartition(":")
    return (name if separator and port.isdigit() else host).lower()


def _same_site(headers: Headers) -> bool:
    """Whether a change comes from our own pages or from a program, as far as the browser tells."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    origin = headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == headers.get("host")
    except ValueError:  # e.g. http://[
        return False


def _add_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-cache" if path.startswith(_CACHEABLE) else "no-store")
