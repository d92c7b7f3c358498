"""Who calls? Riders by number or name, their last rides to book again, and what is stored of them."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

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
from api.pages.resident.again import again
from api.pages.resident.search import Search, one_line, parse_place, place_value
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House, IdPath
from api.schemas.answers import BookingAnswer
from api.schemas.persons import PersonWish
from api.schemas.riders import CallerAnswer, RiderAnswer, RiderSearch, RiderWish
from regions.area import Area

router = APIRouter(prefix="/leitstelle", include_in_schema=False)

SeeRiders = Annotated[Actor, allowed(Permission.SEE_RIDERS)]
ChangeRiders = Annotated[Actor, allowed(Permission.CHANGE_RIDERS)]
_HERE = "/fahrgaeste"
WORDING = "2026-1"
"""The wording of the consent the agent reads aloud; it stands on the form."""
_NEEDS = ("wheelchair", "walker", "pram", "child_seat", "lift", "low_floor", "no_line")
_SEARCH_AT_MOST = 100


@router.get(_HERE)
def ask_who(request: Request, house: House, actor: SeeRiders, gebiet: AreaName = "") -> Response:
    """Ask who calls, and list the riders."""
    return _found(request, house, actor, area_named(house, actor, gebiet), "")


@router.post(_HERE)
def look_who(request: Request, house: House, actor: SeeRiders, posted: Posted) -> Response:
    """Show who that is; by POST, because names do not belong in addresses."""
    area = area_named(house, actor, posted.get("gebiet", ""))
    return _found(request, house, actor, area, one_line(posted.get("wer", ""))[:_SEARCH_AT_MOST])


def _found(request: Request, house: House, actor: Actor, area: Area, text: str) -> Response:
    body = RiderSearch(area_id=area.id, text=text)
    told = house.caller(actor, body) if text else None
    riders = told.riders if told else house.search_riders(actor, body).riders
    return desk(
        request,
        house,
        actor,
        area,
        "riders.html",
        _HERE,
        text=text,
        riders=riders,
        caller=told,
        known=_known(told),
        again_urls=_again_urls(told.rides if told else (), area),
        favourites=_favourites(riders[0], area) if len(riders) == 1 and text else (),
    )


def _known(told: CallerAnswer | None) -> RiderAnswer | None:
    return told.riders[0] if told and len(told.riders) == 1 else None


def _again_urls(rides: tuple[BookingAnswer, ...], area: Area) -> list[tuple[str, str]]:
    """Return for each ride the form for the same once more, and for the way back."""
    found = []
    for ride in rides:
        clock = ride.promise.pickup_from.astimezone(area.time_zone).strftime("%H:%M")
        same = replace(again(ride, ride.origin, ride.destination), day="", time=clock)
        back = replace(again(ride, ride.destination, ride.origin), day="")
        found.append((f"/?{same.query}", f"/?{back.query}"))
    return found


def _favourites(rider: RiderAnswer, area: Area) -> list[tuple[str, str, str]]:
    """Return label, form from there and form to there of a rider's places."""
    party = {
        "persons": "1",
        "wheelchair": "1" if rider.needs.wheelchair else "",
        "walker": "1" if rider.needs.walker else "",
        "pram": "1" if rider.needs.pram else "",
        "no_line": "1" if rider.needs.no_line else "",
    }
    found = []
    for place in rider.places:
        value = place_value(place.label, place.lon, place.lat)
        start = Search(area=area.id, origin=place.label, origin_place=value, **party)
        end = Search(area=area.id, destination=place.label, destination_place=value, **party)
        found.append((place.label, f"/?{start.query}", f"/?{end.query}"))
    return found


@router.get(f"{_HERE}/neu")
def ask_new(request: Request, house: House, actor: ChangeRiders, gebiet: AreaName = "") -> Response:
    """Show the form for a new rider."""
    area = area_named(house, actor, gebiet)
    return _form(request, house, actor, area, {}, None)


