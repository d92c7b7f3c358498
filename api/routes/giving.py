"""The services for others: journey planners, neighbours, displays at stops."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from api.routes.conditional import NOT_CHANGED, known_tags
from api.routes.dependencies import AreaQuery, House
from api.routes.documentation import problems
from gtfs.export.realtime import feed_json, feed_message

router = APIRouter(prefix="/gtfs", tags=["giving"])

_ZIP, _PROTOBUF, _JSON = "application/zip", "application/x-protobuf", "application/json"
_FEED_CACHE = "public, max-age=900"
_REALTIME_CACHE = "public, max-age=10"


def _file(kind: str, more: Mapping[str, Any] | None = None) -> dict[int | str, Any]:
    """Describe a file, and what else the same address may give."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The feed.", "content": {kind: binary, **(more or {})}}}


_ZIPPED = _file(_ZIP) | NOT_CHANGED | problems("area-unknown", "feed-impossible", "invalid")


@router.get(
    "/flex.zip",
    operation_id="flexFeed",
    summary="The services as GTFS-Flex",
    response_class=Response,
    responses=_ZIPPED,
)
def flex_feed(house: House, request: Request, area_id: AreaQuery = None) -> Response:
    """Zones or stops, hours, closed days, how early to book and where: of one area or of all.

    The feed begins today and holds for half a year. It has an ETag; fetching it once a day is enough.
    """
    return _feed(request, house.flex_feed(area_id, str(request.base_url)), "flex.zip")


@router.get(
    "/plain.zip",
    operation_id="plainFeed",
    summary="The services as GTFS without Flex",
    response_class=Response,
    responses=_ZIPPED,
)
def plain_feed(house: House, request: Request, area_id: AreaQuery = None) -> Response:
    """For planners that do not read Flex: rides between listed stops, to be called for, no fixed times."""
    return _feed(request, house.plain_feed(area_id, str(request.base_url)), "plain.zip")


@router.get(
    "/rt",
    operation_id="realtimeFeed",
    summary="Running tours as GTFS-Realtime",
    response_class=Response,
    responses=_file(_PROTOBUF, {_JSON: {"schema": {"type": "object"}}})
    | problems("area-unknown", "invalid"),
)
def realtime_feed(
    house: House,
    area_id: AreaQuery = None,
    form: Annotated[
        Literal["protobuf", "json"], Query(alias="format", description="JSON is for looking at it.")
    ] = "protobuf",
) -> Response:
    """VehiclePositions and TripUpdates while a shift runs, at public stops only.

    Doors, depots and breaks never appear, nor who or how many ride.
    """
    tours, now = house.running_tours(area_id), house.clock.now()
    headers = {"Cache-Control": _REALTIME_CACHE}
    if form == "json":
        return JSONResponse(feed_json(tours, now), headers=headers)
    return Response(feed_message(tours, now), media_type=_PROTOBUF, headers=headers)


def _feed(request: Request, content: bytes, name: str) -> Response:
    """Send a feed, or nothing if who asks has it already."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": _FEED_CACHE}
    if known_tags(request) & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(content, media_type=_ZIP, headers=headers)
