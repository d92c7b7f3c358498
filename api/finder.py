"""From what people type or tap to a place the bus serves."""

from rapidfuzz import fuzz

from api.errors import Problem
from api.schemas.answers import PlaceAnswer, PlacesAnswer, Spot
from api.schemas.requests import AddressText, Point
from regions.area import Area
from regions.region import Region
from routing.addresses import Found
from routing.addresses.text import fold

_LIKENESS = 80.0
"""How alike, of 100, a stop's name and what was typed must be."""
_TOO_CLOSE = 0.01
"""Two exact answers whose scores differ by less: the text does not say which one is meant."""
_CANDIDATES = 6
_NAMED_WITHIN_M = 60.0


class Finder:
    """Searches the named stops of an area and the addresses of its region."""

    def __init__(self, area: Area, region: Region) -> None:
        self._area = area
        self._addresses = region.addresses
        west, south, east, north = (
            area.boundary.bounds if area.boundary is not None else region.manifest.bbox
        )
        self._centre = (west + east) / 2, (south + north) / 2

    def search(self, text: str, limit: int) -> PlacesAnswer:
        """Return what ``text`` may mean: stops of the area first, then addresses, best first."""
        found = [_place_answer(each) for each in self._found(text, limit)]
        return PlacesAnswer(places=(*self._stops(text), *found)[:limit])

    def resolve(self, place: Point | AddressText) -> Spot:
        """Return the one place that is meant, with a name for it.

        Raises
        ------
        Problem
            ``address-unknown``; ``address-unclear`` with the candidates as ``places``, also where only
            the house number is missing.
        """
        if isinstance(place, AddressText):
            return self._only_one(place.address)
        label = place.label or self._name(place.lon, place.lat)
        return Spot(label=label, lon=place.lon, lat=place.lat)

    def _only_one(self, text: str) -> Spot:
        stops = [stop for stop in self._stops(text) if stop.exact]
        if stops:
            return stops[0]
        found = self._found(text, _CANDIDATES)
        if not found:
            raise Problem("address-unknown", {"address": text})
        first, rivals = found[0], [each for each in found[1:] if each.exact]
        doubtful = rivals and first.score - rivals[0].score < _TOO_CLOSE
        if not first.exact or first.number_missing or (doubtful and not _spelt_so(first, text)):
            places = [_place_answer(each).model_dump(mode="json") for each in found]
            raise Problem("address-unclear", {"address": text, "places": places})
        return _place_answer(first)

    def _found(self, text: str, limit: int) -> list[Found]:
        return self._addresses.search(
            text, near=self._centre, inside=self._area.contains, limit=limit
        )

    def _stops(self, text: str) -> list[PlaceAnswer]:
        wanted = fold(text)
        scored = [(fuzz.token_set_ratio(wanted, fold(s.name)), s) for s in self._area.stops]
        scored.sort(key=lambda pair: (-pair[0], pair[1].name))
        return [
            PlaceAnswer(
                label=stop.name,
                lon=stop.lon,
                lat=stop.lat,
                kind="stop",
                inside=self._area.contains(stop.lon, stop.lat),
                exact=fold(stop.name) == wanted,
                municipality="",
            )
            for score, stop in scored
            if score >= _LIKENESS
        ]

    def _name(self, lon: float, lat: float) -> str:
        found = self._addresses.reverse(lon, lat, _NAMED_WITHIN_M)
        return found.label if found else f"{lat:.5f}, {lon:.5f}"


def _spelt_so(found: Found, text: str) -> bool:
    return found.label.casefold() == text.strip().casefold()


def _place_answer(found: Found) -> PlaceAnswer:
    return PlaceAnswer(
        label=found.label,
        lon=found.lon,
        lat=found.lat,
        kind=found.kind.value,
        inside=found.inside,
        exact=found.exact,
        municipality=found.municipality,
        number_missing=found.number_missing,
    )