@router.post(f"{_HERE}/neu")
def add(request: Request, house: House, actor: ChangeRiders, posted: Posted) -> Response:
    """Remember a rider."""
    area = area_named(house, actor, posted.get("gebiet", ""))
    if posted.get("nur_ausfuellen"):
        return _form(request, house, actor, area, dict(posted), None)
    try:
        rider = house.add_rider(actor, _wish(area, posted), posted.get("schluessel", "")).body
    except (ValidationError, Problem) as error:
        return _form(request, house, actor, area, dict(posted), error)
    return to_page(f"{_HERE}/{rider.id}")


@router.get(_HERE + "/{rider_id}")
def show(request: Request, house: House, actor: SeeRiders, rider_id: IdPath) -> Response:
    """Show what is known of a rider."""
    return _page(request, house, actor, rider_id)


@router.get(_HERE + "/{rider_id}/aendern")
def ask_change(request: Request, house: House, actor: ChangeRiders, rider_id: IdPath) -> Response:
    """Show the form to correct a rider."""
    rider = house.rider(actor, rider_id)
    values = {"name": rider.name, "telefon": rider.phone, "mail": rider.email or ""}
    values |= {name: "1" for name in _NEEDS if getattr(rider.needs, name)}
    values |= {
        "sprache": rider.language,
        "wie": rider.consent.how,
        "wortlaut": rider.consent.wording,
    }
    values |= {"nachrichten": "1"} if rider.consent.messages else {}
    values["orte"] = "\n".join(place_value(p.label, p.lon, p.lat) for p in rider.places)
    return _form(request, house, actor, house.area(rider.area_id), values, None, rider)


@router.post(_HERE + "/{rider_id}/aendern")
def change(
    request: Request, house: House, actor: ChangeRiders, rider_id: IdPath, posted: Posted
) -> Response:
    """Correct a rider."""
    rider = house.rider(actor, rider_id)
    area = house.area(rider.area_id)
    try:
        house.change_rider(actor, rider_id, _wish(area, posted))
    except (ValidationError, Problem) as error:
        return _form(request, house, actor, area, dict(posted), error, rider)
    return to_page(f"{_HERE}/{rider_id}")


@router.post(_HERE + "/{rider_id}/orte")
def add_place(house: House, actor: ChangeRiders, rider_id: IdPath, posted: Posted) -> Response:
    """Make the end of a ride a favourite place."""
    rider = house.rider(actor, rider_id)
    point = parse_place(posted.get("ort", ""))
    values = rider.model_dump(include={"area_id", "name", "phone", "email", "language", "needs"})
    values["consent"] = rider.consent.model_dump(exclude={"at"})
    places = [place.model_dump() for place in rider.places]
    if point is not None and point.label not in {place["label"] for place in places}:
        places.append(point.model_dump())
    values["places"] = tuple(places)[-20:]
    house.change_rider(actor, rider_id, RiderWish.model_validate(values))
    return to_page(f"{_HERE}/{rider_id}")


@router.post(_HERE + "/{rider_id}/auskunft")
def export(house: House, actor: SeeRiders, rider_id: IdPath, posted: Posted) -> Response:
    """Give a copy of everything stored, as JSON or PDF."""
    rider = house.rider(actor, rider_id)
    who = PersonWish(phone=rider.phone, name=rider.name)
    if posted.get("format") == "json":
        content, kind, name = (
            house.export_person(actor, who).model_dump_json(),
            "application/json",
            "json",
        )
        body: bytes = content.encode()
    else:
        body, kind, name = house.export_person_pdf(actor, who), "application/pdf", "pdf"
    headers = {"Content-Disposition": f'attachment; filename="auskunft.{name}"'}
    return Response(body, media_type=kind, headers=headers)


@router.post(_HERE + "/{rider_id}/loeschen")
def erase(
    request: Request, house: House, actor: ChangeRiders, rider_id: IdPath, posted: Posted
) -> Response:
    """Erase the person; rides to come must be cancelled before."""
    rider = house.rider(actor, rider_id)
    if not posted.get("sicher"):
        return _page(request, house, actor, rider_id, asked=True)
    try:
        house.erase_person(actor, PersonWish(phone=rider.phone, name=rider.name))
    except Problem as problem:
        return _page(request, house, actor, rider_id, problem)
    return to_page(_HERE, house.area(rider.area_id))


