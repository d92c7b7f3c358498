"""The server itself: is it alive, is it ready, what time is it."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api.routes.dependencies import House
from api.routes.documentation import problems
from api.schemas.system import (
    AlarmAnswer,
    HealthAnswer,
    ImprovementAnswer,
    JobsAnswer,
    ReadyAnswer,
    TimeAnswer,
    TimetableAnswer,
)
from api.timetable_state import timetable_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.backups import Backups
    from api.context import Context
    from api.improving import Improver
    from api.scheduler import Scheduler

router = APIRouter(tags=["system"])


@router.get("/health", operation_id="health", summary="Alive?", responses=problems())
async def health(request: Request) -> HealthAnswer:
    """Answer as long as the process lives, even while all worker threads wait."""
    scheduler: Scheduler = request.app.state.scheduler
    backups: Backups = request.app.state.backups
    context: Context = request.app.state.services.context
    return HealthAnswer(
        jobs=JobsAnswer(holder=scheduler.lease.holder, here=scheduler.lease.held),
        last_backup=backups.last,
        alarms=tuple(
            AlarmAnswer(code=alarm.code, what=alarm.what, since=alarm.since)
            for alarm in context.alarms.ringing()
        ),
        improvement=_improvement(request.app.state.improver),
        timetables=tuple(_timetables(context)),
    )


def _improvement(improver: "Improver | None") -> ImprovementAnswer | None:
    """Say what the last better plan was."""
    last = improver.last if improver is not None else None
    if last is None:
        return None
    return ImprovementAnswer(
        at=last.at,
        area_id=last.area_id,
        service_date=last.service_date,
        saved_km=round(last.saved_km, 1),
    )


def _timetables(context: "Context") -> "Iterator[TimetableAnswer]":
    """Say of each region with a timetable when it ends and whether anything is told about today."""
    for region in context.live.each():
        state = timetable_state(region, context.clock.now())
        if state is not None:
            yield TimetableAnswer(
                region=state.region,
                last_day=state.last_day,
                days_left=state.days_left,
                realtime_at=state.told_at,
            )


@router.get("/ready", operation_id="ready", summary="Ready?", responses=problems())
def ready(house: House) -> ReadyAnswer:
    """Answer when the database can be read."""
    return ReadyAnswer(areas=house.count_areas())


@router.get("/v1/time", operation_id="time", summary="The server's time", responses=problems())
def time(house: House) -> TimeAnswer:
    """Tell what the injected clock says; tablets and pages go by it."""
    return TimeAnswer(now=house.clock.now())
