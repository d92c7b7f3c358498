"""Who sends a request: each way of telling is asked in turn."""

from collections.abc import Callable

from fastapi import Request

from api import keys
from api.context import Context
from api.devices import cookies
from api.errors import Problem
from api.people import sessions
from api.people.this_machine import at_this_machine
from api.rights import Actor, Role
from api.store.people import SignedIn

Identifier = Callable[[Request, Context], Actor | None]
"""Tells who sends a request, or None if it cannot; raises a problem if it can but must not let pass."""


def account_session(request: Request, context: Context) -> Actor | None:
    """Identify a browser that is signed in.

    Raises
    ------
    Problem
        ``password-must-change``: it was given by somebody else.
    """
    found = sessions.find(request, context)
    if found is None or found.session.pending:
        return None
    if found.account.must_change:
        raise Problem("password-must-change")
    return actor_of(found)


IDENTIFIERS: tuple[Identifier, ...] = (
    cookies.tablet,
    keys.partner,
    account_session,
    at_this_machine,
)
"""In the order they are asked. Who sits at this machine comes last."""


def identify(request: Request) -> Actor | None:
    """Return who sends a request; None for strangers. It asks the database: call it in a thread."""
    context: Context = request.app.state.services.context
    for identifier in IDENTIFIERS:
        actor = identifier(request, context)
        if actor is not None:
            return actor
    return None


def actor_of(found: SignedIn) -> Actor:
    """Return what an account may do."""
    account = found.account
    return Actor(account.id, account.name, Role(account.role), found.areas)
