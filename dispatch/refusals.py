"""A "no" with its reason and the nearest things that would work."""

from dispatch.alternatives import alternatives_for
from dispatch.events import State
from dispatch.model import Refusal, Request, Rule
from dispatch.parties import parts_for
from dispatch.question import Question
from dispatch.reasons import binding_rules, hopeless
from dispatch.schedule.snapshot import Snapshot
from dispatch.variants import far_variants_of, variants_of


def impossible(state: State, request: Request, now_s: int) -> Rule | None:
    """Name the rule nothing on this day gets around, if there is one."""
    if now_s < -state.policy.booking_horizon_s:
        return Rule.TOO_FAR_AHEAD
    if not state.shifts:
        return Rule.NO_SHIFT
    if variants_of(state, request) or far_variants_of(state, request):
        return None
    return Rule.SAME_PLACE if request.origin == request.destination else Rule.UNREACHABLE


def refusal_of(snapshot: Snapshot, request: Request) -> Refusal:
    """Say why nothing answers the wish, and what is nearest to it."""
    state = snapshot.state
    rule = hopeless(state, request)
    if rule is not None:
        return Refusal(request, rule, parts_for(snapshot, request) if rule is Rule.ROOM else ())
    rules = binding_rules(Question(state, request, snapshot.now_s))
    alternatives = alternatives_for(snapshot, request)
    if Rule.ROOM in rules:
        alternatives = (*parts_for(snapshot, request), *alternatives)
    at_most = state.policy.offers_at_most + 1
    return Refusal(request, rules[0], alternatives[:at_most], rules[1:])
