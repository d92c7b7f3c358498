"""Use case: tell the driver of a tour the way from halt to halt."""

from itertools import pairwise

from api.context import Context
from api.errors import Problem
from api.purpose import check_shown
from api.rights import Actor
from api.schemas.tours import DirectionsAnswer, LegAnswer, StepAnswer
from api.showing import tour_key
from api.store.mapping import tour_of
from dispatch.model import ShiftId
from routing.directions import Step, directions
from routing.path import Path
from routing.spot import Spot


def tell_way(context: Context, actor: Actor, tour_id: str, language: str) -> DirectionsAnswer:
    """Describe the drives of a tour that are still ahead, the way back to the end of the shift included.

    Raises
    ------
    Problem
        ``tour-unknown``.
    """
    area_id, service_date, shift_id = tour_key(tour_id)
    if area_id not in context.regions or not actor.sees(area_id):
        raise Problem("tour-unknown")
    check_shown(context, actor, area_id, service_date)
    with context.seen(area_id, service_date) as (day, reader):
        shift = day.state.shifts.get(ShiftId(shift_id))
        if shift is None:
            raise Problem("tour-unknown")
        rows = reader.tour(tour_id)
        if rows is None or not rows.visits:
            return DirectionsAnswer(language=language, legs=())
        line = day.line(shift, tour_of(rows, day.places.index, day.service))
        asked = [day.places.position(stop) for stop in line.stops[1:]]
    departed = {visit.id for visit in rows.visits if visit.status == "departed"}
    ends = pairwise([None, *(visit.id for visit in rows.visits), None])
    graph = context.regions[area_id].graph
    return DirectionsAnswer(
        language=language,
        legs=tuple(
            _leg(origin, destination, path, directions(graph, path, language, spot))
            for (origin, destination), path, spot in zip(ends, line.legs, asked, strict=True)
            if destination not in departed
        ),
    )


def _leg(
    origin: str | None, destination: str | None, path: Path, steps: tuple[Step, ...]
) -> LegAnswer:
    return LegAnswer(
        from_visit=origin,
        to_visit=destination,
        metres=path.metres,
        seconds=path.seconds,
        points=tuple(_rounded(point) for point in path.geometry),
        steps=tuple(_step(step) for step in steps),
    )


def _step(step: Step) -> StepAnswer:
    return StepAnswer(
        kind=step.kind,
        turn=step.turn,
        metres=step.metres,
        place=_rounded(step.place),
        text=step.text,
        spoken=step.spoken,
        action=step.action,
        action_spoken=step.action_spoken,
    )


def _rounded(place: Spot) -> Spot:
    """Leave out what is finer than a metre."""
    return round(place[0], 5), round(place[1], 5)
