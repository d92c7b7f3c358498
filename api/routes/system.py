"""The server itself: is it alive, is it ready, what time is it."""

from fastapi import APIRouter

from api.routes.dependencies import House
from api.routes.documentation import problems
from api.schemas.system import HealthAnswer, ReadyAnswer, TimeAnswer

router = APIRouter(tags=["system"])


@router.get("/health", operation_id="health", summary="Alive?", responses=problems())
async def health() -> HealthAnswer:
    """Answer as long as the process lives, even while all worker threads wait."""
    return HealthAnswer()


@router.get("/ready", operation_id="ready", summary="Ready?", responses=problems())
def ready(house: House) -> ReadyAnswer:
    """Answer when the database can be read."""
    return ReadyAnswer(areas=house.count_areas())


@router.get("/v1/time", operation_id="time", summary="The server's time", responses=problems())
def time(house: House) -> TimeAnswer:
    """Tell what the injected clock says; tablets and pages go by it."""
    return TimeAnswer(now=house.clock.now())
