"""What an endpoint or page that is not open to all asks for: a permission."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from api.errors import Problem
from api.people import sessions
from api.people.identify import actor_of, identify
from api.people.sessions import COOKIE
from api.rights import Actor, Permission
from api.store.people import SignedIn
from api.store.scope import narrow

if TYPE_CHECKING:
    from api.context import Context

_SESSION = APIKeyCookie(
    name=COOKIE,
    scheme_name="session",
    description="The cookie of a browser that is signed in (`session` without TLS, on this machine).",
    auto_error=False,
)
_KEY = HTTPBearer(scheme_name="key", description="The API key of a partner.", auto_error=False)


class Allowed:
    """A dependency that yields who asks, if that is allowed.

    Parameters
    ----------
    permission
        What is needed.
    """

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(
        self,
        request: Request,
        _session: Annotated[object, Security(_SESSION)],
        _key: Annotated[object, Security(_KEY)],
    ) -> Actor:
        """Let only pass who has the permission.

        Raises
        ------
        Problem
            ``unauthorized``, ``forbidden``, ``account-missing``, ``password-must-change``.
        """
        return check(request, self.permission)


def allowed(permission: Permission) -> Any:  # noqa: ANN401  # as fastapi.Depends
    """Return the dependency for a permission: ``actor: Annotated[Actor, allowed(…)]``."""
    return Depends(Allowed(permission))


class OwnSession:
    """A dependency that yields the session of whoever is signed in, whatever their role."""

    def __call__(self, request: Request) -> SignedIn:
        """Let only pass who is signed in, also with a password that must be changed (``unauthorized``)."""
        context: Context = request.app.state.services.context
        found = sessions.find(request, context)
        if found is None or found.session.pending:
            raise Problem("unauthorized")
        request.state.actor = actor_of(found)
        return found


def check(request: Request, permission: Permission) -> Actor:
    """Return who asks, if that is allowed. It asks the database: call it in a thread.

    Raises
    ------
    Problem
        As :class:`Allowed`.
    """
    actor = identify(request)
    if actor is None:
        raise Problem("unauthorized")
    actor.require(permission)
    narrow(actor.areas)
    request.state.actor = actor
    return actor
