"""The two cookies of a tablet: the long one says which tablet it is, the short one who drives."""

from datetime import datetime, timedelta

from fastapi import Request
from starlette.responses import Response

from api.context import Context
from api.devices import driving
from api.devices.driving import Shown
from api.people.sessions import check_encrypted
from api.rights import Actor

DEVICE, SESSION = "tablet", "fahrt"
_TABLET_S = int(timedelta(days=400).total_seconds())
"""The longest browsers keep a cookie; each sign-in begins it anew."""
MARK = "Buergerbus-Tablet"
"""Header of the app's own requests: the same browser may also be the coordinator's."""


def shown(request: Request) -> Shown | None:
    """Return what a tablet shows; None for everybody else."""
    token = request.cookies.get(_name(request, DEVICE))
    if not token:
        return None
    return Shown(token, request.cookies.get(_name(request, SESSION)))


def tablet(request: Request, context: Context) -> Actor | None:
    """Identify the app on an enrolled tablet.

    Raises
    ------
    Problem
        ``device-revoked``, ``pin-needed``.
    """
    known = shown(request) if MARK in request.headers else None
    found = driving.tablet_of(context, known) if known is not None else None
    return None if found is None else driving.actor_of(found)


def give_tablet(request: Request, response: Response, token: str) -> None:
    """Make a browser the tablet of a token (``https-needed``)."""
    _give(request, response, DEVICE, token, _TABLET_S)


def give_session(
    request: Request, response: Response, token: str, until: datetime, now: datetime
) -> None:
    """Let a driver in until the session ends."""
    _give(request, response, SESSION, token, round((until - now).total_seconds()))


def take_session(request: Request, response: Response) -> None:
    """Take the driver's session from the browser."""
    _take(request, response, SESSION)


def take_all(request: Request, response: Response) -> None:
    """Let a browser be no tablet any more."""
    _take(request, response, SESSION)
    _take(request, response, DEVICE)


def _give(request: Request, response: Response, cookie: str, value: str, age_s: int) -> None:
    check_encrypted(request)
    response.set_cookie(
        _name(request, cookie),
        value,
        max_age=age_s,
        path="/",
        secure=_encrypted(request),
        httponly=True,
        samesite="lax",
    )


def _take(request: Request, response: Response, cookie: str) -> None:
    response.delete_cookie(
        _name(request, cookie),
        path="/",
        secure=_encrypted(request),
        httponly=True,
        samesite="lax",
    )


def _encrypted(request: Request) -> bool:
    return request.url.scheme == "https"


def _name(request: Request, cookie: str) -> str:
    """Return a cookie's name; behind TLS one that no other host can set."""
    return f"__Host-{cookie}" if _encrypted(request) else cookie