def _page(
    request: Request,
    house: House,
    actor: Actor,
    rider_id: str,
    problem: Problem | None = None,
    *,
    asked: bool = False,
) -> Response:
    rider, lang = house.rider(actor, rider_id), language_of(request)
    area = house.area(rider.area_id)
    return desk(
        request,
        house,
        actor,
        area,
        "rider.html",
        _HERE,
        CONFLICT if problem else OK,
        rider=rider,
        again_urls=_again_urls(rider.rides, area),
        place_values=[
            (place_value(r.destination.label, r.destination.lon, r.destination.lat))
            for r in rider.rides
        ],
        favourites=_favourites(rider, area),
        needs_words=_needs_words(lang),
        how_words=_how_words(lang),
        asked=asked,
        trouble=problem.detail(lang.code) if problem else "",
    )


def _form(
    request: Request,
    house: House,
    actor: Actor,
    area: Area,
    values: Mapping[str, str],
    error: ValidationError | Problem | None,
    rider: RiderAnswer | None = None,
) -> Response:
    lang = language_of(request)
    return desk(
        request,
        house,
        actor,
        area,
        "rider_form.html",
        _HERE,
        UNPROCESSABLE if error else OK,
        values=values,
        key=secrets.token_urlsafe(16),
        rider=rider,
        errors=_said(error, lang),
        wording=WORDING,
        needs_words=_needs_words(lang),
        how_words=_how_words(lang),
        action=f"/leitstelle{_HERE}/{quote(rider.id)}/aendern"
        if rider
        else f"/leitstelle{_HERE}/neu",
    )


_FIELDS = {"name": "name", "phone": "telefon", "email": "mail", "consent": "wie", "places": "orte"}


def _said(error: ValidationError | Problem | None, lang: Language) -> dict[str, str]:
    """Say what is wrong beside the field."""
    if error is None:
        return {}
    if isinstance(error, Problem):
        return {"telefon": error.detail(lang.code)}
    words = {
        "name": lang.text("Please tell us the name."),
        "telefon": lang.text("Please tell us a telephone number."),
        "mail": lang.text("This is no e-mail address."),
        "wie": lang.text("Please say how the rider agreed."),
        "orte": lang.text("One of the places cannot be read."),
    }
    places = {_FIELDS.get(str(each["loc"][0]), "name") for each in error.errors()}
    return {name: sentence for name, sentence in words.items() if name in places}


def _wish(area: Area, posted: Mapping[str, str]) -> RiderWish:
    points = (parse_place(line.strip()) for line in posted.get("orte", "").splitlines()[:20])
    values: dict[str, Any] = {
        "area_id": area.id,
        "name": one_line(posted.get("name", "")),
        "phone": one_line(posted.get("telefon", "")),
        "email": posted.get("mail", "").strip() or None,
        "language": "en" if posted.get("sprache") == "en" else "de",
        "needs": {name: bool(posted.get(name)) for name in _NEEDS},
        "places": tuple(point.model_dump() for point in points if point is not None),
        "consent": {
            "how": posted.get("wie", ""),
            "wording": posted.get("wortlaut") or WORDING,
            "messages": bool(posted.get("nachrichten")),
        },
    }
    return RiderWish.model_validate(values)


def _needs_words(lang: Language) -> dict[str, str]:
    return {
        "wheelchair": lang.text("Wheelchair"),
        "walker": lang.text("Walking frame"),
        "pram": lang.text("Pram"),
        "child_seat": lang.text("Child seat"),
        "lift": lang.text("Lift or ramp"),
        "low_floor": lang.text("Low floor"),
        "no_line": lang.text("May not be sent to the line"),
    }


def _how_words(lang: Language) -> dict[str, str]:
    return {
        "telephone": lang.text("on the telephone"),
        "in_person": lang.text("in person"),
        "paper": lang.text("on paper"),
        "online": lang.text("on the internet"),
    }
