"""The server itself: is it alive, is it ready, what time is it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api.routes.dependencies import House
from api.routes.documentation import problems
from api.schemas.system import (
    HealthAnswer,
    ImprovementAnswer,
    ReadyAnswer,
    TimeAnswer,
    TimetableAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.context import Context
    from api.improving import Improver

router = APIRouter(tags=["system"])


@router.get("/health", operation_id="health", summary="Alive?", responses=problems())
async def health(request: Request) -> HealthAnswer:
    """Answer as long as the process lives, even while all worker threads wait."""
    improver: Improver | None = request.app.state.improver
    last = improver.last if improver is not None else None
    timetables = tuple(_timetables(request))
    if last is None:
        return HealthAnswer(timetables=timetables)
    improvement = ImprovementAnswer(
        at=last.at,
        area_id=last.area_id,
        service_date=last.service_date,
        saved_km=round(last.saved_km, 1),
    )
    return HealthAnswer(improvement=improvement, timetables=timetables)


def _timetables(request: Request) -> "Iterator[TimetableAnswer]":
    """Say of each region with a timetable when it ends and whether anything is told about today."""
    context: Context = request.app.state.services.context
    now = context.clock.now()
    for region in context.live.each():
        known = region.now(int(now.timestamp()))
        if known.last_day is not None:
            yield TimetableAnswer(
                region=region.name,
                last_day=known.last_day,
                days_left=(known.last_day - now.date()).days,
                realtime_at=(
                    None if known.told_s is None else datetime.fromtimestamp(known.told_s, UTC)
                ),
            )


@router.get("/ready", operation_id="ready", summary="Ready?", responses=problems())
def ready(house: House) -> ReadyAnswer:
    """Answer when the database can be read."""
    return ReadyAnswer(areas=house.count_areas())


@router.get("/v1/time", operation_id="time", summary="The server's time", responses=problems())
def time(house: House) -> TimeAnswer:
    """Tell what the injected clock says; tablets and pages go by it."""
    return TimeAnswer(now=house.clock.now())
