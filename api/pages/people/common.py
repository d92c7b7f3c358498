"""What the pages about people share: where to go on, who knocks, errors beside their field."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Request
from starlette.responses import RedirectResponse

from api.errors import Problem
from api.pages.rendering import SEE_OTHER, language_of
from api.pages.resident.book import Posted
from api.people import sessions
from api.people.access import OwnSession
from api.people.sign_in import Door
from api.rights import PERMISSIONS, Permission, Role
from api.store.people import SignedIn

__all__ = ["Knocking", "Own", "Posted", "asked_for_two_steps", "go", "home", "onward", "said"]

_LONGEST = 512
_ASKED_FOR_TWO_STEPS = (Role.ADMINISTRATOR, Role.COORDINATOR)

Own = Annotated[SignedIn, Depends(OwnSession())]


def _door(request: Request) -> Door:
    """Tell who knocks: behind a proxy the address it names."""
    app = request.app
    return Door(
        context=app.state.services.context,
        secret=app.state.settings.signing_key(),
        address=request.client.host if request.client else "",
        agent=sessions.agent_of(request),
        token=sessions.token_of(request),
    )


Knocking = Annotated[Door, Depends(_door)]


def onward(text: str) -> str:
    """Return where to go on: a page of ours, or nothing."""
    parts = urlsplit(text) if len(text) <= _LONGEST and text.isprintable() else None
    if parts is None or parts.scheme or parts.netloc or "\\" in text:
        return ""
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return ""
    return quote(parts.path) + (f"?{quote(parts.query, safe='=&')}" if parts.query else "")


def go(path: str, after: str = "") -> RedirectResponse:
    """Send the browser on; ``after`` is kept for later."""
    query = f"?{urlencode({'weiter': after})}" if after else ""
    return RedirectResponse(path + query, SEE_OTHER)


def said(request: Request, problem: Problem, field: str) -> Mapping[str, str]:
    """Return a problem as the error of a field."""
    return {field: problem.detail(language_of(request).code)}


def home(account_role: str) -> str:
    """Return the page a role begins with."""
    role = Role(account_role)
    return "/leitstelle" if Permission.SEE_RIDES in PERMISSIONS[role] else "/konto"


def asked_for_two_steps(account_role: str) -> bool:
    """Whether a role is asked to set the second factor up when it signs in."""
    return Role(account_role) in _ASKED_FOR_TWO_STEPS
