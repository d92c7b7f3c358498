"""What riders do: which offer they take, who cancels, who does not come."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dispatch.model import Offer, TimeKind
from dispatch.promises import arrives_s, leaves_s
from simulations.demand import Wish


@dataclass(frozen=True, slots=True)
class Habits:
    """What people and roads do; with all zeros everything goes as planned.

    Parameters
    ----------
    travel_noise
        Standard deviation of the logarithm of a driving time against the table.
    no_show_share, cancel_share
        Fractions of the outward rides booked.
    """

    travel_noise: float = 0.10
    no_show_share: float = 0.02
    cancel_share: float = 0.03


@dataclass(frozen=True, slots=True)
class Character:
    """What one rider will do; ``cancels_at`` is a fraction of the time from call to pickup, or None."""

    comes: bool
    cancels_at: float | None


def character(wish: Wish, habits: Habits, seed: int) -> Character:
    """Draw what a rider does; the same for a seed whatever other riders do."""
    rng = np.random.default_rng([seed, zlib.crc32(wish.id.encode())])
    comes, cancels, when = rng.random(3).tolist()
    if wish.outward:
        return Character(comes=True, cancels_at=None)
    return Character(
        comes=comes >= habits.no_show_share,
        cancels_at=when if cancels < habits.cancel_share else None,
    )


def choose(wish: Wish, offers: Iterable[Offer]) -> Offer | None:
    """Take the first offer near enough to the wish, if any.

    Near enough is within the rider's patience, from door to door; who must arrive by a time accepts
    nothing later. Nobody leaves a part of the party behind.
    """
    return next((offer for offer in offers if _suits(wish, offer)), None)


def _suits(wish: Wish, offer: Offer) -> bool:
    if offer.request.load != wish.load:
        return False
    if wish.time_kind is TimeKind.ARRIVE_BY:
        return 0 <= wish.time_s - arrives_s(offer) <= wish.patience_s
    return abs(leaves_s(offer) - wish.time_s) <= wish.patience_s
