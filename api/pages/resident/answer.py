"""The answer to a search: offers, or why not and what would be possible instead."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import SEE_OTHER, area_of, language_of, render
from api.pages.resident.search import Search, Wish, bookable_days, check
from api.roster.added import added_days
from api.routes.dependencies import House
from api.schemas.answers import OfferAnswer, OffersAnswer
from api.schemas.journeys import JourneyAnswer
from api.schemas.requests import OfferWish, Point
from dispatch.connections.found import Kind
from dispatch.model import Rule, TimeKind
from regions.area import Area

_CONFLICT = 409
_DAYS_TO_NAME = 3
_DAY_MAY_HELP = {
    Rule.NO_SHIFT,
    Rule.TOO_SOON,
    Rule.TOO_FAR_AHEAD,
    Rule.CLOSED_DAY,
    Rule.CLOSURE,
    Rule.TIME,
    Rule.VEHICLES_BUSY,
    Rule.RANGE,
    Rule.DRIVING_TIME,
    Rule.BREAK,
    Rule.STANDING_QUOTA,
    Rule.ALONE,
}
"""Refusals that another day may turn into an offer."""


def _offer_wish(area: Area, wish: Wish, points: tuple[Point, Point]) -> OfferWish:
    departs = wish.kind is TimeKind.DEPART_AT
    return OfferWish(
        area_id=area.id,
        origin=points[0],
        destination=points[1],
        depart_at=wish.moment if departs else None,
        arrive_by=None if departs else wish.moment,
        passengers=wish.passengers,
        disabled=wish.no_line,
        age_years=area.policy.line_first_age_years if wish.no_line else None,
    )


def answer_page(
    request: Request,
    house: House,
    area: Area,
    search: Search,
    wish: Wish,
    points: tuple[Point, Point],
) -> Response:
    """Show offers, or the refusal with what would be possible."""
    lang = language_of(request)
    asked = _offer_wish(area, wish, points)
    try:
        answer, reason = house.ask(asked, lang.code), ""
    except Problem as problem:
        if problem.code != "no-road":
            raise
        answer, reason = OffersAnswer(), problem.detail(lang.code)
    alternatives: tuple[OfferAnswer, ...] = ()
    other_days: list[tuple[date, str]] = []
    if answer.refusal is not None:
        reason, alternatives = answer.refusal.reason, answer.refusal.alternatives
        if not alternatives and answer.refusal.rule in _DAY_MAY_HELP:
            other_days = _other_days(house, area, search, wish)
    found = house.journeys(asked, lang.code)
    journeys = [each for each in found.journeys if each.kind is not Kind.RIDE]
    return render(
        request,
        "resident/offers.html",
        area=area,
        search=search,
        wish=wish,
        offers=answer.offers,
        journeys=journeys,
        told_lines=_told_lines(journeys),
        other_services=found.other_services,
        alternatives=alternatives,
        other_days=other_days,
        reason=reason,
        gone=False,
    )


def _told_lines(journeys: Sequence[JourneyAnswer]) -> str:
    """Say of how many of the lines in these journeys realtime tells: ``all``, ``some`` or ``none``."""
    told = {
        leg.planned_departure is not None
        for journey in journeys
        for leg in journey.legs
        if leg.mode == "line"
    }
    return "some" if len(told) > 1 else "all" if True in told else "none"


def _other_days(house: House, area: Area, search: Search, wish: Wish) -> list[tuple[date, str]]:
    """Return the nearest other days the bus runs, each with the query that asks for it."""
    wished = wish.moment.date()
    days = [
        day
        for day in bookable_days(area, house.clock.now(), added_days(house.context, area))
        if day != wished
    ]
    days.sort(key=lambda day: (day < wished, abs(day - wished)))
    nearest = sorted(days[:_DAYS_TO_NAME])
    return [(day, replace(search, day=day.isoformat()).query) for day in nearest]


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
        journeys=(),
        told_lines="",
        other_services=(),
        alternatives=(),
        other_days=(),
        reason="",
        gone=True,
    )
