"""What became of riders on a day of late lines: who missed what, which promises were kept."""

from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks.replay import Replay
from dispatch.connections.care import line_time_s
from dispatch.events import State
from dispatch.model import Booking, BookingId
from simulations.driven import Ride, rides_of


def figures_of(before: State, day: Replay) -> dict[str, float]:
    """Count over a day that is over; ``before`` is the plan of the evening before.

    ``missed`` are connections: the bus left without the rider, the rider waited longer than
    ``policy.connection_wait_s`` for it, or came to the line too late. ``others_broken`` are riders whose line
    was not late, or who use none, served otherwise than promised the evening before; ``own_broken`` the
    others, held to their last promise.
    """
    driven = rides_of(day.state)
    missed = [key for key in day.state.bookings if _is_missed(day, key, driven.get(key))]
    waits = [driven[key].pickup_s - ready_s for key, ready_s in day.ready.items() if key in driven]
    return {
        "missed": len(missed),
        "missed_from_lines": sum(key in day.ready for key in missed),
        "others_broken": sum(1 for _ in _broken(before, day, driven, others=True)),
        "own_broken": sum(1 for _ in _broken(before, day, driven, others=False)),
        "cases": len(day.cases),
        "cases_with_options": sum(day.cases.values()),
        "moved": len(day.told),
        "told": sum(day.told.values()),
        "mean_wait_s": float(np.mean([max(wait_s, 0) for wait_s in waits])) if waits else 0.0,
        "events": day.events,
    }


def _is_missed(day: Replay, key: BookingId, driven: Ride | None) -> bool:
    """Whether rider and line, or rider and bus, did not meet."""
    booking = day.state.bookings[key]
    meets = booking.request.connection
    if meets is None:
        return False
    if driven is None:
        return True
    if not meets.to_line:
        return driven.left_s > day.ready[key] + day.state.policy.connection_wait_s + _service_s(
            day.state, booking
        )
    leaves_s = line_time_s(day.today.in_the_end(), meets)
    return leaves_s is None or driven.arrival_s + meets.transfer_s > leaves_s


def _service_s(state: State, booking: Booking) -> int:
    return state.policy.stop_s + state.policy.boarding_time_s(booking.request.load)


def _broken(
    before: State, day: Replay, driven: Mapping[BookingId, Ride], *, others: bool
) -> Iterator[BookingId]:
    """Yield riders who were served otherwise than promised.

    ``others`` are all whose line is not late, or who come by none: their first promise counts. The rest are
    held to the last one, and who was not served at all counts as missed instead.
    """
    for key, booking in day.state.bookings.items():
        comes_late = day.ready.get(key, 0) > before.bookings[key].promise.pickup_from_s
        if comes_late == others:
            continue
        ride = driven.get(key)
        if ride is None:
            if others:
                yield key
            continue
        told = before.bookings[key].promise if others else booking.promise
        window, arrival, aboard = ride.kept(told)
        # doors may have been open before the line was late
        window = window or (not others and ride.pickup_s <= told.pickup_until_s)
        if not (window and arrival and aboard):
            yield key
