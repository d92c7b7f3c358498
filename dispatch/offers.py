"""Answers to a request: up to a few offers that differ usefully, the best first."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dispatch.insertion.search import Slice, Terms, direct_s
from dispatch.model import Offer, Request, TimeKind
from dispatch.options import Option, cheapest, first_of, punctual, whole_of
from dispatch.policy import Policy
from dispatch.promises import arrives_s, leaves_s, offer_of, ride_s, walk_s
from dispatch.schedule.snapshot import Snapshot
from dispatch.variants import variants_of
from dispatch.wishes import ceil_minute, wished_terms


def offers_for(snapshot: Snapshot, request: Request) -> tuple[Offer, ...]:
    """Answer the wish with up to ``policy.offers_at_most`` offers, the best first; maybe none."""
    policy = snapshot.state.policy
    return choose(policy, _ranked(snapshot, request), policy.offers_at_most)


def choose(policy: Policy, offers: Iterable[Offer], at_most: int) -> tuple[Offer, ...]:
    """Take offers in their order, leaving out those that add nothing to the ones before."""
    chosen: list[Offer] = []
    for offer in offers:
        if all(adds(policy, offer, other) for other in chosen):
            chosen.append(offer)
        if len(chosen) == at_most:
            break
    return tuple(chosen)


def adds(policy: Policy, offer: Offer, other: Offer) -> bool:
    """Whether a rider gains anything by hearing ``offer`` besides ``other``.

    That is another time, a clearly shorter ride, or a clearly shorter walk.
    """
    apart_s = min(abs(leaves_s(offer) - leaves_s(other)), abs(arrives_s(offer) - arrives_s(other)))
    return (
        apart_s >= policy.offers_apart_s
        or ride_s(other) - ride_s(offer) >= policy.ride_shorter_s
        or walk_s(other) - walk_s(offer) >= policy.walk_shorter_s
    )


def _ranked(snapshot: Snapshot, request: Request) -> Iterator[Offer]:
    """Yield the best; nearer to the wish; less walking; a shorter ride; ever farther from the wish."""
    policy = snapshot.state.policy
    asked = [wished_terms(snapshot, each) for each in variants_of(snapshot.state, request)]
    options = [o for terms in asked for o in first_of(snapshot, terms, whole_of(policy, terms))]
    for option in cheapest(options):
        best = offer_of(snapshot, option)
        yield best
        fitting = [option.terms for option in options]
        departs = request.time_kind is TimeKind.DEPART_AT
        nearer, farther = (_earlier, _later) if departs else (_later, _earlier)
        yield from _beside(snapshot, fitting, best, nearer)
        walking = (o for o in options if walk_s(best) - _walk_s(o) >= policy.walk_shorter_s)
        for other in (*cheapest(walking), *_shorter(snapshot, fitting, best)):
            yield offer_of(snapshot, other)
        far = next(_beside(snapshot, fitting, best, farther), None)
        while far is not None:
            yield far
            far = next(_beside(snapshot, fitting, far, farther), None)


def _walk_s(option: Option) -> int:
    return option.terms.request.walk_to_s + option.terms.request.walk_from_s


def _beside(
    snapshot: Snapshot,
    fitting: Iterable[Terms],
    offer: Offer,
    side: Callable[[Policy, Terms, Offer], Slice],
) -> Iterator[Offer]:
    """Yield the cheapest place clearly on one side of an offer in time, if there is one."""
    policy = snapshot.state.policy
    options: list[Option] = []
    for terms in fitting:
        span = side(policy, terms, offer)
        if span.pickup_from_s > span.pickup_until_s or span.arrive_from_s > span.arrive_until_s:
            continue
        arrives = terms.request.time_kind is TimeKind.ARRIVE_BY
        slices = (punctual(policy, span), span) if arrives else (span,)
        options += first_of(snapshot, terms, slices)
    for option in cheapest(options):
        yield offer_of(snapshot, option)


def _earlier(policy: Policy, terms: Terms, offer: Offer) -> Slice:
    """Return what the terms allow before an offer, far enough to be told apart."""
    request = terms.request
    pickup_s = leaves_s(offer) - policy.offers_apart_s + request.walk_to_s
    arrival_s = arrives_s(offer) - policy.offers_apart_s - request.walk_from_s
    return terms.times._replace(
        pickup_until_s=min(terms.pickup_until_s, pickup_s),
        arrive_until_s=min(terms.arrive_until_s, arrival_s),
    )


def _later(policy: Policy, terms: Terms, offer: Offer) -> Slice:
    """Return what the terms allow after an offer, far enough to be told apart."""
    request = terms.request
    pickup_s = leaves_s(offer) + policy.offers_apart_s + request.walk_to_s
    arrival_s = arrives_s(offer) + policy.offers_apart_s - request.walk_from_s
    return terms.times._replace(
        pickup_from_s=max(terms.pickup_from_s, ceil_minute(pickup_s)),
        arrive_from_s=max(terms.arrive_from_s, arrival_s),
    )


def _shorter(snapshot: Snapshot, fitting: Iterable[Terms], best: Offer) -> Iterator[Option]:
    """Yield the cheapest place with a clearly shorter ride, if there is one."""
    policy = snapshot.state.policy
    boarding_s = policy.stop_s + policy.boarding_time_s(best.request.load)
    at_most_s = ride_s(best) - boarding_s - policy.ride_shorter_s
    shorter = (
        replace(terms, ride_at_most_s=at_most_s)
        for terms in fitting
        if at_most_s >= direct_s(snapshot, terms.request)
    )
    options = (o for terms in shorter for o in first_of(snapshot, terms, whole_of(policy, terms)))
    yield from cheapest(options)
