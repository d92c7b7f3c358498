"""Where drivers find shifts: take an open one, give one back, look for a substitute."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.pages.rendering import SEE_OTHER, render
from api.pages.resident.book import Posted
from api.paging import MOST, Asked
from api.people.access import allowed
from api.rights import Actor, Permission
from api.roster import drivers, shifts
from api.routes.dependencies import House, IdPath
from api.schemas.roster import ShiftOfDayAnswer
from api.versions import Seen

router = APIRouter(prefix="/fahrer/dienste", include_in_schema=False)

_Driving = Annotated[Actor, allowed(Permission.DRIVE)]

_WEEKS = timedelta(weeks=8)


@router.get("")
def duties(
    request: Request,
    house: House,
    actor: _Driving,
    gebiet: Annotated[str, Query()] = "",
    wer: Annotated[str, Query()] = "",
) -> Response:
    """Show the shifts of the next weeks that are open, and those of whoever looks."""
    areas = house.areas_of(actor)
    if not areas:
        return render(request, "resident/areas.html")
    area = next((one for one in areas if one.id == gebiet), areas[0])
    known = drivers.drivers(house.context, actor, area.id, Asked.of("", MOST, None)).items
    me = next((one for one in known if one.id == wer and one.active), None)
    now = house.clock.now()
    today = now.astimezone(area.time_zone).date()
    found = [
        one for one in shifts.between(house.context, area, today, today + _WEEKS) if one.start > now
    ]
    mine = [one for one in found if me and one.state == "staffed" and drives(one) == me.name]
    return render(
        request,
        "roster/duties.html",
        area=area,
        drivers=[one for one in known if one.active],
        me=me,
        mine=mine,
        may_give_back={one.id for one in mine if now <= one.start - area.roster.give_back},
        free=[one for one in found if one not in mine and (one.state == "open" or one.offered)],
        give_back_hours=area.roster.give_back_hours,
    )


@router.post("/{shift_id}/uebernehmen")
def take(house: House, actor: _Driving, shift_id: IdPath, posted: Posted) -> Response:
    """Take a shift."""
    return _change(
        house, actor, shift_id, posted, "taken", lambda shift: shifts.taken(shift, _who(posted))
    )


@router.post("/{shift_id}/zurueckgeben")
def give_back(house: House, actor: _Driving, shift_id: IdPath, posted: Posted) -> Response:
    """Give a shift back."""
    return _change(
        house,
        actor,
        shift_id,
        posted,
        "given_back",
        lambda shift: shifts.given_back(shift, _who(posted)),
    )


@router.post("/{shift_id}/vertretung")
def offer(house: House, actor: _Driving, shift_id: IdPath, posted: Posted) -> Response:
    """Look for a substitute."""
    return _change(
        house, actor, shift_id, posted, "offered", lambda shift: shifts.offered(shift, _who(posted))
    )


def drives(shift: ShiftOfDayAnswer) -> str | None:
    """Return the name of whoever drives a shift."""
    who = shift.substitute or shift.driver
    return who.name if who else None


def _who(posted: Mapping[str, str]) -> str:
    return posted.get("wer", "")


def _change(
    house: House,
    actor: Actor,
    shift_id: str,
    posted: Mapping[str, str],
    what: str,
    alter: shifts.Alter,
) -> Response:
    seen = Seen.of(f'"{posted.get("version", "")}"')
    done = shifts.change(house.context, actor, shift_id, seen, what, alter)
    fields = {"gebiet": done.shift.area_id, "wer": _who(posted)}
    return RedirectResponse("/fahrer/dienste?" + urlencode(fields), SEE_OTHER)
