"""The independent checker: find out whether a plan is right, whoever made it.

Plain Python over the nouns of ``dispatch.model``; no code is shared with the kernels. Every finding has
a code and says what is wrong and where. Findings are *broken* (a plan like that is never stored or shown)
or *late* (reality is behind the plan, and nothing in the plan could be sooner: work goes on).
"""

from collections.abc import Sequence

from dispatch.errors import DispatchError
from dispatch.events import Event, State
from dispatch.verify.changes import losses
from dispatch.verify.findings import Severity, Violation
from dispatch.verify.nouns import shift_clashes, unknowns
from dispatch.verify.quota import quota_violations
from dispatch.verify.rides import ride_violations
from dispatch.verify.touched import Touched, everything, touched
from dispatch.verify.tours import tour_violations

__all__ = ["PlanRefused", "Severity", "Violation", "check_plan", "verify"]


class PlanRefused(DispatchError):
    """The checker does not accept a plan; ``violations`` has all it found broken."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(
            "plan-refused",
            f"The plan is broken in {len(violations)} places: {violations[0].message}",
        )
        self.violations = tuple(violations)


def check_plan(state: State, before: State | None = None, event: Event | None = None) -> None:
    """Refuse a broken plan; see :func:`verify`.

    ``before`` passed when it was made, so tours and rides in which nothing differs from it are not gone
    through again.

    Raises
    ------
    PlanRefused
        At least one violation is broken, not just late.
    """
    found = _violations(state, before, event, touched(state, before))
    broken = [violation for violation in found if violation.severity is Severity.BROKEN]
    if broken:
        raise PlanRefused(broken)


def verify(
    state: State, before: State | None = None, event: Event | None = None
) -> tuple[Violation, ...]:
    """Find everything that is wrong with the tours and bookings of a state.

    Parameters
    ----------
    state
        What is about to be stored or shown.
    before
        The state it was decided from, if there is one. Then it is also checked that no promise, booking,
        shift or report of that state was lost or made worse.
    event
        What happened between the two; it tells what may have changed. Without it more is allowed.

    A promise that is missed, or a bus that is back late, is *late* if it cannot be helped: if it was so
    before; or if the visit is as early as the bus can be there in an order of visits that nobody new was
    taken into, and something real (a report, other roads) is behind it. Otherwise it is broken.
    """
    return _violations(state, before, event, everything(state))


def _violations(
    state: State, before: State | None, event: Event | None, scope: Touched
) -> tuple[Violation, ...]:
    """Find what is wrong with some shifts and rides, and with the whole."""
    found = [*unknowns(state, scope), *shift_clashes(state)]
    if any(violation.severity is Severity.BROKEN for violation in found):
        return tuple(found)  # the rest would stumble over these
    rides = tuple(ride_violations(state, scope.rides))
    found += rides
    if rides:
        return tuple(found)
    for key in scope.shifts:
        found += tour_violations(state, before, event, key)
    found += quota_violations(state, before)
    if before is not None:
        found += losses(before, state, event)
    return tuple(found)
