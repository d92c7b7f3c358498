"""The first steps of a booking: the search form, "which place do you mean?", the offers.

Each page has its own address that holds all that was typed, so that "back" and "reload" are harmless.
"""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import language_of, render
from api.pages.resident.places import Ends, find_ends
from api.pages.resident.search import (
    Search,
    Wish,
    bookable_days,
    check,
    most_persons,
    stop_choices,
)
from api.routes.dependencies import House
from api.schemas.answers import OfferAnswer, OffersAnswer
from api.schemas.requests import OfferWish, Point
from dispatch.model import TimeKind
from regions.area import Area

router = APIRouter(include_in_schema=False)

SEE_OTHER = 303
_OK, _CONFLICT, _UNPROCESSABLE = 200, 409, 422
_ONE_DAY = timedelta(days=1)


@router.get("/")
def start(request: Request, house: House) -> Response:
    """Ask where from, where to and when; with several areas ask first which."""
    search = Search.of(request.query_params)
    area = area_of(house, search.area)
    if area is None:
        return render(request, "resident/areas.html")
    return _form(request, house, area, search)


@router.get("/angebote")
def offers(request: Request, house: House) -> Response:
    """Answer the search form: what is wrong with it, which place is meant, or what we can offer."""
    search = Search.of(request.query_params)
    area, lang = area_of(house, search.area), language_of(request)
    if area is None:
        return RedirectResponse("/", SEE_OTHER)
    wish, problems = check(search, area, house.clock.now(), lang)
    if wish is None:
        return _form(request, house, area, search, problems)
    ends = find_ends(search, house, area, lang)
    if ends.problems:
        return _form(request, house, area, ends.search, ends.problems)
    points = ends.points
    if points is None:
        return _which_place(request, area, ends)
    asked = _offer_wish(area, wish, points)
    return _answer(request, house, area, ends.search, wish, asked)


def area_of(house: House, area_id: str) -> Area | None:
    """Return the area named, the only one there is, or None if there is a choice to make."""
    areas = house.all_areas()
    if len(areas) == 1:
        return areas[0]
    return next((area for area in areas if area.id == area_id), None)


def _form(
    request: Request,
    house: House,
    area: Area,
    search: Search,
    problems: dict[str, str] | None = None,
) -> Response:
    """Show the search form as it was filled in."""
    now = house.clock.now()
    today = now.astimezone(area.time_zone).date()
    return render(
        request,
        "resident/start.html",
        _UNPROCESSABLE if problems else _OK,
        area=area,
        search=search,
        errors=problems or {},
        days=bookable_days(area, now),
        today=today,
        tomorrow=today + _ONE_DAY,
        lead_minutes=area.policy.lead_time_s // 60,
        most_persons=most_persons(area),
        stops=stop_choices(area),
    )


def _which_place(request: Request, area: Area, ends: Ends) -> Response:
    """Ask back; what is already clear is carried along."""
    asked = {question.name for question in ends.questions}
    return render(
        request,
        "resident/which.html",
        area=area,
        questions=ends.questions,
        kept=[pair for pair in ends.search.pairs if pair[0].removesuffix("_ort") not in asked],
        query=ends.search.query,
    )


def _offer_wish(area: Area, wish: Wish, points: tuple[Point, Point]) -> OfferWish:
    departs = wish.kind is TimeKind.DEPART_AT
    return OfferWish(
        area_id=area.id,
        origin=points[0],
        destination=points[1],
        depart_at=wish.moment if departs else None,
        arrive_by=None if departs else wish.moment,
        passengers=wish.passengers,
    )


def _answer(
    request: Request, house: House, area: Area, search: Search, wish: Wish, asked: OfferWish
) -> Response:
    """Show offers, or the refusal with what would be possible."""
    lang = language_of(request)
    try:
        answer, reason = house.ask(asked, lang.code), ""
    except Problem as problem:
        if problem.code != "no-road":
            raise
        answer, reason = OffersAnswer(), problem.detail(lang.code)
    alternatives: tuple[OfferAnswer, ...] = ()
    if answer.refusal is not None:
        reason, alternatives = answer.refusal.reason, answer.refusal.alternatives
    return render(
        request,
        "resident/offers.html",
        area=area,
        search=search,
        wish=wish,
        offers=answer.offers,
        alternatives=alternatives,
        reason=reason,
        gone=False,
    )


def offer_gone(
    request: Request, house: House, search: Search, offers: tuple[OfferAnswer, ...]
) -> Response:
    """Show what can be had now instead of an offer that stands no longer."""
    area = area_of(house, search.area)
    wish = check(search, area, house.clock.now(), language_of(request))[0] if area else None
    if area is None or wish is None:
        return RedirectResponse(f"/angebote?{search.query}", SEE_OTHER)
    return render(
        request,
        "resident/offers.html",
        _CONFLICT,
        area=area,
        search=search,
        wish=wish,
        offers=offers,
        alternatives=(),
        reason="",
        gone=True,
    )
