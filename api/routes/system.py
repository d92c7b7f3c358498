"""The server itself: is it alive, is it ready, what time is it."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api.routes.dependencies import House
from api.routes.documentation import problems
from api.schemas.system import HealthAnswer, ImprovementAnswer, ReadyAnswer, TimeAnswer

if TYPE_CHECKING:
    from api.improving import Improver

router = APIRouter(tags=["system"])


@router.get("/health", operation_id="health", summary="Alive?", responses=problems())
async def health(request: Request) -> HealthAnswer:
    """Answer as long as the process lives, even while all worker threads wait."""
    improver: Improver | None = request.app.state.improver
    if improver is None or improver.last is None:
        return HealthAnswer()
    last = improver.last
    return HealthAnswer(
        improvement=ImprovementAnswer(
            at=last.at,
            area_id=last.area_id,
            service_date=last.service_date,
            saved_km=round(last.saved_km, 1),
        )
    )


@router.get("/ready", operation_id="ready", summary="Ready?", responses=problems())
def ready(house: House) -> ReadyAnswer:
    """Answer when the database can be read."""
    return ReadyAnswer(areas=house.count_areas())


@router.get("/v1/time", operation_id="time", summary="The server's time", responses=problems())
def time(house: House) -> TimeAnswer:
    """Tell what the injected clock says; tablets and pages go by it."""
    return TimeAnswer(now=house.clock.now())
