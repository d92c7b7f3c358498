"""The own account: password, second factor, browsers that are signed in."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Query, Request
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
from api.pages.people.words import role_words
from api.pages.rendering import language_of, render
from api.people import own as use_cases
from api.people import second_factor, sessions, sign_in
from api.routes.dependencies import House

router = APIRouter(prefix="/konto", include_in_schema=False)

After = Annotated[str, Query()]


class Device(NamedTuple):
    """A browser that is signed in; instants as the service's clocks show them."""

    id: str
    agent: str
    since: datetime
    used: datetime


@router.get("")
def account(request: Request, house: House, own: Own) -> Response:
    """Show the account and where it is signed in."""
    with house.context.database.reading() as reader:
        rows = reader.sessions(own.account.id)
        codes_left = reader.recovery_codes_left(own.account.id)
    zone = _zone(house)
    devices = [
        Device(row.id, row.agent, row.created_at.astimezone(zone), row.used_at.astimezone(zone))
        for row in rows
    ]
    return render(
        request,
        "people/account.html",
        account=own.account,
        role=role_words(language_of(request))[own.account.role],
        here=own.session.id,
        devices=devices,
        codes_left=codes_left,
    )


@router.get("/passwort")
def ask_password(request: Request, own: Own, weiter: After = "") -> Response:
    """Show the form for another password."""
    return _password_form(request, own, onward(weiter))


@router.post("/passwort")
def change_password(request: Request, door: Knocking, own: Own, posted: Posted) -> Response:
    """Choose another password."""
    after = onward(posted.get("weiter", ""))
    new = posted.get("neu", "")
    try:
        _same(new, posted.get("nochmal", ""))
        token = use_cases.change_password(door, own, posted.get("passwort", ""), new)
    except Problem as problem:
        wrong_old = problem.code in {"sign-in-wrong", "sign-in-locked"}
        errors = said(request, problem, "passwort" if wrong_old else "neu")
        return _password_form(request, own, after, problem.status, errors)
    lacks = own.account.totp_secret is None and asked_for_two_steps(own.account.role)
    answer = go("/konto/zweiter-schritt", after) if lacks else go(after or "/konto")
    sessions.set_cookie(request, answer, token)
    return answer


@router.get("/zweiter-schritt")
def ask_second_factor(request: Request, own: Own, weiter: After = "") -> Response:
    """Show the picture an app reads, and ask for its first code."""
    return _second_factor_form(request, own, onward(weiter), second_factor.new_secret())


@router.post("/zweiter-schritt")
def add_second_factor(request: Request, door: Knocking, own: Own, posted: Posted) -> Response:
    """Set the second factor up, and show the recovery codes once."""
    secret, after = posted.get("geheimnis", ""), onward(posted.get("weiter", ""))
    if not second_factor.is_secret(secret):
        secret = second_factor.new_secret()
    try:
        codes = use_cases.add_second_factor(door, own, secret, posted.get("code", ""))
    except Problem as problem:
        errors = said(request, problem, "code")
        return _second_factor_form(request, own, after, secret, problem.status, errors)
    return render(request, "people/codes.html", codes=codes, after=after or home(own.account.role))


@router.post("/sitzungen/{session_id}/beenden")
def end(
    house: House, own: Own, session_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
) -> Response:
    """Sign another browser out."""
    sign_in.out(house.context, own, session_id)
    return go("/anmelden" if session_id == own.session.id else "/konto")


def _same(new: str, again: str) -> None:
    if new != again:
        raise Problem("password-differs")


def _zone(house: House) -> tzinfo:
    """Return the time zone of the service."""
    return next((area.time_zone for area in house.all_areas()), UTC)


def _password_form(
    request: Request,
    own: Own,
    after: str,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return render(
        request,
        "people/password.html",
        status,
        account=own.account,
        after=after,
        errors=errors or {},
    )


def _second_factor_form(
    request: Request,
    own: Own,
    after: str,
    secret: str,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    if own.account.must_change:
        raise Problem("password-must-change")
    return render(
        request,
        "people/second_factor.html",
        status,
        there=own.account.totp_secret is not None,
        secret=secret,
        picture=second_factor.picture(secret, own.account.login),
        after=after,
        later=after or home(own.account.role),
        errors=errors or {},
    )
