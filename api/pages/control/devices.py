"""The coordinator's tablets: make one known, enrol it, unlock it, lock it out when it is lost."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import segno
from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api.devices import enrolment
from api.devices.enrolment import Invitation, NewDevice
from api.errors import Problem
from api.i18n import Language
from api.pages.rendering import SEE_OTHER, language_of, render
from api.pages.resident.book import Posted
from api.pages.resident.search import one_line
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House
from api.services import Services
from api.showing import tour_key
from api.store.tables import DeviceRow
from regions.area import Area

router = APIRouter(prefix="/leitstelle/geraete", include_in_schema=False)

Manager = Annotated[Actor, allowed(Permission.MANAGE_PEOPLE)]
_DeviceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_KEY_BYTES = 16
_NAME_LENGTH = 60
_UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Shown:
    """A tablet in the list: ``status`` is its word, ``unsent`` what it handed over after it was lost."""

    row: DeviceRow
    status: str
    bus: str | None
    seen: str
    waits: bool
    unsent: tuple[str, ...]


@router.get("")
def devices(request: Request, house: House, actor: Manager) -> Response:
    """List the tablets of one's operator, and ask for a new one."""
    return _list(request, house, actor, {}, {})


@router.post("")
def invite(request: Request, house: House, actor: Manager, posted: Posted) -> Response:
    """Make a tablet known and show the code that enrols it."""
    lang, operators = language_of(request), enrolment.operators(house.context, actor.areas)
    name = one_line(posted.get("name", ""))[:_NAME_LENGTH]
    if not any(letter.isalnum() for letter in name):
        errors = {"name": lang.text("Please give the tablet a name.")}
        return _list(request, house, actor, errors, posted)
    operator_id = enrolment.chosen(operators, posted.get("traeger", ""))
    known = {bus.id for area in _areas(house, operator_id) for bus in area.vehicles}
    bus, key = posted.get("bus", ""), posted.get("schluessel", "")
    if not _KEY.fullmatch(key):
        raise Problem("bad-request")
    new = NewDevice(key, operator_id, name, bus if bus in known else None)
    return _code_page(request, house, enrolment.invite(house.context, new))


@router.post("/{device_id}/code")
def invite_again(request: Request, house: House, actor: Manager, device_id: _DeviceId) -> Response:
    """Give a tablet another code."""
    enrolment.find(house.context, device_id, actor.areas)
    return _code_page(request, house, enrolment.invite_again(house.context, device_id))


@router.get("/{device_id}/verloren")
def ask_lost(request: Request, house: House, actor: Manager, device_id: _DeviceId) -> Response:
    """Ask whether a tablet is really to be locked out."""
    row, lang = enrolment.find(house.context, device_id, actor.areas), language_of(request)
    return render(
        request,
        "control/confirm.html",
        heading=lang.text("Lock out %(name)s?") % {"name": row.name},
        sentence=lang.text(
            "Its next request is refused, and the tour with its riders is deleted from it. "
            "To use it again, enrol it as a new tablet."
        ),
        yes=lang.text("Yes, lock it out"),
        no=lang.text("No, go back"),
        action=f"/leitstelle/geraete/{device_id}/verloren",
        back_url="/leitstelle/geraete",
    )


@router.post("/{device_id}/verloren")
def lose(house: House, actor: Manager, device_id: _DeviceId) -> Response:
    """Lock a lost tablet out."""
    enrolment.find(house.context, device_id, actor.areas)
    enrolment.revoke(house.context, device_id)
    return RedirectResponse("/leitstelle/geraete", SEE_OTHER)


@router.post("/{device_id}/entsperren")
def unlock(house: House, actor: Manager, device_id: _DeviceId) -> Response:
    """Let the PIN be tried again."""
    enrolment.find(house.context, device_id, actor.areas)
    enrolment.unlock(house.context, device_id)
    return RedirectResponse("/leitstelle/geraete", SEE_OTHER)


