"""Find addresses, streets, settlements, places and stops by what people type; and back from the map.

A search takes candidates from a trigram index (`routing.addresses.table`) and ranks them
(`routing.addresses.rank`) over all ways to read the line (`routing.addresses.query`).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from routing.addresses.answer import Answer, Found, FoundKind, Inside, in_order, stand_in
from routing.addresses.query import readings
from routing.addresses.rank import Match, rank
from routing.addresses.schema import Named, Near, Row
from routing.addresses.table import AddressTable
from routing.spot import Spot, metres_apart

__all__ = ["Addresses", "Found", "FoundKind", "Named"]

_MOST_RANKED = 120
_MOST_NEIGHBOURS = 5
_LEAST_LIKENESS = 0.62
_WIDEST_SPREAD = 0.25
_LONGEST_SPELT = 200


class Addresses:
    """The address table of a region, read-only; may be used from several threads."""

    def __init__(self, table: AddressTable) -> None:
        self._table = table

    @classmethod
    def open(cls, path: Path) -> "Addresses":
        """Open the table at `path`.

        Raises
        ------
        RoutingError
            ``addresses-missing``, ``addresses-unreadable``, ``addresses-format``.
        """
        return cls(AddressTable.open(path))

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._table.close()

    def search(
        self,
        text: str,
        *,
        near: Spot | None = None,
        inside: Inside | None = None,
        limit: int = 8,
    ) -> list[Found]:
        """Find what `text` means, best first; an empty list where nothing is like it.

        Parameters
        ----------
        text
            As typed or heard: "Landstr 12 Triesen", "beim Rathaus", "Hausarzt".
        near
            Longitude and latitude; among equally good answers the nearer comes first.
        inside
            Tells whether (lon, lat) lies in the area. Equally good answers inside come first; one
            outside comes before them only where `text` names its town.
        limit
            Most answers to return.
        """
        lines = readings(text, self._table.postcodes)
        rows, candidates = self._table.candidates(lines, near)
        matches = [each for each in rank(lines, candidates) if each.name >= _LEAST_LIKENESS]
        answers = self._answers(matches[:_MOST_RANKED], rows)
        ranked = in_order(answers, text[:_LONGEST_SPELT], inside, near)
        worst = max((found.score for found in ranked), default=0.0) - _WIDEST_SPREAD
        by_label: dict[str, Found] = {}
        for found in ranked:
            if found.score >= worst:
                by_label.setdefault(found.label, found)
        return list(by_label.values())[:limit]

    def reverse(self, lon: float, lat: float, within_m: float) -> Found | None:
        """Name a place on the map, with the distance to what names it.

        The nearest house within `within_m` metres; where there is none, the nearest of roads with a name,
        settlements, places of interest and stops; None where there is nothing.
        """
        spot = lon, lat
        near = _nearest(self._table.houses_around(lon, lat, within_m), spot, within_m)
        near = near or _nearest(self._table.others_around(lon, lat, within_m), spot, within_m)
        if near is None:
            return None
        return Found(
            near.label,
            FoundKind(near.kind),
            near.lon,
            near.lat,
            1.0,
            exact=True,
            municipality=near.municipality,
            metres=metres_apart(spot, (near.lon, near.lat)),
        )

    def houses(self) -> list[Named]:
        """All houses by label; one of several numbers is listed once."""
        return self._table.every_house()

    def goals(self) -> list[Named]:
        """All places of interest and stops, by kind and label."""
        return self._table.goals()

    def _answers(self, matches: Sequence[Match], rows: Mapping[int, Row]) -> list[Answer]:
        """Rows, or their houses where the line names a number."""
        numbered = {
            each.candidate.id: each.reading.number for each in matches if each.reading.number
        }
        houses = self._table.houses(numbered)
        others = [place for place in numbered if place not in houses and rows[place].has_numbers]
        neighbours = self._table.all_houses(others[:_MOST_NEIGHBOURS])
        answers = []
        for match in matches:
            row, asked = rows[match.candidate.id], match.reading.number
            exact = houses.get(row.id) if asked else None
            if exact:
                answers += [Answer(match, row, house, 1.0) for house in exact]
            elif asked:
                answers.append(stand_in(match, row, neighbours.get(row.id, [])))
            else:
                answers.append(Answer(match, row, None, 0.0))
        return answers


def _nearest(things: Iterable[Near], spot: Spot, within_m: float) -> Near | None:
    """Pick the nearest thing that is not farther than `within_m`."""
    reach = [(metres_apart(spot, (thing.lon, thing.lat)), thing) for thing in things]
    close = [pair for pair in reach if pair[0] <= within_m]
    return min(close, key=lambda pair: (pair[0], pair[1].label), default=(0.0, None))[1]
