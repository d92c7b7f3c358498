"""What the control room does about messages: calls made, messages sent again."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import SEE_OTHER
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House, IdPath
from api.schemas.connections import ConnectionCaseAnswer
from api.services import Services

router = APIRouter(prefix="/leitstelle/nachrichten", include_in_schema=False)

Sending = Annotated[Actor, allowed(Permission.SEND_MESSAGES)]


def calls_of(
    house: Services,
    actor: Actor,
    shown: tuple[date, str, str],
    cases: Sequence[ConnectionCaseAnswer],
) -> dict[str, Any]:
    """Return what the page of a day shows of messages: who is listed as a case is not listed twice.

    ``shown`` are the day, the id of the area and the code of the language.
    """
    if not actor.may(Permission.SEND_MESSAGES):
        return {"calls": (), "case_calls": {}, "dead": ()}
    day, area_id, language = shown
    listed = {case.booking_id for case in cases}
    calls = house.messages(actor, day, area_id, ("call",), language).messages
    return {
        "calls": [call for call in calls if call.booking_id not in listed],
        "case_calls": {call.booking_id: call for call in calls if call.booking_id in listed},
        "dead": house.messages(actor, day, area_id, ("dead",), language).messages,
    }


@router.post("/{message_id}/{what}")
def note(house: House, actor: Sending, message_id: IdPath, what: str) -> Response:
    """Note what was done about a message, and show its day."""
    if what == "nochmal":
        message = house.retry_message(actor, message_id)
    elif what == "anruf":
        message = house.call_instead(actor, message_id)
    elif what in {"erreicht", "nicht-erreicht"}:
        message = house.note_call(actor, message_id, reached=what == "erreicht")
    else:
        raise Problem("not-found")
    shown = urlencode({"gebiet": message.area_id, "datum": message.date.isoformat()})
    return RedirectResponse(f"/leitstelle?{shown}", SEE_OTHER)
