"""Browsers that are signed in: a random token in a cookie, its hash in the database."""

import hashlib
import secrets
from datetime import datetime, timedelta

from fastapi import Request
from starlette.responses import Response

from api.context import Context
from api.errors import Problem
from api.settings import names_this_machine
from api.store.errors import StoreError
from api.store.people import SignedIn
from api.store.tables import SessionRow
from api.store.writer import Writer

COOKIE = "__Host-session"
PLAIN_COOKIE = "session"
"""On this machine only, where nothing is encrypted because nothing leaves it."""
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
PENDING = timedelta(minutes=5)
"""How long after the password the second factor may be shown."""
_TOUCH_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari",) * 2,
)
_SYSTEMS = (
    ("Android",) * 2, ("iPhone",) * 2, ("iPad",) * 2, ("Windows",) * 2, ("Mac OS", "Mac"), ("Linux",) * 2,
)  # fmt: skip
_AGENTS: tuple[tuple[tuple[str, str], ...], ...] = (_BROWSERS, _SYSTEMS)
"""What browsers and systems say, in the order to look for it: many claim to be others, too."""


def begin(
    writer: Writer, account_id: str, agent: str, now: datetime, *, pending: bool = False
) -> str:
    """Sign a browser in; return its token."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    writer.add(
        SessionRow(
            id=secrets.token_urlsafe(9),
            account_id=account_id,
            token_hash=hashed(token),
            pending=pending,
            agent=agent,
            created_at=now,
            used_at=now,
            expires_at=now + (PENDING if pending else LONGEST),
        )
    )
    return token


def find(request: Request, context: Context) -> SignedIn | None:
    """Return the session of a request, also one that still waits for its second factor."""
    token = token_of(request)
    if not token:
        return None
    now = context.clock.now()
    with context.database.reading() as reader:
        found = reader.signed_in(hashed(token))
    if found is None or not _good(found.session, now):
        return None
    if now - found.session.used_at > _TOUCH_EVERY:
        _touch(context, found.session.id, now)
    return found


def token_of(request: Request) -> str | None:
    """Return the token a browser sends."""
    return request.cookies.get(cookie_name(request))


def cookie_name(request: Request) -> str:
    """Return the name of the cookie; behind TLS one that no other host can set."""
    return COOKIE if request.url.scheme == "https" else PLAIN_COOKIE


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Give a token to the browser.

    Raises
    ------
    Problem
        ``https-needed``: what it sends could be read on its way.
    """
    check_encrypted(request)
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def clear_cookie(request: Request, response: Response) -> None:
    """Take the token from the browser."""
    secure = request.url.scheme == "https"
    response.delete_cookie(
        cookie_name(request), path="/", secure=secure, httponly=True, samesite="lax"
    )


def check_encrypted(request: Request) -> None:
    """Refuse passwords and tokens over a line that can be listened to (``https-needed``)."""
    if request.url.scheme != "https" and not names_this_machine(request.url.hostname or ""):
        raise Problem("https-needed")


def agent_of(request: Request) -> str:
    """Return browser and system: enough to tell one's own devices apart, and no more."""
    agent = request.headers.get("user-agent", "")
    found = (next((name for mark, name in kind if mark in agent), "") for kind in _AGENTS)
    return ", ".join(name for name in found if name)


def hashed(token: str) -> str:
    """Return what is stored of a token; it is random and long, so a quick hash will do."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _good(session: SessionRow, now: datetime) -> bool:
    return now < session.expires_at and now - session.used_at < IDLE


def _touch(context: Context, session_id: str, now: datetime) -> None:
    """Take down that a session is used; looking at a day must not fail because the disk is full."""
    try:
        context.database.write(lambda writer: writer.touch_session(session_id, now))
    except StoreError:
        return
