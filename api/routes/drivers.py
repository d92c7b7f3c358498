"""Who may drive."""

from fastapi import APIRouter, Response

from api.paging import USUAL, Asked, Cursor, Limit
from api.roster import drivers
from api.routes.dependencies import House, IdPath
from api.routes.documentation import problems
from api.routes.rides import Key
from api.routes.roster import KEYS, AreaParameter, Driving, Planning, mark, needed
from api.routes.strict import StrictRoute
from api.schemas.roster import DriverAnswer, DriverChange, DriversAnswer, DriverWish
from api.versions import PRECONDITIONS, IfMatch, Seen, etag

router = APIRouter(prefix="/v1", tags=["roster"], route_class=StrictRoute)


@router.get(
    "/drivers",
    operation_id="listDrivers",
    summary="Drivers",
    responses=problems("area-unknown", "cursor-invalid", "invalid", guarded=True),
)
def list_drivers(
    house: House,
    actor: Driving,
    area_id: AreaParameter,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> DriversAnswer:
    """List the drivers of an area's operator by name."""
    asked = Asked.of("/v1/drivers", limit, cursor, area_id=area_id)
    page = drivers.drivers(house.context, actor, area_id, asked)
    return DriversAnswer(drivers=page.items, next=page.next)


@router.post(
    "/drivers",
    status_code=201,
    operation_id="addDriver",
    summary="Register a driver",
    responses=problems(
        *KEYS,
        "area-unknown",
        "vehicle-unknown",
        "phone-invalid",
        "driver-exists",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def add_driver(
    house: House, actor: Planning, wish: DriverWish, response: Response, key: Key = None
) -> DriverAnswer:
    """Register a driver of an area's operator; who is in the week's plan by this name is meant."""
    reply = drivers.add(house.context, actor, wish, needed(key))
    response.headers["Location"] = f"/v1/drivers/{reply.body.id}"
    response.headers["ETag"] = etag(reply.body.version)
    mark(response, replayed=reply.replayed)
    return reply.body


@router.get(
    "/drivers/{driver_id}",
    operation_id="showDriver",
    summary="A driver",
    responses=problems("driver-unknown", "invalid", guarded=True),
)
def show_driver(
    house: House, actor: Planning, driver_id: IdPath, response: Response
) -> DriverAnswer:
    """Show a driver, with the `ETag` that changing them asks for."""
    answer = drivers.driver(house.context, actor, driver_id)
    response.headers["ETag"] = etag(answer.version)
    return answer


@router.patch(
    "/drivers/{driver_id}",
    operation_id="changeDriver",
    summary="Change a driver",
    responses=problems(
        *PRECONDITIONS,
        "driver-unknown",
        "vehicle-unknown",
        "phone-invalid",
        "driver-exists",
        "plan-refused",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def change_driver(
    house: House,
    actor: Planning,
    driver_id: IdPath,
    wish: DriverChange,
    response: Response,
    seen: IfMatch = None,
) -> DriverAnswer:
    """Change name, phone, vehicles, licence, or whether somebody drives at all."""
    answer = drivers.change(house.context, actor, driver_id, Seen.of(seen), wish)
    response.headers["ETag"] = etag(answer.version)
    return answer
