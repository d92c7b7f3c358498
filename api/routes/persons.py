"""Rights of persons: a copy of one's data, and its erasure. By POST: no personal data in addresses."""

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.dependencies import House
from api.routes.documentation import problems
from api.routes.strict import StrictRoute
from api.schemas.persons import PersonAnswer, PersonErasedAnswer, PersonExportWish, PersonWish

router = APIRouter(prefix="/v1/persons", tags=["persons"], route_class=StrictRoute)

_PDF = "application/pdf"
_EITHER: dict[int | str, Any] = {
    200: {
        "description": "The data.",
        "content": {_PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_PROBLEMS = ("person-unknown", "phone-invalid")


@router.post(
    "/export",
    operation_id="exportPerson",
    summary="Everything stored of a person",
    response_model=PersonAnswer,
    responses=_EITHER | problems(*_PROBLEMS, body=True, changes=True, guarded=True),
)
def export_person(
    house: House, actor: Annotated[Actor, allowed(Permission.SEE_RIDERS)], wish: PersonExportWish
) -> PersonAnswer | Response:
    """Return all rides with what was told, times and cancellations (Art. 15 and 20 GDPR)."""
    if wish.format == "json":
        return house.export_person(actor, wish)
    headers = {"Content-Disposition": 'attachment; filename="auskunft.pdf"'}
    return Response(house.export_person_pdf(actor, wish), media_type=_PDF, headers=headers)


@router.post(
    "/erase",
    operation_id="erasePerson",
    summary="Erase a person",
    responses=problems(*_PROBLEMS, "person-rides-ahead", body=True, changes=True, guarded=True),
)
def erase_person(
    house: House, actor: Annotated[Actor, allowed(Permission.CHANGE_RIDERS)], wish: PersonWish
) -> PersonErasedAnswer:
    """Take a person off all rides (Art. 17 GDPR): what stays are figures nobody can be told from.

    Rides to come must be cancelled before; `person-rides-ahead` names them and erases nothing.
    """
    return house.erase_person(actor, wish)
