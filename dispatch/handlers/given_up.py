"""Riders who did not come: nobody drives for them, but it is remembered where they would have left."""

from collections.abc import Collection
from dataclasses import replace

from dispatch.events import State, VisitArrived, VisitDeparted
from dispatch.handlers.facts import with_report
from dispatch.handlers.telling import Decision
from dispatch.model import BookingId, VisitId
from dispatch.tours import without_ride


def give_up(state: State, key: BookingId) -> State:
    """Drive nowhere for a rider who did not come, but remember where it would have been."""
    tour = state.tours[state.bookings[key].shift]
    there = next((visit for visit in tour.visits if key in visit.alight), None)
    left_out = state.left_out if there is None else {**state.left_out, key: there}
    tour = without_ride(state, tour, key, boarded=True)
    return replace(state, tours={**state.tours, tour.shift: tour}, left_out=left_out)


def left_out_at(state: State, visit: VisitId) -> Collection[BookingId]:
    """Riders given up whose drop-off this visit was, if it is in no tour any more."""
    keys = [key for key, there in state.left_out.items() if there.id == visit]
    if keys and any(v.id == visit for tour in state.tours.values() for v in tour.visits):
        return []
    return keys


def report_left_out(state: State, event: VisitArrived | VisitDeparted) -> Decision:
    """Keep a report about a visit left out, in case the rider turns out to have been aboard."""
    heard = {
        key: with_report(state, state.left_out[key], event)
        for key in left_out_at(state, event.visit)
    }
    if all(state.left_out[key] == visit for key, visit in heard.items()):
        return state, ()
    left_out = {**state.left_out, **heard}
    return replace(state, left_out=left_out, version=state.version + 1), ()
