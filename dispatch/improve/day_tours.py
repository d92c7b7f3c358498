"""From what the search found back to tours: halts, visits with ids that last, and the engine's own times."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from dispatch.events import State
from dispatch.improve.day_parts import OpenTour
from dispatch.improve.day_problem import OpenDay
from dispatch.improve.day_rows import Node
from dispatch.model import BookingId, RideStatus, ShiftId, Tour, Visit, VisitId
from dispatch.schedule.arrays import FAR
from dispatch.schedule.retime import retime_at
from dispatch.tours import with_visits

Halt = tuple[Node, ...]
Join = Callable[[Halt, Node], bool]


def wherever_possible(halt: Halt, node: Node) -> bool:
    """Join all that happens at one place without anything in between."""
    leaving = {other.booking for other in halt if not other.boards}
    boarding = {other.booking for other in halt if other.boards}
    here = halt[-1].pause is None and node.pause is None and halt[-1].place == node.place
    return here and node.booking not in leaving | boarding


def without_waiting(halt: Halt, node: Node) -> bool:
    """Join only who may board as soon as the others: nobody waits on the bus for them."""
    return wherever_possible(halt, node) and node.lo <= max(other.lo for other in halt)


def never(halt: Halt, node: Node) -> bool:  # noqa: ARG001 - one of three alike
    """Let everybody have a halt of their own."""
    return False


def with_routes(day: OpenDay, routes: Mapping[int, Sequence[int]], join: Join) -> State:
    """Return the day with other routes for some vehicles, timed by the engine's scheduler.

    Whether it keeps every promise is for the checker.
    """
    tours: dict[ShiftId, Tour] = {}
    shift_of: dict[BookingId, ShiftId] = {}
    for k, route in routes.items():
        tour = day.tours[k]
        nodes = [day.nodes[v] for v in route]
        visits = [*_visits(tour, _halts(nodes, join), day.state.version + 1)]
        old = Tour(tour.shift.id)
        tours[old.shift] = with_visits(day.state, old, (*tour.past, *visits))
        shift_of |= {n.booking: tour.shift.id for n in nodes if n.booking is not None and n.boards}
    carried = {
        key: replace(day.state.bookings[key], shift=shift, status=RideStatus.BOOKED)
        for key, shift in shift_of.items()
    }
    state = replace(
        day.state,
        tours={**day.state.tours, **tours},
        bookings={**day.state.bookings, **carried},
        version=day.state.version + 1,
    )
    shifts = (day.tours[k].shift for k in routes)
    timed = {shift.id: retime_at(state, shift, day.now_s) for shift in shifts}
    return replace(state, tours={**state.tours, **timed})


def _halts(nodes: Sequence[Node], join: Join) -> list[Halt]:
    halts: list[Halt] = []
    for node in nodes:
        if halts and join(halts[-1], node):
            halts[-1] = (*halts[-1], node)
        else:
            halts.append((node,))
    return halts


def _visits(tour: OpenTour, halts: Sequence[Halt], version: int) -> Iterator[Visit]:
    """Yield the visits of halts, later than everything until they are timed.

    A visit keeps its id as long as somebody it is for boards or leaves there with the same bus. New ids
    name the version: a late report of another bus must not be taken for one of this.
    """
    old = {(v.place, key): v for v in tour.visits for key in (*v.board, *v.alight)}
    used: set[VisitId] = set()
    for halt in halts:
        if halt[0].pause is not None:
            yield replace(halt[0].pause, arrive_s=FAR, depart_s=FAR)
            continue
        place = halt[0].place
        assert place is not None  # noqa: S101  # only pauses have none
        board = tuple(n.booking for n in halt if n.booking is not None and n.boards)
        alight = tuple(n.booking for n in halt if n.booking is not None and not n.boards)
        known = [old[place, key].id for key in (*alight, *board) if (place, key) in old]
        name = next((key for key in known if key not in used), None)
        if name is None:
            end = "board" if halt[0].boards else "alight"
            name = VisitId(f"{halt[0].booking}-{end}-{version}")
        used.add(name)
        yield Visit(name, place, FAR, FAR, board=board, alight=alight)
