"""Where a browser becomes a tablet of ours: a code and a PIN, without JavaScript."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.devices import cookies, enrolment
from api.errors import Problem
from api.pages.rendering import SEE_OTHER, language_of, render
from api.pages.resident.book import Posted
from api.people.sessions import check_encrypted
from api.routes.dependencies import House
from api.routes.rides import address_of
from api.tries import Limit

router = APIRouter(include_in_schema=False)

TRIES = Limit("enrolment")
_SHORTEST, _LONGEST = 4, 12
_UNPROCESSABLE, _TOO_MANY = 422, 429


@router.get("/fahrer/anmelden")
def ask(request: Request) -> Response:
    """Ask for the code and a PIN."""
    return _page(request, {})


@router.post("/fahrer/anmelden")
def enrol(request: Request, house: House, posted: Posted) -> Response:
    """Enrol this browser and open the app."""
    check_encrypted(request)
    code, pin = posted.get("code", "").strip(), posted.get("pin", "")
    errors = _mistakes(request, pin, posted.get("pin2", ""))
    if errors:
        return _page(request, errors, code)
    address = address_of(request)
    try:
        TRIES.count(house.context, address)
        token = enrolment.enrol(house.context, code, pin)
    except Problem as problem:
        if problem.code not in {"enrolment-code-invalid", "too-many-tries"}:
            raise
        errors = {"code": problem.detail(language_of(request).code)}
        return _page(request, errors, code, problem.status)
    TRIES.take_back(house.context, address)
    response = RedirectResponse("/fahrer/", SEE_OTHER)
    cookies.give_tablet(request, response, token)
    return response


def _mistakes(request: Request, pin: str, again: str) -> dict[str, str]:
    lang = language_of(request)
    if not (pin.isascii() and pin.isdigit() and _SHORTEST <= len(pin) <= _LONGEST):
        return {"pin": lang.text("The PIN needs 4 to 12 digits.")}
    if len(set(pin)) == 1 or pin in "01234567890" or pin in "09876543210":
        return {"pin": lang.text("This PIN is guessed at once; please choose another.")}
    if pin != again:
        return {"pin2": lang.text("This is not the same PIN.")}
    return {}


def _page(
    request: Request, errors: dict[str, str], code: str = "", status: int = _UNPROCESSABLE
) -> Response:
    return render(
        request, "enrolment.html", status if errors else 200, errors=errors, code=code[:20]
    )
