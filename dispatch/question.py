"""Whether a ride would fit, asked over and over in the search for what stands in its way."""

from dataclasses import dataclass, replace

from dispatch.events import State
from dispatch.insertion.search import Relax, fits
from dispatch.model import Request
from dispatch.schedule.arrays import FAR
from dispatch.schedule.snapshot import Snapshot
from dispatch.variants import variants_of
from dispatch.wishes import wished_terms


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a request could ride on this day, asked at ``now_s``, with some rules out of the way."""

    state: State
    request: Request
    now_s: int
    relaxed: Relax = Relax.NOTHING
    any_ride_time: bool = False

    def fits(self) -> bool:
        """Whether some place of some tour answers the wish."""
        snapshot = Snapshot.at(self.state, self.now_s)
        for variant in variants_of(self.state, self.request):
            terms = replace(wished_terms(snapshot, variant), relaxed=self.relaxed)
            if self.any_ride_time:
                terms = replace(terms, ride_at_most_s=FAR)
            if terms.pickup_from_s <= terms.pickup_until_s and fits(snapshot, terms):
                return True
        return False
