"""Standing orders: the list with what must be dealt with, one order with its dates, a new one."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.errors import Problem
from api.i18n import Language
from api.pages.desk_frame import (
    CONFLICT,
    OK,
    UNPROCESSABLE,
    AreaName,
    Posted,
    area_named,
    desk,
    to_page,
)
from api.pages.rendering import language_of
from api.pages.resident.search import one_line, parse_clock, parse_place, place_value, stop_choices
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House, IdPath
from api.schemas.riders import RiderPageAnswer
from api.schemas.standing import (
    Settlement,
    StandingOrderAnswer,
    StandingOrderChange,
    StandingOrderWish,
    Weekday,
)

router = APIRouter(prefix="/leitstelle", include_in_schema=False)

SeeRiders = Annotated[Actor, allowed(Permission.SEE_RIDERS)]
ChangeRiders = Annotated[Actor, allowed(Permission.CHANGE_RIDERS)]
_HERE = "/dauerauftraege"
_LOAD = ("wheelchair", "walker", "pram")


@router.get(_HERE)
def listed(
    request: Request, house: House, actor: SeeRiders, gebiet: AreaName = "", alle: str = ""
) -> Response:
    """List the standing orders of an area, what must be dealt with first."""
    area, lang = area_named(house, actor, gebiet), language_of(request)
    orders = house.orders(actor, area.id, ended=bool(alle)).standing_orders
    return desk(
        request,
        house,
        actor,
        area,
        "orders.html",
        _HERE,
        orders=orders,
        tasks=[
            (order, ride)
            for order in orders
            for ride in order.rides
            if ride.state == "refused" and ride.settled_at is None
        ],
        day_words=_day_words(lang),
        state_words=_state_words(lang),
        way_words=_way_words(lang),
    )


@router.get(_HERE + "/{order_id}")
def show(request: Request, house: House, actor: SeeRiders, order_id: IdPath) -> Response:
    """Show one standing order with its dates."""
    return _page(request, house, actor, house.order(actor, order_id))


@router.post(_HERE + "/{order_id}")
def change(
    request: Request, house: House, actor: ChangeRiders, order_id: IdPath, posted: Posted
) -> Response:
    """Pause, go on, end, or leave out a date."""
    order, lang = house.order(actor, order_id), language_of(request)
    try:
        house.change_order(actor, order_id, _change(order, posted))
    except (ValidationError, ValueError):
        return _page(request, house, actor, order, lang.text("Please check the dates."))
    except Problem as problem:
        return _page(request, house, actor, order, problem.detail(lang.code))
    return to_page(f"{_HERE}/{order_id}")


@router.post(_HERE + "/{order_id}/erledigt")
def settle(house: House, actor: ChangeRiders, order_id: IdPath, posted: Posted) -> Response:
    """Take down that a refused date is dealt with (``invalid``, ``task-unknown``)."""
    house.order(actor, order_id)
    try:
        settlement = Settlement.model_validate(
            {"date": posted.get("tag", ""), "direction": posted.get("richtung", "")}
        )
    except ValidationError as error:
        raise Problem("invalid") from error
    order = house.settle_task(actor, order_id, settlement)
    return to_page(_HERE, house.area(order.area_id))


@router.get("/fahrgaeste/{rider_id}/dauerauftrag")
def ask_new(request: Request, house: House, actor: ChangeRiders, rider_id: IdPath) -> Response:
    """Show the form for a new standing order."""
    rider = house.rider(actor, rider_id)
    zone = house.area(rider.area_id).time_zone
    values = {"ab": house.clock.now().astimezone(zone).date().isoformat(), "toleranz": "20"}
    values |= {name: "1" for name in _LOAD if getattr(rider.needs, name)}
    return _form(request, house, actor, rider, values, {})


@router.post("/fahrgaeste/{rider_id}/dauerauftrag")
def add(
    request: Request, house: House, actor: ChangeRiders, rider_id: IdPath, posted: Posted
) -> Response:
    """Make a standing order."""
    rider, lang = house.rider(actor, rider_id), language_of(request)
    try:
        wish = StandingOrderWish.model_validate(_wish(rider, posted))
        order = house.add_order(actor, wish, posted.get("schluessel", "")).body
    except ValidationError as error:
        return _form(request, house, actor, rider, posted, _said(error, lang))
    except Problem as problem:
        return _form(request, house, actor, rider, posted, {"nach": problem.detail(lang.code)})
    return to_page(f"{_HERE}/{order.id}")


def _page(
    request: Request, house: House, actor: Actor, order: StandingOrderAnswer, trouble: str = ""
) -> Response:
    lang = language_of(request)
    return desk(
        request,
        house,
        actor,
        house.area(order.area_id),
        "order.html",
        _HERE,
        CONFLICT if trouble else OK,
        order=order,
        trouble=trouble,
        day_words=_day_words(lang),
        state_words=_state_words(lang),
        way_words=_way_words(lang),
    )


def _change(order: StandingOrderAnswer, posted: Mapping[str, str]) -> StandingOrderChange:
    what = posted.get("was", "")
    if what in {"active", "paused", "ended"}:
        return StandingOrderChange.model_validate({"state": what})
    if what == "pause":
        days = posted.get("von", ""), posted.get("bis", "")
        return StandingOrderChange.model_validate({"pause": days if any(days) else None})
    if what == "ende":
        return StandingOrderChange.model_validate({"valid_until": posted.get("bis") or None})
    day = date.fromisoformat(posted.get("tag", ""))
    skipped = set(order.skipped) ^ {day}  # once more takes it back
    return StandingOrderChange(skipped=frozenset(skipped))


def _form(
    request: Request,
    house: House,
    actor: Actor,
    rider: RiderPageAnswer,
    values: Mapping[str, str],
    errors: dict[str, str],
) -> Response:
    area, lang = house.area(rider.area_id), language_of(request)
    places = {place_value(p.label, p.lon, p.lat): p.label for p in rider.places}
    for ride in rider.rides:
        for spot in (ride.origin, ride.destination):
            places[place_value(spot.label, spot.lon, spot.lat)] = spot.label
    places |= {each["value"]: each["label"] for each in stop_choices(area)}
    return desk(
        request,
        house,
        actor,
        area,
        "order_form.html",
        _HERE,
        UNPROCESSABLE if errors else OK,
        rider=rider,
        values=values,
        chosen_days=values.get("tage", "").split(","),
        key=secrets.token_urlsafe(16),
        places=places,
        errors=errors,
        day_words=_day_words(lang),
    )


def _wish(rider: RiderPageAnswer, posted: Mapping[str, str]) -> dict[str, Any]:
    clock = _clock(posted.get("zeit", "")) or ""
    arrives = posted.get("art") == "bis"
    chair = bool(posted.get("wheelchair"))
    return {
        "rider_id": rider.id,
        "area_id": rider.area_id,
        "valid_from": posted.get("ab", ""),
        "valid_until": posted.get("bis_tag") or None,
        "series": {
            "weekdays": tuple(day for day in posted.get("tage", "").split(",") if day),
            "depart_at": None if arrives else clock,
            "arrive_by": clock if arrives else None,
            "return_at": _clock(posted.get("zurueck", "")),
            "origin": _place(posted, "von"),
            "destination": _place(posted, "nach"),
            "passengers": {
                "seat": 0 if chair else 1,
                "wheelchair": int(chair),
                "walker": int(bool(posted.get("walker"))),
                "pram": int(bool(posted.get("pram"))),
            },
            "purpose": posted.get("zweck") or None,
            "tolerance_min": int(t) if (t := posted.get("toleranz", "")).isdecimal() else 20,
        },
    }


def _clock(text: str) -> str | None:
    clock = parse_clock(text) if text else None
    return f"{clock:%H:%M}" if clock else None


def _place(posted: Mapping[str, str], end: str) -> dict[str, Any]:
    typed = one_line(posted.get(end, ""))
    point = parse_place(posted.get(f"{end}_ort", "")) if not typed else None
    return point.model_dump() if point is not None else {"address": typed}


_FIELDS = {
    "weekdays": "tage",
    "depart_at": "zeit",
    "arrive_by": "zeit",
    "origin": "von",
    "destination": "nach",
    "valid_from": "ab",
    "valid_until": "bis_tag",
}


def _said(error: ValidationError, lang: Language) -> dict[str, str]:
    words = {
        "tage": lang.text("Please choose at least one weekday."),
        "zeit": lang.text("Please enter a time, for example 9:30."),
        "von": lang.text("Please tell us where we may pick you up."),
        "nach": lang.text("Please tell us where you would like to go."),
        "ab": lang.text("Please check the dates."),
        "bis_tag": lang.text("Please check the dates."),
        "zurueck": lang.text("The way back must begin later than the way there."),
    }
    wrong = {
        next((_FIELDS[part] for part in map(str, each["loc"]) if part in _FIELDS), "zurueck")
        for each in error.errors()
    }
    return {name: sentence for name, sentence in words.items() if name in wrong}


def _day_words(lang: Language) -> dict[str, str]:
    monday = date(2024, 1, 1)
    names = (lang.day(monday.replace(day=1 + k)).split(",")[0] for k in range(7))
    return dict(zip((day.value for day in Weekday), names, strict=True))


def _state_words(lang: Language) -> dict[str, str]:
    return {
        "active": lang.text("running"),
        "paused": lang.text("paused"),
        "ended": lang.text("ended"),
        "booked": lang.text("booked"),
        "refused": lang.text("not possible"),
    }


def _way_words(lang: Language) -> dict[str, str]:
    return {"there": lang.text("Way there"), "back": lang.text("Way back")}
