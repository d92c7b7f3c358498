"""The accounts of the own operator."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.errors import Problem
from api.pages.people.common import Posted, go, said
from api.pages.people.words import role_words
from api.pages.rendering import language_of, render
from api.people import accounts
from api.people.access import allowed
from api.people.accounts import SIGNS_IN, Added
from api.rights import Actor, Permission, Role
from api.routes.dependencies import House

router = APIRouter(prefix="/leitstelle/konten", include_in_schema=False)

Manager = Annotated[Actor, allowed(Permission.MANAGE_PEOPLE)]
AccountPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


@router.get("")
def show(request: Request, house: House, actor: Manager) -> Response:
    """List the accounts, and offer to add one."""
    return _page(request, house, actor)


@router.post("")
def add(request: Request, house: House, actor: Manager, posted: Posted) -> Response:
    """Add an account, and show its first password once."""
    given = {name: posted.get(name, "") for name in ("name", "anmeldung", "rolle", "traeger")}
    context = house.context
    try:
        added = accounts.add(
            context.database, actor, _role(given["rolle"]), given["name"], given["anmeldung"],
            given["traeger"] or None, context.clock.now(),
        )  # fmt: skip
    except Problem as problem:
        errors = said(request, problem, "anmeldung")
        return _page(request, house, actor, problem.status, errors=errors, given=given)
    return _page(request, house, actor, added=added)


@router.post("/{account_id}/passwort")
def reset(request: Request, house: House, actor: Manager, account_id: AccountPath) -> Response:
    """Give a new password, and show it once."""
    context = house.context
    added = accounts.reset_password(context.database, actor, account_id, context.clock.now())
    return _page(request, house, actor, added=added)


@router.post("/{account_id}/zweiter-schritt")
def reset_second_factor(house: House, actor: Manager, account_id: AccountPath) -> Response:
    """Take a lost telephone off an account."""
    context = house.context
    accounts.reset_second_factor(context.database, actor, account_id, context.clock.now())
    return go("/leitstelle/konten")


@router.post("/{account_id}/sperren")
def disable(house: House, actor: Manager, account_id: AccountPath) -> Response:
    """Disable an account and end its sessions."""
    context = house.context
    accounts.switch(context.database, actor, account_id, context.clock.now(), enabled=False)
    return go("/leitstelle/konten")


@router.post("/{account_id}/freigeben")
def enable(house: House, actor: Manager, account_id: AccountPath) -> Response:
    """Enable an account again."""
    context = house.context
    accounts.switch(context.database, actor, account_id, context.clock.now(), enabled=True)
    return go("/leitstelle/konten")


def _role(text: str) -> Role:
    if text not in tuple(SIGNS_IN):
        raise Problem("forbidden")
    return Role(text)


def _page(
    request: Request,
    house: House,
    actor: Actor,
    status: int = 200,
    *,
    added: Added | None = None,
    errors: Mapping[str, str] | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    database = house.context.database
    whole = actor.may(Permission.OPERATE)
    roles = [role for role in SIGNS_IN if whole or role is not Role.ADMINISTRATOR]
    return render(
        request,
        "people/accounts.html",
        status,
        accounts=accounts.accounts(database, actor),
        operators=accounts.operators(database, actor),
        words=role_words(language_of(request)),
        roles=roles,
        own=actor.id,
        added=added,
        errors=errors or {},
        given=given or {"name": "", "anmeldung": "", "rolle": Role.AGENT, "traeger": ""},
    )
