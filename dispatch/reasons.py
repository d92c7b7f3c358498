"""Why nothing answers a wish: found by relaxing one rule at a time and asking the same search again.

What then fits was ruled out by that rule. Where no rule alone is to blame, a smallest set of rules that
are so together is found by taking back relaxations that are not needed (a deletion filter, as for
irreducible infeasible sets: Chinneck & Dravnieks 1991).
"""

from collections.abc import Iterable

from dispatch.events import State
from dispatch.model import Request, Rule
from dispatch.question import Question
from dispatch.relaxations import RELAXATIONS, Relaxation


def hopeless(state: State, request: Request) -> Rule | None:
    """Name what no vehicle of this day has, full or empty, if there is such a thing."""
    vehicles = [state.vehicles[shift.vehicle] for shift in state.shifts.values()]
    roomy = [vehicle for vehicle in vehicles if vehicle.has_room(request.load)]
    if not roomy:
        return Rule.ROOM
    if not any(request.needs <= vehicle.features for vehicle in roomy):
        return Rule.FEATURE
    return None


def binding_rules(question: Question) -> tuple[Rule, ...]:
    """List the rules that stand in the way, the most telling first; never empty.

    Each alone, if it were relaxed, would let the ride in. After :attr:`Rule.TIME` follow rules that only
    together stand in the way.
    """
    having_say = [each for each in RELAXATIONS if each.has_say(question)]
    alone = [each.rule for each in having_say if each.without(question).fits()]
    if alone:
        return tuple(alone)
    if not _without(question, having_say).fits():
        return (Rule.UNREACHABLE,)
    return (Rule.TIME, *(each.rule for each in _needed(question, having_say)))


def _needed(question: Question, relaxations: list[Relaxation]) -> list[Relaxation]:
    """Take back what is not needed to let the ride in, the least telling first."""
    needed = relaxations
    for each in reversed(relaxations):
        fewer = [other for other in needed if other is not each]
        if _without(question, fewer).fits():
            needed = fewer
    return needed


def _without(question: Question, relaxations: Iterable[Relaxation]) -> Question:
    for each in relaxations:
        question = each.without(question)
    return question
