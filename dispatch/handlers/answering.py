"""Answers to a wish; they change nothing."""

from dispatch.events import OffersMade, RideRefused, State
from dispatch.model import Refusal, Request, Rule
from dispatch.offers import offers_for
from dispatch.refusals import impossible, refusal_of
from dispatch.schedule.snapshot import Snapshot


def answer_to(state: State, request: Request, now_s: int) -> OffersMade | RideRefused:
    """Offer rides, or say no with the reason and the nearest that would work."""
    if state.closed:
        return RideRefused(Refusal(request, Rule.CLOSED_DAY))
    rule = impossible(state, request, now_s)
    if rule is not None:
        return RideRefused(Refusal(request, rule))
    snapshot = Snapshot.at(state, now_s)
    offers = offers_for(snapshot, request)
    if offers:
        return OffersMade(request, offers)
    return RideRefused(refusal_of(snapshot, request))
