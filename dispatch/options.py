"""Places for a ride in the tours there are, under the terms they were asked for with."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dispatch.insertion.search import Found, Slice, Terms, find_best
from dispatch.model import TimeKind
from dispatch.policy import Policy
from dispatch.schedule.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Option:
    """A place for the ride under the terms it was found with."""

    found: Found
    terms: Terms


def cost_of(option: Option) -> tuple[float, int, int]:
    """Order of options: the cheapest, then the soonest."""
    return option.found.cost, option.found.pickup_s, option.found.arrival_s


def first_of(snapshot: Snapshot, terms: Terms, slices: Sequence[Slice]) -> Iterator[Option]:
    """Yield the cheapest place over all slices of time, if there is one."""
    found = [each for each in find_best(snapshot, terms, slices) if each is not None]
    if found:
        yield Option(min(found, key=lambda f: (f.cost, f.pickup_s, f.arrival_s)), terms)


def whole_of(policy: Policy, terms: Terms) -> tuple[Slice, ...]:
    """All the time the terms allow, and once more without needlessly early arrivals.

    The earliest schedule inside a wide window of arrivals arrives as early as it can.
    """
    whole = terms.times
    if terms.request.time_kind is TimeKind.DEPART_AT:
        return (whole,)
    return punctual(policy, whole), whole


def punctual(policy: Policy, span: Slice) -> Slice:
    """Leave out arrivals that are needlessly early."""
    punctual_s = span.arrive_until_s - policy.arrive_early_s
    return span._replace(arrive_from_s=max(span.arrive_from_s, punctual_s))


def cheapest(options: Iterable[Option]) -> Iterator[Option]:
    """Yield the cheapest of some options, if there are any."""
    known = list(options)
    if known:
        yield min(known, key=cost_of)
