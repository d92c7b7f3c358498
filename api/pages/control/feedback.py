"""What people said, and answering it."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.feedback import ALL_STATES
from api.i18n import Language
from api.pages.desk_frame import AreaName, Posted, area_named, desk, to_page
from api.pages.rendering import language_of
from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House, IdPath
from api.schemas.feedback import FeedbackChange

router = APIRouter(prefix="/leitstelle", include_in_schema=False)

Seeing = Annotated[Actor, allowed(Permission.SEE_FEEDBACK)]
Answering = Annotated[Actor, allowed(Permission.SEND_MESSAGES)]
_HERE = "/rueckmeldungen"


@router.get(_HERE)
def listed(
    request: Request, house: House, actor: Seeing, gebiet: AreaName = "", alle: str = ""
) -> Response:
    """List what is not answered yet, or all of it."""
    area, lang = area_named(house, actor, gebiet), language_of(request)
    states = ALL_STATES if alle else ("new", "seen")
    return desk(
        request,
        house,
        actor,
        area,
        "feedback.html",
        _HERE,
        all=bool(alle),
        feedback=house.feedback(actor, area.id, states).feedback,
        kind_words=kind_words(lang),
        about_words={
            "booking": lang.text("about a ride"),
            "tour": lang.text("about a tour"),
            "refusal": lang.text("about a refused wish"),
            "page": lang.text("about a page"),
            "service": lang.text("about the service"),
        },
    )


@router.post(_HERE + "/{feedback_id}")
def answer(house: House, actor: Answering, feedback_id: IdPath, posted: Posted) -> Response:
    """Take down that it was read, or the answer."""
    words = posted.get("antwort", "").strip()
    try:
        change = FeedbackChange(state="answered" if words else "seen", answer=words or None)
    except ValidationError:  # control characters no keyboard types, or far too long
        change = FeedbackChange(state="seen")
    said = house.answer_feedback(actor, feedback_id, change)
    return to_page(_HERE, house.area(said.area_id))


def kind_words(lang: Language) -> dict[str, str]:
    """Name the kinds of feedback."""
    return {
        "praise": lang.text("Praise"),
        "complaint": lang.text("Complaint"),
        "idea": lang.text("Idea"),
        "fault": lang.text("Something does not work"),
    }
