"""Changing a ride: another day or time, the same way; the old ride stays until the new one is taken."""

import secrets
from datetime import date, datetime
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import SEE_OTHER, language_of, render
from api.pages.resident.book import KEY_BYTES, Posted, booking_url
from api.pages.resident.search import ARRIVE, bookable_days, parse_clock
from api.routes.dependencies import BookingPath, House
from api.schemas.answers import OPEN, BookingAnswer, OffersAnswer
from api.schemas.changes import BookingChange, ChangeWish
from api.servicetime import NoSuchTime, instant_of

router = APIRouter(include_in_schema=False)

_OK, _CONFLICT, _UNPROCESSABLE = 200, 409, 422


@router.get("/buchung/{booking_id}/aendern")
def ask(
    request: Request,
    house: House,
    booking_id: BookingPath,
    tag: str = "",
    zeit: str = "",
    art: str = "",
) -> Response:
    """Ask for the new time, and show what could be had."""
    booking = house.booking(booking_id)
    if booking.status not in OPEN:
        return RedirectResponse(booking_url(booking), SEE_OTHER)
    if not tag and not zeit:
        return _page(request, house, booking)
    lang = language_of(request)
    at = _instant(house, booking, tag, zeit)
    if at is None or at <= house.clock.now():
        return _page(
            request, house, booking, trouble=lang.text("Please enter a time, for example 9:30.")
        )
    wish = ChangeWish(arrive_by=at) if art == ARRIVE else ChangeWish(depart_at=at)
    try:
        answer = house.ask_change(booking_id, wish, lang.code)
    except Problem as problem:
        return _page(request, house, booking, trouble=problem.detail(lang.code))
    return _page(request, house, booking, answer=answer)


@router.post("/buchung/{booking_id}/aendern")
def take(request: Request, house: House, booking_id: BookingPath, posted: Posted) -> Response:
    """Take another ride instead."""
    lang = language_of(request)
    try:
        change = BookingChange(offer=posted.get("angebot", "x")[:4096] or "x")
        key = posted.get("schluessel", "")
        changed = house.change_booking(booking_id, change, key).body
    except Problem as problem:
        if problem.code == "booking-unknown":
            raise
        booking = house.booking(booking_id)
        left = problem.extra.get("alternatives", ())
        answer = OffersAnswer(offers=left) if left else None
        return _page(request, house, booking, answer=answer, trouble=problem.detail(lang.code))
    return RedirectResponse(f"/buchung/{quote(changed.id)}", SEE_OTHER)


def _instant(house: House, booking: BookingAnswer, day: str, clock: str) -> datetime | None:
    time = parse_clock(clock)
    try:
        zone = house.area(booking.area_id).time_zone
        return instant_of(date.fromisoformat(day), time, zone) if time else None
    except (NoSuchTime, ValueError, OverflowError):
        return None


def _page(
    request: Request,
    house: House,
    booking: BookingAnswer,
    answer: OffersAnswer | None = None,
    trouble: str = "",
) -> Response:
    area, query = house.area(booking.area_id), request.query_params
    zone = area.time_zone
    return render(
        request,
        "resident/change.html",
        _UNPROCESSABLE if trouble and answer is None else _CONFLICT if trouble else _OK,
        area=area,
        booking=booking,
        days=bookable_days(area, house.clock.now()),
        day=query.get("tag") or booking.date.isoformat(),
        time=query.get("zeit") or booking.promise.pickup_from.astimezone(zone).strftime("%H:%M"),
        kind=query.get("art", ""),
        answer=answer,
        trouble=trouble,
        key=secrets.token_urlsafe(KEY_BYTES),
    )
