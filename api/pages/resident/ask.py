"""The first steps of a booking: the search form, "which place do you mean?", the offers.

Each page has its own address that holds all that was typed, so that "back" and "reload" are harmless.
"""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.pages.rendering import SEE_OTHER, area_of, language_of, render
from api.pages.resident.answer import answer_page
from api.pages.resident.places import Ends, find_ends
from api.pages.resident.search import (
    Search,
    bookable_days,
    check,
    most_persons,
    stop_choices,
)
from api.roster.added import added_days
from api.routes.dependencies import House
from regions.area import Area

router = APIRouter(include_in_schema=False)

_OK, _UNPROCESSABLE = 200, 422
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
    return answer_page(request, house, area, ends.search, wish, points)


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
        days=bookable_days(area, now, added_days(house.context, area)),
        today=today,
        tomorrow=today + _ONE_DAY,
        lead_minutes=0 if area.policy.deadline_s is not None else area.policy.lead_time_s // 60,
        most_persons=most_persons(area),
        stops=stop_choices(area),
        line_first_age=area.policy.line_first_age_years if area.policy.line_first_s else None,
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
