"""Use case: a tablet keeps up with the one tour it drives."""

from collections.abc import Collection
from secrets import token_hex

from api.context import Context
from api.errors import Problem
from api.purpose import check_shown
from api.rights import Actor, Permission
from api.schemas.tours import TourAnswer
from api.showing import tour_in, tour_key
from dispatch.model import ShiftId

_RUN = token_hex(4)
"""Part of every tag: after a restart the same version may be drawn on other roads."""


def tour(
    context: Context, actor: Actor, tour_id: str, known: Collection[str]
) -> tuple[str, TourAnswer | None]:
    """Describe a tour, and tag what it says; None if the tag is among the ``known`` ones.

    Looking whether anything is new costs a fraction of describing it, and most of the time nothing is.

    Raises
    ------
    Problem
        ``tour-unknown``, ``day-closed``.
    """
    area_id, service_date, shift = tour_key(tour_id)
    if area_id not in context.regions or not actor.sees(area_id):
        raise Problem("tour-unknown")
    actor.require(Permission.SEE_TOURS, area_id)
    check_shown(context, actor, area_id, service_date)
    shift_id = ShiftId(shift)
    give_way = context.database.give_way
    give_way()
    with context.looking, context.seen(area_id, service_date) as (day, reader):
        if shift_id not in day.state.shifts:
            raise Problem("tour-unknown")
        tag = f'"{_RUN}.{day.changed(shift_id)}"'
        return tag, None if tag in known else tour_in(day, reader, shift_id, give_way)
