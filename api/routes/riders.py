"""Riders who are known, and their standing orders. Searched by POST: no names in addresses."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.errors import Problem
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House, IdPath
from api.routes.documentation import problems
from api.routes.rides import REPLAYED, Key
from api.routes.staff import AreaParameter
from api.routes.strict import StrictRoute
from api.schemas.riders import RiderAnswer, RiderPageAnswer, RidersAnswer, RiderSearch, RiderWish
from api.schemas.standing import (
    Settlement,
    StandingOrderAnswer,
    StandingOrderChange,
    StandingOrdersAnswer,
    StandingOrderWish,
)

router = APIRouter(prefix="/v1", tags=["riders"], route_class=StrictRoute)
_KEYS = (
    "idempotency-key-missing",
    "idempotency-key-invalid",
    "idempotency-key-reused",
    "idempotency-in-flight",
)
_ADDRESSES = ("address-unknown", "address-unclear")
Seeing = Annotated[Actor, allowed(Permission.SEE_RIDERS)]
Changing = Annotated[Actor, allowed(Permission.CHANGE_RIDERS)]
Ended = Annotated[bool, Query(description="With those that have ended.")]


@router.post(
    "/riders/search",
    operation_id="searchRiders",
    summary="Find riders by name or number",
    responses=problems(
        "area-unknown",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def search_riders(house: House, actor: Seeing, search: RiderSearch) -> RidersAnswer:
    """List the riders of the area's operator by name; an empty text lists all, 50 at a time."""
    return house.search_riders(actor, search)


@router.post(
    "/riders",
    status_code=201,
    operation_id="addRider",
    summary="Remember a rider",
    responses=problems(
        *_KEYS,
        "area-unknown",
        "phone-invalid",
        "rider-exists",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def add_rider(
    house: House, actor: Changing, rider: RiderWish, response: Response, key: Key = None
) -> RiderAnswer:
    """Store a rider who agreed to it; their number is theirs alone within an operator."""
    if key is None:
        raise Problem("idempotency-key-missing")
    reply = house.add_rider(actor, rider, key)
    response.headers["Location"] = f"/v1/riders/{reply.body.id}"
    if reply.replayed:
        response.headers[REPLAYED] = "true"
    return reply.body


@router.get(
    "/riders/{rider_id}",
    operation_id="showRider",
    summary="Look at a rider",
    responses=problems("rider-unknown", "invalid", guarded=True),
)
def show_rider(house: House, actor: Seeing, rider_id: IdPath) -> RiderPageAnswer:
    """Show a rider with the newest rides and all standing orders."""
    return house.rider(actor, rider_id)


@router.put(
    "/riders/{rider_id}",
    operation_id="changeRider",
    summary="Correct a rider",
    responses=problems(
        "rider-unknown",
        "area-unknown",
        "phone-invalid",
        "rider-exists",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def change_rider(house: House, actor: Changing, rider_id: IdPath, rider: RiderWish) -> RiderAnswer:
    """Replace what is stored; an unchanged consent keeps its date."""
    return house.change_rider(actor, rider_id, rider)


@router.get(
    "/standing-orders",
    operation_id="listStandingOrders",
    summary="Standing orders of an area",
    responses=problems("area-unknown", "invalid", guarded=True),
)
def list_standing_orders(
    house: House, actor: Seeing, area_id: AreaParameter, *, ended: Ended = False
) -> StandingOrdersAnswer:
    """List standing orders with what became of their dates from today on."""
    return house.orders(actor, area_id, ended=ended)


@router.post(
    "/standing-orders",
    status_code=201,
    operation_id="addStandingOrder",
    summary="Make a standing order",
    responses=problems(
        *_KEYS,
        *_ADDRESSES,
        "area-unknown",
        "rider-unknown",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def add_standing_order(
    house: House, actor: Changing, order: StandingOrderWish, response: Response, key: Key = None
) -> StandingOrderAnswer:
    """Make a series; its dates are asked for and booked as they come within the booking horizon."""
    if key is None:
        raise Problem("idempotency-key-missing")
    reply = house.add_order(actor, order, key)
    response.headers["Location"] = f"/v1/standing-orders/{reply.body.id}"
    if reply.replayed:
        response.headers[REPLAYED] = "true"
    return reply.body


@router.get(
    "/standing-orders/{order_id}",
    operation_id="showStandingOrder",
    summary="Look at a standing order",
    responses=problems("standing-order-unknown", "invalid", guarded=True),
)
def show_standing_order(house: House, actor: Seeing, order_id: IdPath) -> StandingOrderAnswer:
    """Show a series with what became of its dates, and those still to come."""
    return house.order(actor, order_id)


@router.patch(
    "/standing-orders/{order_id}",
    operation_id="changeStandingOrder",
    summary="Change, pause or end a standing order",
    responses=problems(
        *_ADDRESSES,
        "standing-order-unknown",
        "standing-order-ended",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def change_standing_order(
    house: House, actor: Changing, order_id: IdPath, change: StandingOrderChange
) -> StandingOrderAnswer:
    """Change what is still to be booked; rides already booked stay and are listed."""
    return house.change_order(actor, order_id, change)


@router.post(
    "/standing-orders/{order_id}/settle",
    operation_id="settleStandingRide",
    summary="A refused date is dealt with",
    responses=problems(
        "standing-order-unknown",
        "task-unknown",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def settle_standing_ride(
    house: House, actor: Changing, order_id: IdPath, settlement: Settlement
) -> StandingOrderAnswer:
    """Take down that a person found another way for a date; doing so twice is fine."""
    return house.settle_task(actor, order_id, settlement)
