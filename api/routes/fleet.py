"""Vehicles that cannot drive, hours in which nobody does, buses that break down."""

from fastapi import APIRouter, Response

from api.paging import USUAL, Asked, Cursor, Limit
from api.roster import breakdowns, closings, vehicles
from api.routes.dependencies import House, IdPath
from api.routes.documentation import problems
from api.routes.rides import Key
from api.routes.roster import (
    KEYS,
    AreaParameter,
    Driving,
    Planning,
    Touring,
    mark,
    needed,
)
from api.routes.strict import StrictRoute
from api.schemas.roster import (
    BreakdownAnswer,
    BreakdownReport,
    ClosureAnswer,
    ClosuresAnswer,
    ClosureWish,
    OutageChangedAnswer,
    OutageWish,
    VehiclesAnswer,
)
from api.versions import PRECONDITIONS, IfMatch, Seen, etag

router = APIRouter(prefix="/v1", tags=["roster"], route_class=StrictRoute)

_LISTED = problems("area-unknown", "cursor-invalid", "invalid", guarded=True)


@router.get(
    "/vehicles", operation_id="listVehicles", summary="Vehicles of an area", responses=_LISTED
)
def list_vehicles(
    house: House,
    actor: Touring,
    area_id: AreaParameter,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> VehiclesAnswer:
    """List the vehicles of the area file, and when they are out of service."""
    asked = Asked.of("/v1/vehicles", limit, cursor, area_id=area_id)
    page = vehicles.vehicles(house.context, actor, area_id, asked)
    return VehiclesAnswer(vehicles=page.items, next=page.next)


@router.post(
    "/vehicles/{vehicle_id}/out-of-service",
    status_code=201,
    operation_id="putVehicleOut",
    summary="Take a vehicle out of service",
    responses=problems(
        *KEYS,
        "area-unknown",
        "vehicle-unknown",
        "day-closed",
        "plan-refused",
        "shift-overlap",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def put_vehicle_out(
    house: House,
    actor: Planning,
    vehicle_id: IdPath,
    wish: OutageWish,
    response: Response,
    key: Key = None,
) -> OutageChangedAnswer:
    """Take a vehicle out of service: its shifts are withdrawn, their rides planned anew."""
    reply = vehicles.put_out(house.context, actor, vehicle_id, wish, needed(key))
    response.headers["ETag"] = etag(reply.body.outage.version)
    mark(response, replayed=reply.replayed)
    return reply.body


@router.delete(
    "/vehicles/{vehicle_id}/out-of-service/{outage_id}",
    operation_id="putVehicleBack",
    summary="A vehicle is in service again",
    responses=problems(
        *PRECONDITIONS,
        "outage-unknown",
        "day-closed",
        "plan-refused",
        "shift-overlap",
        "invalid",
        changes=True,
        guarded=True,
    ),
)
def put_vehicle_back(
    house: House, actor: Planning, vehicle_id: IdPath, outage_id: IdPath, seen: IfMatch = None
) -> OutageChangedAnswer:
    """Put a vehicle back in service from now on: the shifts it was planned for are driven again."""
    return vehicles.lift(house.context, actor, vehicle_id, outage_id, Seen.of(seen))


@router.get("/closures", operation_id="listClosures", summary="Closures", responses=_LISTED)
def list_closures(
    house: House,
    actor: Touring,
    area_id: AreaParameter,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> ClosuresAnswer:
    """List the closures of an area that are not over."""
    asked = Asked.of("/v1/closures", limit, cursor, area_id=area_id)
    page = closings.closures(house.context, actor, area_id, asked)
    return ClosuresAnswer(closures=page.items, next=page.next)


@router.post(
    "/closures",
    status_code=201,
    operation_id="addClosure",
    summary="Offer no rides for some hours",
    responses=problems(
        *KEYS, "area-unknown", "closure-place", body=True, changes=True, guarded=True
    ),
)
def add_closure(
    house: House, actor: Planning, wish: ClosureWish, response: Response, key: Key = None
) -> ClosureAnswer:
    """Offer no rides for some hours, in an area or a part of it; rides already promised stand."""
    reply = closings.close(house.context, actor, wish, needed(key))
    response.headers["ETag"] = etag(reply.body.version)
    mark(response, replayed=reply.replayed)
    return reply.body


@router.delete(
    "/closures/{closure_id}",
    status_code=204,
    operation_id="liftClosure",
    summary="Offer rides again",
    responses=problems(*PRECONDITIONS, "closure-unknown", "invalid", changes=True, guarded=True),
)
def lift_closure(house: House, actor: Planning, closure_id: IdPath, seen: IfMatch = None) -> None:
    """Offer rides again."""
    closings.lift(house.context, actor, closure_id, Seen.of(seen))


@router.post(
    "/tours/{tour_id}/breakdown",
    operation_id="breakDown",
    summary="Report a breakdown",
    responses=problems(
        *KEYS,
        "tour-unknown",
        "report-impossible",
        "no-road",
        "day-closed",
        "plan-refused",
        "shift-overlap",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def break_down(
    house: House,
    actor: Driving,
    tour_id: IdPath,
    report: BreakdownReport,
    response: Response,
    key: Key = None,
) -> BreakdownAnswer:
    """Report that a bus stands still: riders get other buses, or are named to be called."""
    reply = breakdowns.break_down(house.context, actor, tour_id, report, needed(key))
    mark(response, replayed=reply.replayed)
    return reply.body
