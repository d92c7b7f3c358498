"""What people go to: churches, town halls, practices, shops, schools, clubs, all with invented names."""

from dataclasses import dataclass

import numpy as np

from regions.sample.buildings import Building, centroids
from regions.sample.names import surnames
from regions.sample.plan import Kind, Points, Site, Street, Tags, dice


@dataclass(frozen=True, slots=True)
class _Offer:
    """One kind of place: ``size`` is how many metres of streets a settlement must have for it."""

    size: float
    spread: float
    tags: Tags


_OFFERS = (
    _Offer(0, 120, {"amenity": "community_centre", "name": "Bürgerhaus {place}"}),
    _Offer(900, 90, {"shop": "bakery", "name": "Bäckerei {person}"}),
    _Offer(0, 80, {"amenity": "restaurant", "name": "Gasthaus {sign}"}),
    _Offer(1_500, 160, {"amenity": "doctors", "name": "Hausarztpraxis Dr. {person}"}),
    _Offer(1_900, 260, {"amenity": "school", "name": "Grundschule {place}", "building": "school"}),
    _Offer(1_100, 220, {"amenity": "kindergarten", "name": "Kindergarten {place}"}),
    _Offer(900, 220, {"amenity": "fire_station", "name": "Feuerwehr {place}"}),
    _Offer(2_200, 110, {"amenity": "bank", "name": "Volksbank {place} (erfunden)"}),
    _Offer(2_600, 130, {"shop": "butcher", "name": "Metzgerei {person}"}),
    _Offer(5_000, 140, {"amenity": "pharmacy", "name": "{tree}-Apotheke"}),
    _Offer(5_000, 300, {"amenity": "pharmacy", "name": "{sign}-Apotheke"}),
    _Offer(5_000, 200, {"amenity": "doctors", "name": "Praxis Dr. {person} und Dr. {other}"}),
    _Offer(5_000, 420, {"amenity": "doctors", "name": "Augenarztpraxis Dr. {person}"}),
    _Offer(5_000, 250, {"amenity": "dentist", "name": "Zahnarztpraxis Dr. {person}"}),
    _Offer(5_000, 330, {"amenity": "social_facility", "social_facility": "assisted_living",
                        "name": "Seniorenzentrum {tree}hof"}),
    _Offer(5_000, 100, {"amenity": "post_office", "name": "Post {place}"}),
    _Offer(5_000, 120, {"amenity": "library", "name": "Stadtbücherei {place}"}),
    _Offer(5_000, 150, {"shop": "hairdresser", "name": "Friseur {person}"}),
    _Offer(5_000, 450, {"healthcare": "physiotherapist", "name": "Physiotherapie {person}"}),
    _Offer(5_000, 400, {"amenity": "school", "name": "{tree}-Gemeinschaftsschule",
                        "building": "school"}),
)  # fmt: skip

_SIGNS = ("Hirsch", "Krone", "Adler", "Ochsen", "Rößle", "Löwen", "Sonne", "Lamm", "Schwanen")
_TREES = ("Linden", "Ahorn", "Rosen", "Birken", "Eichen", "Kastanien", "Ulmen", "Wiesen")
_SAINTS = ("St. Michael", "Martinskirche", "St. Gallus", "Johanneskirche", "St. Ulrich",
           "Stephanuskirche", "St. Anna", "Peterskirche", "Laurentiuskirche")  # fmt: skip


def open_places(
    seed: int,
    houses: list[Building],
    streets: list[Street],
    sites: tuple[Site, ...],
    seats: set[int],
) -> None:
    """Tag houses with what they are used for.

    Parameters
    ----------
    houses, streets
        All houses, and the streets they count themselves to.
    seats
        Settlements that have a town hall.
    """
    middles = centroids(houses)
    owner = np.array([streets[house.street].site for house in houses])
    for site in sites:
        if site.lived_in:
            mine = np.flatnonzero(owner == site.index)
            rng = dice(seed, 12, site.index)
            _name_landmarks([houses[i] for i in mine], site, rng)
            if site.has_streets:
                _fill(site, [houses[i] for i in mine], middles[mine], rng, hall=site.index in seats)
    for house in houses:
        house.tags.setdefault("building", "yes" if house.fixed else "house")


def _name_landmarks(houses: list[Building], site: Site, rng: np.random.Generator) -> None:
    """Turn the planned landmarks into what they are."""
    saint = str(rng.choice(_SAINTS))
    meanings: dict[str, Tags] = {
        "church": {"amenity": "place_of_worship", "religion": "christian", "building": "church",
                   "name": f"{saint} {site.name}"},
        "townhall": {"amenity": "townhall", "building": "civic", "name": f"Rathaus {site.name}"},
        "supermarket": {"shop": "supermarket", "building": "retail",
                        "name": f"{rng.choice(['Dorfmarkt', 'Frischmarkt', 'Regiomarkt'])} {site.name}"},
        "station": {"building": "train_station", "name": f"Bahnhofsgebäude {site.name}"},
    }  # fmt: skip
    for house in houses:
        for mark, meaning in meanings.items():
            if house.tags.pop(mark, None):
                house.tags |= meaning


def _fill(
    site: Site, houses: list[Building], middles: Points, rng: np.random.Generator, *, hall: bool
) -> None:
    """Open what a settlement of this size has, each in a free house about as far out as usual."""
    offers = [offer for offer in _OFFERS if offer.size <= site.streets_m or site.kind is Kind.TOWN]
    if hall and not any("townhall" in house.tags.values() for house in houses):
        offers.insert(0, _Offer(0, 40, {"amenity": "townhall", "name": "Rathaus {place}"}))
    free = [i for i, house in enumerate(houses) if not house.fixed]
    people = surnames(rng, 2 * len(offers))
    for k, offer in enumerate(offers):
        if not free:
            return
        out = np.hypot(*(middles[free] - site.at).T)
        wanted = min(offer.spread, 0.7 * site.radius) * rng.uniform(0.6, 1.2)
        chosen = free.pop(int(np.argmin(np.abs(out - wanted) + rng.uniform(0, 30, len(free)))))
        words = {
            "place": site.name, "person": people[2 * k], "other": people[2 * k + 1],
            "sign": str(rng.choice(_SIGNS)), "tree": str(rng.choice(_TREES)),
        }  # fmt: skip
        houses[chosen].tags |= {key: text.format(**words) for key, text in offer.tags.items()}
        houses[chosen].as_point = False
