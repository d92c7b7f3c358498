"""Messages: for the control room what did not go out, for riders notes on their devices."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request

from api.errors import Problem
from api.messages.address import Way
from api.messages.channels import Channel
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import AreaQuery, BookingPath, House, IdPath, Language
from api.routes.documentation import problems
from api.routes.strict import StrictRoute
from api.schemas.messages import (
    BrowserAnswer,
    BrowserWish,
    CallMade,
    MessageAnswer,
    MessagesAnswer,
    MessageState,
    PushKeyAnswer,
)

if TYPE_CHECKING:
    from api.messages.sending import Outbox

router = APIRouter(prefix="/v1", tags=["messages"], route_class=StrictRoute)

Sending = Annotated[Actor, allowed(Permission.SEND_MESSAGES)]
_Date = Annotated[
    date | None, Query(alias="date", description="Service day.", examples=["2026-04-01"])
]
_States = Annotated[
    tuple[MessageState, ...], Query(alias="state", max_length=8, description="Only these states.")
]
_CHANGE = problems(
    "message-unknown",
    "message-over",
    "invalid",
    changes=True,
    guarded=True,
)


@router.get(
    "/messages",
    operation_id="listMessages",
    summary="Messages to riders",
    responses=problems("area-unknown", "date-out-of-range", "invalid", guarded=True),
)
def list_messages(
    house: House,
    actor: Sending,
    language: Language,
    day: _Date = None,
    states: _States = (),
    area_id: AreaQuery = None,
) -> MessagesAnswer:
    """List messages with their states; `state=call` are the calls to make, `state=dead` what was given up."""
    return house.messages(actor, day, area_id, states, language)


@router.post(
    "/messages/{message_id}/retry",
    operation_id="retryMessage",
    summary="Send again",
    responses=_CHANGE,
)
def retry_message(house: House, actor: Sending, message_id: IdPath) -> MessageAnswer:
    """Send again what was given up."""
    return house.retry_message(actor, message_id)


@router.post(
    "/messages/{message_id}/call",
    operation_id="callInstead",
    summary="Let a person call",
    responses=_CHANGE,
)
def call_instead(house: House, actor: Sending, message_id: IdPath) -> MessageAnswer:
    """Put a message on the list of calls to make."""
    return house.call_instead(actor, message_id)


@router.post(
    "/messages/{message_id}/done",
    operation_id="noteCall",
    summary="Somebody called",
    responses=problems(
        "message-unknown",
        "message-over",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def note_call(house: House, actor: Sending, message_id: IdPath, made: CallMade) -> MessageAnswer:
    """Note that a person called; who was not reached stays on the list."""
    return house.note_call(actor, message_id, reached=made.outcome == "reached")


@router.get(
    "/push-key",
    operation_id="pushKey",
    summary="Key for notes on devices",
    responses=problems("push-off"),
)
def push_key(request: Request) -> PushKeyAnswer:
    """Get the public key browsers subscribe with."""
    return PushKeyAnswer(key=_push(request).public_key)  # type: ignore[attr-defined]  # of `Push`


@router.put(
    "/bookings/{booking_id}/browser",
    operation_id="tellBrowser",
    summary="Hear of a booking on a device",
    responses=problems("booking-unknown", "too-many-browsers", "push-off", body=True, changes=True),
)
def tell_browser(
    request: Request, house: House, booking_id: BookingPath, wish: BrowserWish
) -> BrowserAnswer:
    """Let a browser hear of a booking whose unguessable id it knows; doing so twice is fine."""
    _push(request)
    house.tell_browser(booking_id, wish)
    return BrowserAnswer(booking_id=booking_id)


def _push(request: Request) -> Channel:
    outbox: Outbox = request.app.state.outbox
    channel = outbox.channels.get(Way.PUSH)
    if channel is None:
        raise Problem("push-off")
    return channel
