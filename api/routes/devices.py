"""The tablet about itself: is it enrolled, who drives, and what it could not send any more."""

from fastapi import APIRouter, Request, Response

from api.devices import cookies, driving
from api.errors import Problem
from api.people.identify import identify
from api.routes.dependencies import House
from api.routes.documentation import problems
from api.routes.strict import StrictRoute
from api.schemas.devices import DeviceAnswer, Handover, SignIn
from api.services import Services
from api.store.devices import Tablet

router = APIRouter(prefix="/v1/device", tags=["tablet"], route_class=StrictRoute)

_NO_CONTENT = 204


@router.get(
    "",
    operation_id="showDevice",
    summary="Is this browser a tablet?",
    responses=problems("device-revoked"),
)
def show_device(house: House, request: Request) -> DeviceAnswer:
    """Tell the app whether it is enrolled and who is signed in; says nothing to others."""
    shown = cookies.shown(request)
    tablet = driving.tablet_of(house.context, shown) if shown is not None else None
    if tablet is not None:
        return _described(house, tablet)
    return DeviceAnswer(state="open" if _is_staff(request) else "unknown")


@router.post(
    "/session",
    operation_id="signInDriver",
    summary="Sign in with the PIN",
    responses=problems(
        "device-unknown",
        "device-revoked",
        "driver-not-here",
        "pin-wrong",
        "pin-locked",
        "https-needed",
        body=True,
        changes=True,
    ),
)
def sign_in(house: House, request: Request, response: Response, who: SignIn) -> DeviceAnswer:
    """Open the tablet for a driver until an hour after the shift, for 12 hours at most.

    After five wrong PINs the tablet waits, each further one twice as long; repeating is harmless.
    """
    shown = _shown(request)
    session, until = driving.sign_in(house.context, shown.token, who.driver, who.pin)
    cookies.give_tablet(request, response, shown.token)
    cookies.give_session(request, response, session, until, house.clock.now())
    tablet = driving.tablet_of(house.context, driving.Shown(shown.token, session))
    if tablet is None:
        raise Problem("device-unknown")
    return _described(house, tablet)


@router.delete(
    "/session",
    operation_id="signOffDriver",
    summary="Sign off",
    status_code=_NO_CONTENT,
    responses=problems("device-unknown", "device-revoked", changes=True),
)
def sign_off(house: House, request: Request, response: Response) -> None:
    """End the driver's session on this tablet."""
    driving.sign_off(house.context, _shown(request).token)
    cookies.take_session(request, response)


@router.post(
    "/unsent",
    operation_id="handOver",
    summary="Hand over what was not sent",
    status_code=_NO_CONTENT,
    responses=problems("device-unknown", body=True, changes=True),
)
def hand_over(house: House, request: Request, response: Response, left: Handover) -> None:
    """Take the reports of a tablet that was locked out, for a person to read; then it is none any more.

    They change no tour: whoever found the tablet might send them. Only the first ones are kept.
    """
    reports = [report.model_dump(mode="json") for report in left.reports]
    driving.hand_over(house.context, _shown(request).token, reports)
    cookies.take_all(request, response)


def _shown(request: Request) -> driving.Shown:
    shown = cookies.shown(request)
    if shown is None:
        raise Problem("device-unknown")
    return shown


def _is_staff(request: Request) -> bool:
    try:
        return identify(request) is not None
    except Problem:
        return False


def _described(house: Services, tablet: Tablet) -> DeviceAnswer:
    areas = [area for area in house.all_areas() if area.id in tablet.areas]
    session = tablet.session
    return DeviceAnswer(
        state="locked" if session is None else "ready",
        name=tablet.device.name,
        driver=tablet.device.driver if session is None else session.driver,
        drivers=driving.drivers(areas),
        areas=tuple(area.id for area in areas),
        until=None if session is None else session.until,
    )
