"""The coordinator's day: bookings, tours over time and on the map, refused wishes."""

from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.i18n import Language
from api.pages.control.calls import calls_of
from api.pages.control.timeline import Axis, Row, rows
from api.pages.rendering import SEE_OTHER, language_of, render
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import BookingPath, House
from api.schemas.answers import OPEN, BookingsAnswer
from regions.area import Area
from regions.region import Region

router = APIRouter(prefix="/leitstelle", include_in_schema=False)

_Booking = Annotated[Actor, allowed(Permission.BOOK_FOR_OTHERS)]

_ONE_DAY = timedelta(days=1)


@router.get("")
def day(
    request: Request,
    house: House,
    actor: Annotated[Actor, allowed(Permission.SEE_RIDES)],
    datum: Annotated[str, Query()] = "",
    gebiet: Annotated[str, Query()] = "",
) -> Response:
    """Show one day of one area; today's of the first area unless another is asked for."""
    lang, areas = language_of(request), house.areas_of(actor)
    if not areas:
        return render(request, "resident/areas.html")
    area = next((one for one in areas if one.id == gebiet), areas[0])
    now = house.clock.now().astimezone(area.time_zone)
    shown = _day(datum, now.date())
    tours = house.tours(actor, shown, area.id).tours
    bookings = house.bookings(actor, shown, area.id)
    axis = Axis.over(tours) if tours else None
    drawn = rows(tours, axis, lang) if axis else ()
    cases = house.connection_cases(actor, shown, area.id).cases
    return render(
        request,
        "control/day.html",
        area=area,
        shown=shown,
        before=shown - _ONE_DAY,
        after=shown + _ONE_DAY,
        before_url=_day_url(area, shown - _ONE_DAY),
        after_url=_day_url(area, shown + _ONE_DAY),
        here_url=_day_url(area, shown),
        sheets_url=_day_url(area, shown, "/tourenblatt.pdf"),
        now=now,
        now_x=_now_x(axis, now),
        hours=axis.hours(lang) if axis else (),
        rows=drawn,
        numbers={row.tour.id: row for row in drawn},
        bookings=bookings.bookings,
        refused=house.refusals(actor, shown, area.id, lang.code),
        transport=house.timetable_state(area),
        cases=cases,
        **calls_of(house, actor, (shown, area.id, lang.code), cases),
        case_words=_case_words(lang),
        tiles=_tiles(bookings, drawn, lang),
        bbox=_bbox(area, house.context.regions[area.id]),
        status_words=_status_words(lang),
        visit_words=_visit_words(lang),
        map_words=_map_words(lang),
    )


@router.get("/tourenblatt.pdf")
def tour_sheets(
    house: House,
    actor: Annotated[Actor, allowed(Permission.SEE_TOURS)],
    datum: Annotated[str, Query()] = "",
    gebiet: Annotated[str, Query()] = "",
) -> Response:
    """Give the tours of a day to be printed."""
    area = next((one for one in house.areas_of(actor) if one.id == gebiet), None)
    if area is None:
        raise Problem("area-unknown")
    shown = _day(datum, house.clock.now().astimezone(area.time_zone).date())
    name = f"tourenblatt-{area.id}-{shown.isoformat()}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    content = house.tour_sheets(actor, shown, area.id)
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/buchungen/{booking_id}/stornieren")
def ask_cancel(
    request: Request, house: House, actor: _Booking, booking_id: BookingPath
) -> Response:
    """Ask whether a booking is really to be cancelled."""
    booking = house.booking_of(actor, booking_id)
    area = house.area(booking.area_id)
    back_url = _day_url(area, booking.date)
    if booking.status not in OPEN:
        return RedirectResponse(back_url, SEE_OTHER)
    return render(
        request,
        "resident/cancel.html",
        area=area,
        booking=booking,
        action=f"/leitstelle/buchungen/{quote(booking.id)}/stornieren",
        back_url=back_url,
    )


@router.post("/buchungen/{booking_id}/stornieren")
def cancel(house: House, actor: _Booking, booking_id: BookingPath) -> Response:
    """Cancel a booking and show its day."""
    house.booking_of(actor, booking_id)
    booking = house.cancel(booking_id)
    url = _day_url(house.area(booking.area_id), booking.date)
    return RedirectResponse(url, SEE_OTHER)


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def _bbox(area: Area, region: Region) -> tuple[float, float, float, float]:
    """Return what the map shows first: west, south, east, north."""
    if area.boundary is not None:
        west, south, east, north = area.boundary.bounds
        return west, south, east, north
    return area.bbox or region.manifest.bbox


def _day_url(area: Area, shown: date, page: str = "") -> str:
    return f"/leitstelle{page}?" + urlencode({"gebiet": area.id, "datum": shown.isoformat()})


def _now_x(axis: Axis | None, now: datetime) -> float | None:
    return axis.x(now) if axis and axis.start <= now <= axis.end else None


def _tiles(
    bookings: BookingsAnswer, drawn: tuple[Row, ...], lang: Language
) -> tuple[tuple[str, str], ...]:
    """Count what matters at a glance."""
    live = [one for one in bookings.bookings if one.status != "cancelled"]
    persons = sum(one.passengers.persons for one in live)
    running = [row.tour for row in drawn if row.tour.visits]
    return (
        (lang.texts("Booking", "Bookings", len(live)), str(len(live))),
        (lang.texts("Passenger", "Passengers", persons), str(persons)),
        (lang.texts("Tour", "Tours", len(running)), str(len(running))),
        (lang.text("Distance"), lang.kilometres(sum(tour.metres for tour in running))),
    )


def _status_words(lang: Language) -> dict[str, str]:
    return {
        "booked": lang.text("booked"),
        "unassigned": lang.text("without a bus"),
        "aboard": lang.text("aboard"),
        "done": lang.text("done"),
        "no_show": lang.text("did not come"),
        "cancelled": lang.text("cancelled"),
    }


def _case_words(lang: Language) -> dict[str, str]:
    return {
        "line_late": lang.text("line later than our bus"),
        "line_gone": lang.text("the line does not run"),
        "ride_late": lang.text("our bus is late for the line"),
    }


def _visit_words(lang: Language) -> dict[str, str]:
    return {"arrived": lang.text("the bus is there"), "departed": lang.text("left")}


def _map_words(lang: Language) -> dict[str, str]:
    """Words for the map's own controls, by MapLibre's names."""
    return {
        "Map.Title": lang.text("Map"),
        "NavigationControl.ZoomIn": lang.text("Zoom in"),
        "NavigationControl.ZoomOut": lang.text("Zoom out"),
        "CooperativeGesturesHandler.WindowsHelpText": lang.text("Zoom with Ctrl and the wheel"),
        "CooperativeGesturesHandler.MacHelpText": lang.text("Zoom with ⌘ and the wheel"),
        "CooperativeGesturesHandler.MobileHelpText": lang.text("Move the map with two fingers"),
    }
