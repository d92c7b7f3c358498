"""Statistics: numbers without persons, as JSON and as tables."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from api import exports
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House
from api.routes.documentation import problems
from api.routes.staff import AreaParameter
from api.routes.strict import StrictRoute
from api.routes.tables import CSV, LayoutQuery, table
from api.schemas.statistics import StatisticsAnswer

router = APIRouter(prefix="/v1", tags=["statistics"], route_class=StrictRoute)
_PROBLEMS = (
    "area-unknown",
    "date-out-of-range",
    "period-wrong",
    "invalid",
)
Counting = Annotated[Actor, allowed(Permission.SEE_STATISTICS)]
RidesSeen = Annotated[Actor, allowed(Permission.SEE_RIDES)]
First = Annotated[date, Query(alias="from", description="First day.", examples=["2026-01-01"])]
Last = Annotated[date, Query(alias="to", description="Last day.", examples=["2026-03-31"])]
Hide = Annotated[
    bool, Query(description="Hide numbers from 1 to 4, and what would give them away.")
]


@router.get(
    "/statistics",
    operation_id="statistics",
    summary="What the service did",
    responses=problems(*_PROBLEMS, guarded=True),
)
def statistics(
    house: House,
    actor: Counting,
    area_id: AreaParameter,
    first: First,
    last: Last,
    *,
    hide_small: Hide = True,
) -> StatisticsAnswer:
    """Count rides, persons, refusals, sharing, punctuality and kilometres, week by week."""
    return house.statistics(actor, area_id, first, last, hide_small=hide_small)


@router.get(
    "/statistics.csv",
    operation_id="exportStatistics",
    summary="The same as a table",
    response_class=StreamingResponse,
    responses=CSV | problems(*_PROBLEMS, guarded=True),
)
def export_statistics(
    house: House,
    actor: Counting,
    area_id: AreaParameter,
    first: First,
    last: Last,
    layout: LayoutQuery = "plain",
    *,
    hide_small: Hide = True,
) -> StreamingResponse:
    """Give the figures week by week as CSV."""
    told = house.statistics(actor, area_id, first, last, hide_small=hide_small)
    return table(exports.weeks(told, layout), "zahlen")


@router.get(
    "/rides.csv",
    operation_id="exportRides",
    summary="Rides one by one as a table",
    response_class=StreamingResponse,
    responses=CSV | problems(*_PROBLEMS, guarded=True),
)
def export_rides(
    house: House,
    actor: RidesSeen,
    area_id: AreaParameter,
    first: First,
    last: Last,
    layout: LayoutQuery = "plain",
) -> StreamingResponse:
    """Give rides one by one as CSV, without names and places; for the service itself only."""
    return table(house.rides_table(actor, area_id, first, last, layout), "fahrten")