@router.post("/{device_id}/erledigt")
def done(house: House, actor: Manager, device_id: _DeviceId) -> Response:
    """Forget what a lost tablet handed over."""
    enrolment.find(house.context, device_id, actor.areas)
    enrolment.drop_unsent(house.context, device_id)
    return RedirectResponse("/leitstelle/geraete", SEE_OTHER)


def _list(
    request: Request,
    house: Services,
    actor: Actor,
    errors: dict[str, str],
    posted: Posted,
) -> Response:
    lang, operators = language_of(request), enrolment.operators(house.context, actor.areas)
    with house.context.database.reading() as reader:
        rows = [row for row in reader.devices() if row.operator_id in operators]
    return render(
        request,
        "control/devices.html",
        _UNPROCESSABLE if errors else 200,
        shown=[_shown(house, actor, row, lang) for row in rows],
        operators=operators,
        buses={bus.id: bus.name for area in house.areas_of(actor) for bus in area.vehicles},
        key=secrets.token_urlsafe(_KEY_BYTES),
        name=posted.get("name", ""),
        errors=errors,
    )


def _code_page(request: Request, house: Services, invitation: Invitation) -> Response:
    """Show a code once: it is in no address, and a reload asks for another."""
    link = f"{request.base_url}fahrer/anmelden#{invitation.code}"
    return render(
        request,
        "control/device_code.html",
        device=invitation.device,
        code=invitation.code,
        link=link.partition("#")[0],
        picture=segno.make(link, error="m").svg_data_uri(scale=6, border=3, light="white"),
        until=_local(house, invitation.device, invitation.until),
    )


def _shown(house: Services, actor: Actor, row: DeviceRow, lang: Language) -> Shown:
    now = house.clock.now()
    waits = row.locked_until is not None and now < row.locked_until
    status = (
        lang.text("locked out")
        if row.revoked_at
        else lang.text("waits after wrong PINs")
        if waits
        else lang.text("enrolled")
        if row.enrolled_at
        else lang.text("not enrolled yet")
    )
    seen = _local(house, row, row.last_seen) if row.last_seen else None
    buses = [bus for area in _areas(house, row.operator_id) for bus in area.vehicles]
    return Shown(
        row=row,
        status=status,
        bus=next((bus.name for bus in buses if bus.id == row.vehicle_id), None),
        seen=f"{lang.short_day(seen.date())}, {lang.clock(seen)}" if seen else "",
        waits=waits,
        unsent=tuple(_unsent(house, actor, row, lang)),
    )


def _unsent(house: Services, actor: Actor, row: DeviceRow, lang: Language) -> Iterator[str]:
    """Say what a lost tablet had not sent: when, what, and where its tour halts now."""
    for report in (row.unsent or {}).get("reports", ()):
        at = _local(house, row, datetime.fromisoformat(report["at"]))
        word = lang.text("arrived") if report["type"] == "arrived" else lang.text("left")
        where = _place(house, actor, report["tour_id"], report["visit_id"])
        yield f"{lang.short_day(at.date())}, {lang.clock(at)}: {where or report['visit_id']}, {word}"


def _place(house: Services, actor: Actor, tour_id: str, visit_id: str) -> str | None:
    try:
        area_id, day, _ = tour_key(tour_id)
        tours = house.tours(actor, day, area_id).tours
    except Problem:
        return None
    visits = (visit for tour in tours if tour.id == tour_id for visit in tour.visits)
    return next((visit.place.label for visit in visits if visit.id == visit_id), None)


def _local(house: Services, row: DeviceRow, instant: datetime) -> datetime:
    areas = _areas(house, row.operator_id)
    return instant.astimezone(areas[0].time_zone) if areas else instant


def _areas(house: Services, operator_id: int) -> list[Area]:
    ids = enrolment.areas_of(house.context, operator_id)
    return [area for area in house.all_areas() if area.id in ids]
