"""Feedback: given by everybody, read and answered by staff."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from api.errors import Problem
from api.feedback import ALL_STATES
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House, IdPath
from api.routes.documentation import problems
from api.routes.rides import REPLAYED, Key
from api.routes.staff import AreaParameter
from api.routes.strict import StrictRoute
from api.routes.tables import CSV, LayoutQuery, table
from api.schemas.feedback import (
    FeedbackAnswer,
    FeedbackChange,
    FeedbackReceipt,
    FeedbacksAnswer,
    FeedbackWish,
    State,
)

router = APIRouter(prefix="/v1", tags=["feedback"], route_class=StrictRoute)
Seeing = Annotated[Actor, allowed(Permission.SEE_FEEDBACK)]
Answering = Annotated[Actor, allowed(Permission.SEND_MESSAGES)]
StateQuery = Annotated[State | None, Query(description="Only those in this state.")]
Before = Annotated[datetime | None, Query(description="Only older ones; from the last answer.")]


def address_of(request: Request) -> str:
    """Return who sends a request, for counting."""
    return request.client.host if request.client else "unknown"


@router.post(
    "/feedback",
    status_code=201,
    operation_id="giveFeedback",
    summary="Say what you think",
    responses=problems(
        "idempotency-key-missing",
        "idempotency-key-invalid",
        "idempotency-key-reused",
        "idempotency-in-flight",
        "area-unknown",
        "booking-unknown",
        "too-many-requests",
        body=True,
        changes=True,
    ),
)
def give_feedback(
    request: Request, house: House, feedback: FeedbackWish, response: Response, key: Key = None
) -> FeedbackReceipt:
    """Say something about a ride, a refusal, a page or the service; 20 times an hour from one address."""
    if key is None:
        raise Problem("idempotency-key-missing")
    reply = house.give_feedback(feedback, key, address_of(request))
    if reply.replayed:
        response.headers[REPLAYED] = "true"
    return reply.body


@router.get(
    "/feedback",
    operation_id="listFeedback",
    summary="Feedback of an area",
    responses=problems("area-unknown", "invalid", guarded=True),
)
def list_feedback(
    house: House,
    actor: Seeing,
    area_id: AreaParameter,
    state: StateQuery = None,
    before: Before = None,
) -> FeedbacksAnswer:
    """List feedback, the newest first, 100 at a time."""
    if before is not None and before.tzinfo is None:
        raise Problem("invalid")
    return house.feedback(actor, area_id, ALL_STATES if state is None else (state,), before)


@router.get(
    "/feedback.csv",
    operation_id="exportFeedback",
    summary="Feedback as a table",
    response_class=StreamingResponse,
    responses=CSV | problems("area-unknown", "invalid", guarded=True),
)
def export_feedback(
    house: House, actor: Seeing, area_id: AreaParameter, layout: LayoutQuery = "plain"
) -> StreamingResponse:
    """Give what people said as CSV, without whom to answer."""
    return table(house.feedback_table(actor, area_id, layout), "rueckmeldungen")


@router.patch(
    "/feedback/{feedback_id}",
    operation_id="answerFeedback",
    summary="Feedback is read or answered",
    responses=problems("feedback-unknown", body=True, changes=True, guarded=True),
)
def answer_feedback(
    house: House, actor: Answering, feedback_id: IdPath, change: FeedbackChange
) -> FeedbackAnswer:
    """Take down that it was read, or what is answered; whoever holds the booking reads the answer there."""
    return house.answer_feedback(actor, feedback_id, change)
