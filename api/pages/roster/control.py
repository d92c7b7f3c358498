"""The coordinator's roster: who drives what in a week or a month, and what is open."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import SEE_OTHER, language_of, render
from api.pages.resident.book import Posted
from api.pages.roster.spans import Span, by_day
from api.paging import MOST, Asked
from api.people.access import allowed
from api.rights import Actor, Permission
from api.roster import closings, drivers, shifts, vehicles
from api.routes.dependencies import House, IdPath
from api.schemas.roster import DriverWish, WithdrawWish
from api.store.tables import BookingRow
from api.versions import Seen
from regions.area import Area

router = APIRouter(prefix="/leitstelle/dienste", include_in_schema=False)

_Planning = Annotated[Actor, allowed(Permission.PLAN_SHIFTS)]
_KEY_BYTES = 16
_AS_PLANNED = "bleibt"
"""Chosen where the week's plan names somebody who is not registered."""
_ONE_DAY = timedelta(days=1)


@router.get("")
def roster(
    request: Request,
    house: House,
    actor: _Planning,
    gebiet: Annotated[str, Query()] = "",
    ab: Annotated[str, Query()] = "",
    ansicht: Annotated[str, Query()] = "woche",
) -> Response:
    """Show a week or a month of one area."""
    areas = house.areas_of(actor)
    if not areas:
        return render(request, "resident/areas.html")
    area = next((one for one in areas if one.id == gebiet), areas[0])
    today = house.clock.now().astimezone(area.time_zone).date()
    span = Span.of(ab, ansicht, today)
    days = by_day(house, area, span.first, span.last)
    return render(
        request,
        "roster/control.html",
        area=area,
        span=span,
        days=days,
        today=today,
        open_count=sum(one.state == "open" for _, found in days for one in found),
        drivers=drivers.drivers(
            house.context, actor, area.id, Asked.of("", MOST, None, area_id=area.id)
        ).items,
        to_call=_without_bus(house, area, span),
        closures=closings.closures(house.context, actor, area.id, Asked.of("", MOST, None)).items,
        outages=[
            (vehicle, outage)
            for vehicle in vehicles.vehicles(
                house.context, actor, area.id, Asked.of("", MOST, None)
            ).items
            for outage in vehicle.out_of_service
        ],
        key=secrets.token_urlsafe(_KEY_BYTES),
    )


@router.post("/fahrer")
def add_driver(house: House, actor: _Planning, posted: Posted) -> Response:
    """Register a driver and show the roster again."""
    actor.require(Permission.PLAN_SHIFTS, posted.get("gebiet", ""))
    area = house.area(posted.get("gebiet", ""))
    try:
        wish = DriverWish(
            area_id=area.id, name=posted.get("name", ""), phone=posted.get("telefon") or None
        )
    except ValidationError as error:
        raise Problem("invalid") from error
    drivers.add(house.context, actor, wish, posted.get("schluessel", ""))
    return RedirectResponse(_back(house, area, posted.get("ab", "")), SEE_OTHER)


@router.post("/{shift_id}/zuteilen")
def assign(house: House, actor: _Planning, shift_id: IdPath, posted: Posted) -> Response:
    """Give a shift to a driver, or to nobody."""
    who = posted.get("wer") or None
    if who == _AS_PLANNED:
        return _to_shift(house, actor, shift_id)
    shifts.change(
        house.context,
        actor,
        shift_id,
        _seen(posted),
        "assigned",
        lambda shift: shifts.assigned(shift, who),
    )
    return _to_shift(house, actor, shift_id)


@router.get("/{shift_id}/zurueckziehen")
def ask_withdraw(request: Request, house: House, actor: _Planning, shift_id: IdPath) -> Response:
    """Ask whether a shift is really not to be driven, and say whom that touches."""
    shift = shifts.shift(house.context, actor, shift_id)
    area = house.area(shift.area_id)
    tours = (one for one in house.tours(actor, shift.date, area.id).tours if one.id == shift_id)
    riders = sum(len(visit.board) for tour in tours for visit in tour.visits)
    return render(
        request,
        "roster/withdraw.html",
        area=area,
        shift=shift,
        riders=riders,
        back_url=_back(house, area, shift.date.isoformat()),
    )


@router.post("/{shift_id}/zurueckziehen")
def withdraw(
    request: Request, house: House, actor: _Planning, shift_id: IdPath, posted: Posted
) -> Response:
    """Withdraw a shift; who must be called stands on the roster."""
    try:
        wish = WithdrawWish(reason=posted.get("grund", ""))
    except ValidationError:
        wish = WithdrawWish(reason=language_of(request).text("No reason given"))
    shifts.change(
        house.context,
        actor,
        shift_id,
        _seen(posted),
        "withdrawn",
        lambda shift: shift.duty.withdrawn(wish.reason),
    )
    return _to_shift(house, actor, shift_id)


@router.post("/{shift_id}/doch")
def reopen(house: House, actor: _Planning, shift_id: IdPath, posted: Posted) -> Response:
    """Drive a withdrawn shift after all."""
    shifts.change(house.context, actor, shift_id, _seen(posted), "reopened", shifts.reopened)
    return _to_shift(house, actor, shift_id)


def _seen(posted: Mapping[str, str]) -> Seen:
    return Seen.of(f'"{posted.get("version", "")}"')


def _to_shift(house: House, actor: Actor, shift_id: str) -> Response:
    shift = shifts.shift(house.context, actor, shift_id)
    area = house.area(shift.area_id)
    url = _back(house, area, shift.date.isoformat())
    return RedirectResponse(f"{url}#{quote(shift_id)}", SEE_OTHER)


def _back(house: House, area: Area, day: str) -> str:
    today = house.clock.now().astimezone(area.time_zone).date()
    return Span.of(day, "woche", today).url(area)


def _without_bus(house: House, area: Area, span: Span) -> list[tuple[date, BookingRow]]:
    """Return the rides of the days shown that no bus carries any more."""
    first, last = house.context.in_use()
    first, last = max(first, span.first), min(last, span.last)
    with house.context.database.reading() as reader:
        return [
            (day, row)
            for day in (first + k * _ONE_DAY for k in range((last - first).days + 1))
            for row in reader.bookings(day, area.id)
            if row.status == "unassigned"
        ]
