"""Partners' keys: make one, show it once, revoke it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api import keys
from api.devices import enrolment
from api.errors import Problem
from api.pages.control.devices import Manager
from api.pages.rendering import SEE_OTHER, language_of, render
from api.pages.resident.book import Posted
from api.pages.resident.search import one_line
from api.routes.dependencies import House
from api.services import Services

router = APIRouter(prefix="/leitstelle/schluessel", include_in_schema=False)

_KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{10}$")]
_NAME_LENGTH = 60
_UNPROCESSABLE = 422


@router.get("")
def list_keys(request: Request, house: House, actor: Manager) -> Response:
    """List the keys of one's operator, and ask for a new one."""
    return _list(request, house, actor, {})


@router.post("")
def add(request: Request, house: House, actor: Manager, posted: Posted) -> Response:
    """Make a key and show it; that happens once."""
    lang, operators = language_of(request), enrolment.operators(house.context, actor.areas)
    name = one_line(posted.get("name", ""))[:_NAME_LENGTH]
    if not any(letter.isalnum() for letter in name):
        errors = {"name": lang.text("Please say whom the key is for.")}
        return _list(request, house, actor, errors)
    owner = enrolment.chosen(operators, posted.get("traeger", ""))
    key_id = posted.get("schluessel", "")
    if not keys.ID.fullmatch(key_id):
        raise Problem("bad-request")
    row, secret = keys.add(house.context, owner, name, key_id)
    return render(request, "control/key.html", row=row, secret=secret)


@router.get("/{key_id}/sperren")
def ask_revoke(request: Request, house: House, actor: Manager, key_id: _KeyId) -> Response:
    """Ask whether a key is really to be revoked."""
    row, lang = keys.find(house.context, key_id, actor.areas), language_of(request)
    return render(
        request,
        "control/confirm.html",
        heading=lang.text("Revoke the key of %(name)s?") % {"name": row.name},
        sentence=lang.text("Its program can neither ask nor book from then on. Bookings stay."),
        yes=lang.text("Yes, revoke it"),
        no=lang.text("No, go back"),
        action=f"/leitstelle/schluessel/{key_id}/sperren",
        back_url="/leitstelle/schluessel",
    )


@router.post("/{key_id}/sperren")
def revoke(house: House, actor: Manager, key_id: _KeyId) -> Response:
    """Revoke a key."""
    keys.find(house.context, key_id, actor.areas)
    keys.revoke(house.context, key_id)
    return RedirectResponse("/leitstelle/schluessel", SEE_OTHER)


def _list(request: Request, house: Services, actor: Manager, errors: dict[str, str]) -> Response:
    operators = enrolment.operators(house.context, actor.areas)
    with house.context.database.reading() as reader:
        rows = [row for row in reader.api_keys() if row.operator_id in operators]
    zone = house.all_areas()[0].time_zone
    return render(
        request,
        "control/keys.html",
        _UNPROCESSABLE if errors else 200,
        rows=[(row, row.last_used.astimezone(zone) if row.last_used else None) for row in rows],
        operators=operators,
        key=keys.new_id(),
        errors=errors,
    )
