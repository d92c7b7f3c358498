"""For drivers and the control room: bookings of a day, tours, reports from the tablet."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.people.access import allowed
from api.rights import Actor, Permission
from api.routes.conditional import NOT_CHANGED, known_tags
from api.routes.dependencies import AreaQuery, House, IdPath, Language
from api.routes.documentation import problems
from api.routes.strict import StrictRoute
from api.schemas.answers import BookingsAnswer, RefusalsAnswer
from api.schemas.connections import ConnectionCasesAnswer
from api.schemas.fields import AreaId
from api.schemas.requests import VisitReport
from api.schemas.tours import DirectionsAnswer, ReportAnswer, TourAnswer, ToursAnswer

router = APIRouter(prefix="/v1", tags=["staff"], route_class=StrictRoute)

_LIST_PROBLEMS = problems("area-unknown", "date-out-of-range", "invalid", guarded=True)

RidesSeen = Annotated[Actor, allowed(Permission.SEE_RIDES)]
ToursSeen = Annotated[Actor, allowed(Permission.SEE_TOURS)]
Driving = Annotated[Actor, allowed(Permission.DRIVE)]

AreaParameter = Annotated[AreaId, Query(description="Area.", examples=["triesenberg"])]
Day = Annotated[date, Query(alias="date", description="Service day.", examples=["2026-04-01"])]


@router.get(
    "/bookings",
    operation_id="listBookings",
    summary="Bookings of a day",
    responses=_LIST_PROBLEMS,
)
def list_bookings(
    house: House, actor: RidesSeen, day: Day, area_id: AreaQuery = None
) -> BookingsAnswer:
    """List the bookings of a day by their pickup, cancelled ones included."""
    return house.bookings(actor, day, area_id)


@router.get(
    "/refusals",
    operation_id="listRefusals",
    summary="Refused wishes of a day",
    responses=_LIST_PROBLEMS,
)
def list_refusals(
    house: House, actor: RidesSeen, day: Day, language: Language, area_id: AreaQuery = None
) -> RefusalsAnswer:
    """List the wishes refused for a day with their reasons."""
    return house.refusals(actor, day, area_id, language)


@router.get(
    "/connections",
    operation_id="listConnectionCases",
    summary="Riders whose line and ride do not meet",
    responses=_LIST_PROBLEMS,
)
def list_connection_cases(
    house: House, actor: RidesSeen, day: Day, area_id: AreaParameter
) -> ConnectionCasesAnswer:
    """List the riders a person must call, because a line is late or gone, or our bus is."""
    return house.connection_cases(actor, day, area_id)


@router.get(
    "/tours",
    operation_id="listTours",
    summary="Tours of a day",
    responses=_LIST_PROBLEMS,
)
def list_tours(house: House, actor: ToursSeen, day: Day, area_id: AreaQuery = None) -> ToursAnswer:
    """List the tours of a day with halts, riders, times and the line on the map."""
    return house.tours(actor, day, area_id)


@router.get(
    "/tours/{tour_id}",
    operation_id="showTour",
    summary="One tour",
    response_model=TourAnswer,
    responses=NOT_CHANGED | problems("tour-unknown", "day-closed", "invalid", guarded=True),
)
def show_tour(house: House, actor: ToursSeen, tour_id: IdPath, request: Request) -> Response:
    """Show one tour, with an ETag: who drives it asks every few seconds, mostly for nothing new."""
    tag, tour = house.tour(actor, tour_id, known_tags(request))
    if tour is None:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(tour.model_dump_json(), headers={"ETag": tag}, media_type="application/json")


@router.get(
    "/tours/{tour_id}/directions",
    operation_id="tellWay",
    summary="The way from halt to halt",
    responses=problems("tour-unknown", "day-closed", "invalid", guarded=True),
)
def tell_way(
    house: House, actor: ToursSeen, tour_id: IdPath, language: Language
) -> DirectionsAnswer:
    """Tell the turns of every drive that is still ahead, to be read or spoken."""
    return house.directions(actor, tour_id, language)


@router.post(
    "/tours/{tour_id}/visits/{visit_id}/events",
    operation_id="reportVisit",
    summary="Report arrival or departure",
    responses=problems(
        "tour-unknown",
        "visit-unknown",
        "report-impossible",
        "day-closed",
        "idempotency-key-reused",
        "plan-refused",
        body=True,
        changes=True,
        guarded=True,
    ),
)
def report_visit(
    house: House, actor: Driving, tour_id: IdPath, visit_id: IdPath, report: VisitReport
) -> ReportAnswer:
    """Take the driver's report; one with an `event_id` seen before changes nothing."""
    return house.report(actor, tour_id, visit_id, report)
