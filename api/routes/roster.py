"""The roster: shifts of a date, and who drives them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.errors import Problem
from api.paging import USUAL, Asked, Cursor, Limit
from api.people.access import allowed
from api.rights import Actor, Permission
from api.roster import shifts
from api.routes.dependencies import House, IdPath
from api.routes.documentation import problems
from api.routes.rides import REPLAYED, Key
from api.routes.strict import StrictRoute
from api.schemas.fields import AreaId
from api.schemas.roster import (
    AssignWish,
    DriverOnShift,
    ShiftChangedAnswer,
    ShiftOfDayAnswer,
    ShiftsAnswer,
    ShiftWish,
    State,
    WithdrawWish,
)
from api.versions import PRECONDITIONS, IfMatch, Seen, etag

router = APIRouter(prefix="/v1", tags=["roster"], route_class=StrictRoute)

Touring = Annotated[Actor, allowed(Permission.SEE_TOURS)]
Driving = Annotated[Actor, allowed(Permission.DRIVE)]
Planning = Annotated[Actor, allowed(Permission.PLAN_SHIFTS)]
KEYS = (
    "idempotency-key-missing",
    "idempotency-key-invalid",
    "idempotency-key-reused",
    "idempotency-in-flight",
)
_MAY_NOT_DRIVE = (
    "driver-unknown",
    "driver-inactive",
    "driver-vehicle",
    "driver-licence",
    "driver-busy",
    "driver-rest",
    "driver-hours",
)
_FOLLOWING = ("shift-overlap", "day-closed", "plan-refused")
AreaParameter = Annotated[AreaId, Query(description="Area.", examples=["triesenberg"])]
_First = Annotated[date, Query(alias="from", description="First day.", examples=["2026-04-01"])]
_Last = Annotated[date, Query(alias="until", description="Last day.", examples=["2026-04-30"])]


@router.get(
    "/shifts",
    operation_id="listShifts",
    summary="Shifts of some days",
    responses=problems(
        "area-unknown", "date-out-of-range", "cursor-invalid", "invalid", guarded=True
    ),
)
def list_shifts(  # the filters of a list
    house: House,
    actor: Touring,
    area_id: AreaParameter,
    first: _First,
    last: _Last,
    state: Annotated[State | None, Query(description="Only these.")] = None,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> ShiftsAnswer:
    """List who drives what when, at most 92 days at once; what is not in the tables is as the plan says."""
    filters = {"area_id": area_id, "from": first, "until": last, "state": state}
    asked = Asked.of("/v1/shifts", limit, cursor, **filters)
    page = shifts.shifts(house.context, actor, area_id, (first, last), state, asked)
    return ShiftsAnswer(shifts=page.items, next=page.next)


@router.post(
    "/shifts",
    status_code=201,
    operation_id="addShift",
    summary="Add a shift",
    responses=problems(
        *KEYS,
        *_MAY_NOT_DRIVE,
        *_FOLLOWING,
        "area-unknown",
        "date-out-of-range",
        "vehicle-unknown",
        "vehicle-out",
        "shift-times",
        "shift-past",
        "no-road",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def add_shift(
    house: House, actor: Planning, wish: ShiftWish, response: Response, key: Key = None
) -> ShiftOfDayAnswer:
    """Add a shift beyond the week's plan; riders can book it at once."""
    reply = shifts.add(house.context, actor, wish, needed(key))
    response.headers["Location"] = f"/v1/shifts/{reply.body.id}"
    mark(response, replayed=reply.replayed)
    return _tagged(response, reply.body)


@router.get(
    "/shifts/{shift_id}",
    operation_id="showShift",
    summary="A shift of a date",
    responses=problems("shift-unknown", "invalid", guarded=True),
)
def show_shift(
    house: House, actor: Touring, shift_id: IdPath, response: Response
) -> ShiftOfDayAnswer:
    """Show a shift, with the `ETag` that changing it asks for."""
    return _tagged(response, shifts.shift(house.context, actor, shift_id))


