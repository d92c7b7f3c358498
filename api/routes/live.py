"""News as they happen, for pages that are open: server-sent events."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.changes import DayKey
from api.routes.dependencies import House
from api.routes.documentation import problems
from api.routes.staff import AreaParameter, Day, ToursSeen
from api.services import Services

router = APIRouter(prefix="/v1", tags=["staff"])

LOOK_EVERY_S = 10.0
"""Another process may write to the same database: its changes are found by looking."""

_STILL_HERE = b":\n\n"
"""A comment: keeps the connection through proxies, and finds out who is gone."""
_AS_IT_COMES = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_EVENT = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("event", "id", "data")},
}


class EventStream(StreamingResponse):
    """Server-sent events, as bytes."""

    media_type = "text/event-stream"


async def known_day(house: House, actor: ToursSeen, area_id: AreaParameter, day: Day) -> DayKey:
    """Check what is listened to before anything is sent (``area-unknown``, ``date-out-of-range``)."""
    house.check_day(actor, area_id, day)
    return area_id, day


@router.get(
    "/live",
    operation_id="listen",
    summary="Hear when a day changes",
    response_class=EventStream,
    responses={
        200: {"content": {EventStream.media_type: {"schema": _EVENT}}},
        **problems("area-unknown", "date-out-of-range", "invalid", guarded=True),
    },
)
async def listen(
    house: House,
    watched: Annotated[DayKey, Depends(known_day)],
    last: Annotated[int | None, Header(alias="Last-Event-ID", ge=0)] = None,
) -> EventStream:
    """Get an event `changed` with the day's version as its id, at most one a second.

    It says that something is new, not what: fetch tours and bookings then. Who comes back with
    `Last-Event-ID` hears at once whether they missed anything.
    """
    return EventStream(_news(house, watched, last), headers=_AS_IT_COMES)


async def _news(house: Services, watched: DayKey, last: int | None) -> AsyncIterator[bytes]:
    """Yield what is sent; written by hand: hundreds listen, and the framework takes long for each event."""
    changes = house.context.changes
    async with changes.listening(watched) as listener:
        listener.tell(await _version(house, watched))
        while listener.version is not None:
            if listener.version != last:
                last = listener.version
                yield b'event: changed\nid: %d\ndata: {"version":%d}\n\n' % (last, last)
            if not await listener.wait(LOOK_EVERY_S):
                yield _STILL_HERE
            if changes.is_due(watched, LOOK_EVERY_S):
                changes.publish(*watched, await _version(house, watched))


async def _version(house: Services, watched: DayKey) -> int:
    """Ask the database for the version of a day."""
    return await run_in_threadpool(house.day_version, *watched)
