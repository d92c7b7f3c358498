"""Houses that are not drawn one by one: lines tagged `addr:interpolation` between two numbered ends."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from routing.build.addresses.folding import folded
from routing.build.addresses.reader import RawAddress, RawSeries
from routing.spot import Spot, metres_apart

_STEPS = {"even": 2, "odd": 2, "all": 1}
_MOST_HOUSES = 200


def interpolated(series: Iterable[RawSeries], known: Iterable[RawAddress]) -> list[RawAddress]:
    """Return the houses between the numbered points of each line, spaced evenly along it.

    Houses in `known` are left out, and lines whose rule or numbers make no sense.
    """
    drawn = {(folded(each.street), each.number.casefold(), each.postcode) for each in known}
    houses = (
        house
        for line in series
        for first, last in pairwise(line.numbered)
        for house in _between(first, last, line)
    )
    return [
        house
        for house in houses
        if (folded(house.street), house.number, house.postcode) not in drawn
    ]


def _between(
    first: tuple[int, RawAddress], last: tuple[int, RawAddress], line: RawSeries
) -> Iterator[RawAddress]:
    (start, low), (end, high) = first, last
    step = _STEPS.get(line.rule) or (int(line.rule) if line.rule.isdecimal() else 0)
    if not (step and low.number.isdecimal() and high.number.isdecimal()):
        return
    lowest, highest = int(low.number), int(high.number)
    count = abs(highest - lowest) // step
    if low.street != high.street or abs(highest - lowest) % step or count > _MOST_HOUSES:
        return
    sign = step if highest > lowest else -step
    for index in range(1, count):
        lon, lat = _along(line.line[start : end + 1], index / count)
        yield low._replace(number=str(lowest + index * sign), lon=lon, lat=lat)


def _along(line: Sequence[Spot], share: float) -> Spot:
    """Point at a `share` of the length of a line."""
    lengths = [metres_apart(first, second) for first, second in pairwise(line)]
    left = share * sum(lengths)
    for length, (first, second) in zip(lengths, pairwise(line), strict=True):
        if left <= length and length > 0:
            part = left / length
            return (
                first[0] + part * (second[0] - first[0]),
                first[1] + part * (second[1] - first[1]),
            )
        left -= length
    return line[-1]
