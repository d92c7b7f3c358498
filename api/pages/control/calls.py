"""What the control room does about messages: calls made, messages sent again."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import SEE_OTHER
from api.routes.dependencies import House, IdPath
from api.schemas.connections import ConnectionCaseAnswer
from api.security import staff
from api.services import Services

router = APIRouter(
    prefix="/leitstelle/nachrichten", include_in_schema=False, dependencies=[Depends(staff)]
)


def calls_of(
    house: Services, day: date, area_id: str, cases: Sequence[ConnectionCaseAnswer], language: str
) -> dict[str, Any]:
    """Return what the day's page shows of messages: who is listed as a case is not listed twice."""
    listed = {case.booking_id for case in cases}
    calls = house.messages(day, area_id, ("call",), language).messages
    return {
        "calls": [call for call in calls if call.booking_id not in listed],
        "case_calls": {call.booking_id: call for call in calls if call.booking_id in listed},
        "dead": house.messages(day, area_id, ("dead",), language).messages,
    }


@router.post("/{message_id}/{what}")
def note(house: House, message_id: IdPath, what: str) -> Response:
    """Note what was done about a message, and show its day."""
    if what == "nochmal":
        message = house.retry_message(message_id)
    elif what == "anruf":
        message = house.call_instead(message_id)
    elif what in {"erreicht", "nicht-erreicht"}:
        message = house.note_call(message_id, reached=what == "erreicht")
    else:
        raise Problem("not-found")
    shown = urlencode({"gebiet": message.area_id, "datum": message.date.isoformat()})
    return RedirectResponse(f"/leitstelle?{shown}", SEE_OTHER)
