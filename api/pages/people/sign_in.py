"""Sign in and out."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.errors import Problem
from api.pages.people.common import (
    Knocking,
    Own,
    Posted,
    asked_for_two_steps,
    go,
    home,
    onward,
    said,
)
from api.pages.rendering import render
from api.people import accounts, sessions, sign_in
from api.people.sign_in import Entered
from api.people.this_machine import AT_THIS_MACHINE, at_this_machine
from api.routes.dependencies import House
from api.store.people import SignedIn

router = APIRouter(include_in_schema=False)

After = Annotated[str, Query()]
_LONGEST = 200


def _first(request: Request, house: House) -> bool:
    """Whether the first account can be made here and now."""
    try:
        return at_this_machine(request, house.context) is AT_THIS_MACHINE
    except Problem:
        return False


def _waiting(request: Request, house: House) -> SignedIn:
    """Return a session that waits for its second factor (``unauthorized``)."""
    found = sessions.find(request, house.context)
    if found is None or not found.session.pending:
        raise Problem("unauthorized")
    return found


First = Annotated[bool, Depends(_first)]
Waiting = Annotated[SignedIn, Depends(_waiting)]


@router.get("/anmelden")
def ask(request: Request, first: First, weiter: After = "") -> Response:
    """Show the form."""
    return _form(request, first=first, after=onward(weiter))


@router.post("/anmelden")
def enter(request: Request, door: Knocking, first: First, posted: Posted) -> Response:
    """Sign in with name and password."""
    login, after = posted.get("anmeldung", "")[:_LONGEST], onward(posted.get("weiter", ""))
    sessions.check_encrypted(request)
    try:
        entered = sign_in.with_password(door, login, posted.get("passwort", ""))
    except Problem as problem:
        errors = said(request, problem, "anmeldung")
        return _form(
            request, problem.status, first=first, after=after, login=login, errors=errors,
            headers=problem.headers,
        )  # fmt: skip
    answer = go("/anmelden/code", after) if entered.pending else _inside(entered, after)
    sessions.set_cookie(request, answer, entered.token)
    return answer


@router.get("/anmelden/code")
def ask_code(request: Request, _waiting: Waiting, weiter: After = "") -> Response:
    """Show the form of the second step."""
    return render(request, "people/code.html", after=onward(weiter), errors={})


@router.post("/anmelden/code")
def enter_code(request: Request, door: Knocking, waiting: Waiting, posted: Posted) -> Response:
    """Show the second factor."""
    after = onward(posted.get("weiter", ""))
    try:
        entered = sign_in.with_code(door, waiting, posted.get("code", "")[:_LONGEST])
    except Problem as problem:
        errors = said(request, problem, "code")
        answer: Response = render(
            request, "people/code.html", problem.status, after=after, errors=errors
        )
        answer.headers.update(problem.headers)
        return answer
    answer = _inside(entered, after)
    sessions.set_cookie(request, answer, entered.token)
    return answer


@router.post("/abmelden")
def leave(request: Request, house: House, own: Own) -> Response:
    """End this session."""
    sign_in.out(house.context, own)
    answer = go("/anmelden")
    sessions.clear_cookie(request, answer)
    return answer


@router.get("/anmelden/erstes-konto")
def ask_first(request: Request, first: First) -> Response:
    """Show the form of the first account, to whoever sits at this machine."""
    if not first:
        raise Problem("not-found")
    return render(request, "people/first.html", name="", login="", errors={})


@router.post("/anmelden/erstes-konto")
def add_first(
    request: Request, house: House, door: Knocking, first: First, posted: Posted
) -> Response:
    """Make the first account, an administrator's, and sign it in."""
    if not first:
        raise Problem("not-found")
    name, login = (posted.get(field, "")[:_LONGEST] for field in ("name", "anmeldung"))
    password = posted.get("passwort", "")
    context = house.context
    try:
        accounts.add_administrator(
            context.database, name, login, password, context.clock.now(), first=True
        )
        entered = sign_in.with_password(door, login, password)
    except Problem as problem:
        field = "passwort" if problem.code == "password-weak" else "anmeldung"
        errors = said(request, problem, field)
        return render(
            request, "people/first.html", problem.status, name=name, login=login, errors=errors
        )
    answer = go("/konto/zweiter-schritt")
    sessions.set_cookie(request, answer, entered.token)
    return answer


def _form(
    request: Request,
    status: int = 200,
    *,
    first: bool,
    after: str,
    login: str = "",
    errors: Mapping[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    answer = render(
        request, "people/sign_in.html", status, first=first, after=after, login=login,
        errors=errors or {},
    )  # fmt: skip
    answer.headers.update(headers or {})
    return answer


def _inside(entered: Entered, after: str) -> Response:
    """Go on; first to what the account still lacks."""
    account = entered.account
    after = after or home(account.role)
    if account.must_change:
        return go("/konto/passwort", after)
    if account.totp_secret is None and asked_for_two_steps(account.role):
        return go("/konto/zweiter-schritt", after)
    return go(after)