@router.post(
    "/shifts/{shift_id}/assign",
    operation_id="assignShift",
    summary="Say who drives",
    responses=problems(
        *PRECONDITIONS,
        *_MAY_NOT_DRIVE,
        *_FOLLOWING,
        "shift-unknown",
        "shift-withdrawn",
        "shift-has-riders",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def assign_shift(
    house: House,
    actor: Planning,
    shift_id: IdPath,
    wish: AssignWish,
    response: Response,
    seen: IfMatch = None,
) -> ShiftChangedAnswer:
    """Give a shift to a driver, or to nobody yet; promises stay as they are."""
    return _changed(
        house,
        actor,
        shift_id,
        seen,
        response,
        "assigned",
        lambda s: shifts.assigned(s, wish.driver_id),
    )


@router.post(
    "/shifts/{shift_id}/take",
    operation_id="takeShift",
    summary="Take a shift",
    responses=problems(
        *PRECONDITIONS,
        *_MAY_NOT_DRIVE,
        *_FOLLOWING,
        "shift-unknown",
        "shift-withdrawn",
        "shift-taken",
        "shift-begun",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def take_shift(
    house: House,
    actor: Driving,
    shift_id: IdPath,
    wish: DriverOnShift,
    response: Response,
    seen: IfMatch = None,
) -> ShiftChangedAnswer:
    """Let a driver take an open shift, or one another driver offers."""
    return _changed(
        house, actor, shift_id, seen, response, "taken", lambda s: shifts.taken(s, wish.driver_id)
    )


@router.post(
    "/shifts/{shift_id}/give-back",
    operation_id="giveShiftBack",
    summary="Give a shift back",
    responses=problems(
        *PRECONDITIONS,
        *_FOLLOWING,
        "driver-unknown",
        "shift-unknown",
        "shift-withdrawn",
        "shift-not-yours",
        "give-back-too-late",
        "shift-has-riders",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def give_shift_back(
    house: House,
    actor: Driving,
    shift_id: IdPath,
    wish: DriverOnShift,
    response: Response,
    seen: IfMatch = None,
) -> ShiftChangedAnswer:
    """Let a driver give a shift back, as long before it as the area asks for."""
    return _changed(
        house,
        actor,
        shift_id,
        seen,
        response,
        "given_back",
        lambda s: shifts.given_back(s, wish.driver_id),
    )


@router.post(
    "/shifts/{shift_id}/offer",
    operation_id="offerShift",
    summary="Look for a substitute",
    responses=problems(
        *PRECONDITIONS,
        *_FOLLOWING,
        "driver-unknown",
        "shift-unknown",
        "shift-withdrawn",
        "shift-not-yours",
        "shift-begun",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def offer_shift(
    house: House,
    actor: Driving,
    shift_id: IdPath,
    wish: DriverOnShift,
    response: Response,
    seen: IfMatch = None,
) -> ShiftChangedAnswer:
    """Let a driver look for a substitute; until somebody takes the shift it stays theirs."""
    return _changed(
        house,
        actor,
        shift_id,
        seen,
        response,
        "offered",
        lambda s: shifts.offered(s, wish.driver_id),
    )


@router.post(
    "/shifts/{shift_id}/withdraw",
    operation_id="withdrawShift",
    summary="Withdraw a shift",
    responses=problems(
        *PRECONDITIONS,
        *_FOLLOWING,
        "shift-unknown",
        "shift-withdrawn",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def withdraw_shift(
    house: House,
    actor: Planning,
    shift_id: IdPath,
    wish: WithdrawWish,
    response: Response,
    seen: IfMatch = None,
) -> ShiftChangedAnswer:
    """Withdraw a shift: its rides go to others in time, or their riders are named to be called."""
    return _changed(
        house, actor, shift_id, seen, response, "withdrawn", lambda s: s.duty.withdrawn(wish.reason)
    )


@router.post(
    "/shifts/{shift_id}/reopen",
    operation_id="reopenShift",
    summary="Drive a withdrawn shift after all",
    responses=problems(
        *PRECONDITIONS,
        *_MAY_NOT_DRIVE,
        *_FOLLOWING,
        "shift-unknown",
        "shift-not-withdrawn",
        "shift-begun",
        "vehicle-out",
        "invalid",
        changes=True,
        guarded=True,
    ),
)
def reopen_shift(
    house: House, actor: Planning, shift_id: IdPath, response: Response, seen: IfMatch = None
) -> ShiftChangedAnswer:
    """Let a withdrawn shift be driven after all; rides without a bus may find room in it."""
    return _changed(house, actor, shift_id, seen, response, "reopened", shifts.reopened)


def needed(key: str | None) -> str:
    """Return the key of a request that creates (``idempotency-key-missing``)."""
    if key is None:
        raise Problem("idempotency-key-missing")
    return key


def mark(response: Response, *, replayed: bool) -> None:
    """Say of an answer that it was given before."""
    if replayed:
        response.headers[REPLAYED] = "true"


def _changed(  # what all changes of a shift have in common
    house: House,
    actor: Actor,
    shift_id: str,
    seen: str | None,
    response: Response,
    what: str,
    alter: shifts.Alter,
) -> ShiftChangedAnswer:
    answer = shifts.change(house.context, actor, shift_id, Seen.of(seen), what, alter)
    _tagged(response, answer.shift)
    return answer


def _tagged(response: Response, answer: ShiftOfDayAnswer) -> ShiftOfDayAnswer:
    response.headers["ETag"] = etag(answer.version)
    return answer
