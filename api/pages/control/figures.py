"""Figures of some weeks: bars with a table below, and tables to take away."""

from datetime import date, timedelta
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.errors import Problem
from api.i18n import Language
from api.pages.desk_frame import OK, UNPROCESSABLE, AreaName, area_named, desk
from api.pages.rendering import language_of
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House
from api.schemas.statistics import StatisticsAnswer
from api.standing import reason_of
from dispatch.model import Rule
from regions.area import Area

router = APIRouter(prefix="/leitstelle", include_in_schema=False)

Seeing = Annotated[Actor, allowed(Permission.SEE_STATISTICS)]
_HERE = "/zahlen"
_SHOWN = timedelta(weeks=12)
_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 720.0, 240.0, 60.0, 30.0
_RULES = {rule.value for rule in Rule}


class Bar(NamedTuple):
    """One bar in the units of the picture, and what it says."""

    x: float
    y: float
    width: float
    height: float
    words: str
    second: bool


class Chart(NamedTuple):
    """Bars by week with their scale."""

    bars: tuple[Bar, ...]
    labels: tuple[tuple[float, str], ...]
    lines: tuple[tuple[float, str], ...]


@router.get(_HERE)
def show(
    request: Request,
    house: House,
    actor: Seeing,
    gebiet: AreaName = "",
    von: str = "",
    bis: str = "",
    klein: str = "",
) -> Response:
    """Show the figures of the last twelve weeks, or of the days asked for."""
    area, lang = area_named(house, actor, gebiet), language_of(request)
    today = house.clock.now().astimezone(area.time_zone).date()
    usual = today - timedelta(days=today.weekday()) - _SHOWN, today
    trouble = ""
    try:
        first, last = (date.fromisoformat(von), date.fromisoformat(bis)) if von or bis else usual
        told = house.statistics(actor, area.id, first, last, hide_small=bool(klein))
    except (ValueError, Problem) as error:
        trouble = (
            error.detail(lang.code)
            if isinstance(error, Problem)
            else lang.text("Please check the dates.")
        )
        first, last = usual
        told = house.statistics(actor, area.id, first, last, hide_small=bool(klein))
    query = {"area_id": area.id, "from": first, "to": last, "hide_small": bool(klein)}
    return desk(
        request,
        house,
        actor,
        area,
        "figures.html",
        _HERE,
        UNPROCESSABLE if trouble else OK,
        told=told,
        trouble=trouble,
        hidden=bool(klein),
        charts=_charts(told, lang),
        rules=_rules(told, area, lang),
        query=urlencode(query),
    )


def _charts(told: StatisticsAnswer, lang: Language) -> list[tuple[str, tuple[str, str], Chart]]:
    weeks = told.weeks
    days = [week.week for week in weeks]
    return [
        (
            lang.text("Rides per week"),
            (lang.text("done"), lang.text("did not come or cancelled")),
            chart(
                days,
                [week.done for week in weeks],
                [
                    None
                    if week.no_shows is None or week.cancelled is None
                    else week.no_shows + week.cancelled
                    for week in weeks
                ],
                lang,
            ),
        ),
        (
            lang.text("Kilometres per week"),
            (lang.text("all"), lang.text("with riders")),
            chart(days, [week.km for week in weeks], [week.km_with_riders for week in weeks], lang),
        ),
    ]


def chart(
    days: list[date], firsts: list[float | None] | list[float] | list[int | None],
    seconds: list[float | None] | list[float] | list[int | None], lang: Language,
) -> Chart:  # fmt: skip
    """Draw two bars for each week; what is hidden has none."""
    top = _top(max((v for v in (*firsts, *seconds) if v is not None), default=0))
    step = (_WIDTH - _LEFT) / max(len(days), 1)
    width, room = min(step * 0.38, 40.0), _HEIGHT - _BOTTOM - 12
    bars = []
    for k, day in enumerate(days):
        for second, value in ((False, firsts[k]), (True, seconds[k])):
            if value is None:
                continue
            height = room * value / top
            x = _LEFT + step * (k + 0.5) + (0 if second else -width)
            words = f"{lang.short_day(day)}: {lang.number(value)}"
            bars.append(
                Bar(
                    round(x, 1),
                    round(_HEIGHT - _BOTTOM - height, 1),
                    round(width, 1),
                    round(height, 1),
                    words,
                    second,
                )
            )
    every = -(-len(days) // 6) or 1
    labels = [
        (round(_LEFT + step * (k + 0.5), 1), lang.short_day(day))
        for k, day in enumerate(days)
        if k % every == 0
    ]
    lines = [
        (round(_HEIGHT - _BOTTOM - room * share, 1), lang.number(top * share))
        for share in (0.0, 0.5, 1.0)
    ]
    return Chart(tuple(bars), tuple(labels), tuple(lines))


def _top(value: float) -> float:
    """Return the next round number a scale may end with."""
    size = 1
    while size * 10 < value:
        size *= 10
    return float(next(size * k for k in (2, 4, 6, 8, 10, 20) if size * k >= value))


def _rules(told: StatisticsAnswer, area: Area, lang: Language) -> list[tuple[str, int | None]]:
    other = lang.text("Other reasons")
    return [
        (reason_of(each.rule, area) if each.rule in _RULES else other, each.count)
        for each in told.refusals_by_rule
    ]
