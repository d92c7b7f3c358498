"""From what the extract holds to the rows of the address table: grouped, labelled, without doubles."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log10

from routing.addresses.place_kinds import place_kinds
from routing.build.addresses.folding import folded, street_key
from routing.build.addresses.interpolation import interpolated
from routing.build.addresses.locating import Locator, Where
from routing.build.addresses.reader import SETTLEMENTS, Gathered, RawAddress, RawName
from routing.spot import Spot, metres_apart

_SAME_SPOT_M = 250.0
_SAME_STREET_M = 1_500.0
_STOP_LABEL = "Haltestelle"


@dataclass(slots=True)
class Number:
    """A house number of a row, with the label it is shown by."""

    tag: str
    label: str
    lon: float
    lat: float


@dataclass(slots=True, eq=False)
class Row:
    """Something that can be asked for by name.

    `weight` compares importance: inhabitants of a settlement roughly, houses of a street.
    """

    kind: str
    detail: str
    name: str
    where: Where
    lon: float
    lat: float
    weight: float = 0.0
    names: list[str] = field(default_factory=list)
    postcode: str = ""
    numbers: list[Number] = field(default_factory=list)
    label: str = ""

    @property
    def spot(self) -> Spot:
        """Longitude and latitude."""
        return self.lon, self.lat


def make_rows(gathered: Gathered, locator: Locator) -> list[Row]:
    """All rows of an extract; streets first, then settlements, places and stops."""
    addresses = gathered.addresses + interpolated(gathered.series, gathered.addresses)
    streets = _address_rows(addresses, locator.addresses(addresses))
    streets += _highway_rows(gathered.streets, locator, streets)
    settlements = _settlement_rows(gathered.settlements, locator)
    streets = _without_moved(streets, settlements)
    pois = _spread_rows("poi", gathered.pois, locator)
    stops = _spread_rows("stop", gathered.stops, locator)
    _tell_apart(streets)
    for row in (*settlements, *pois, *stops):
        row.label = with_town(_title(row), row.where.town)
    return [*streets, *settlements, *pois, *stops]


def _address_rows(addresses: Sequence[RawAddress], places: Sequence[Where]) -> list[Row]:
    """One row for each street in each town and settlement, holding its house numbers."""
    groups: dict[tuple[tuple[str, ...], Where], list[RawAddress]] = defaultdict(list)
    for address, where in zip(addresses, places, strict=True):
        street = address.street or where.settlement or where.town
        if street:
            groups[street_key(street), where].append(address._replace(street=street))
    rows = []
    for (_, where), houses in groups.items():
        middle = _middle_one(houses)
        row = Row("street", "", _commonest(each.street for each in houses), where, *middle)
        row.weight = log10(1 + len(houses))
        row.names = sorted({each.street for each in houses})
        row.postcode = _commonest(each.postcode for each in houses)
        row.numbers = _numbers(row, houses)
        rows.append(row)
    return rows


def _numbers(row: Row, houses: Sequence[RawAddress]) -> list[Number]:
    """House numbers of a row; the same number twice on one spot (entrance and house) is one."""
    kept: dict[str, list[Number]] = defaultdict(list)
    for house in houses:
        near = kept[house.number.casefold()]
        if all(metres_apart((each.lon, each.lat), house[-2:]) > _SAME_SPOT_M for each in near):
            label = with_town(f"{row.name} {house.number}", row.where.town)
            near.append(Number(house.number, label, house.lon, house.lat))
    return [number for near in kept.values() for number in near]


def _highway_rows(streets: Sequence[RawName], locator: Locator, known: Sequence[Row]) -> list[Row]:
    """Rows for named roads where no house of the same road is near."""
    housed: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    for row in known:
        housed[folded(row.name), row.where.municipality] += [(n.lon, n.lat) for n in row.numbers]
    groups: dict[tuple[str, Where], list[RawName]] = defaultdict(list)
    places = locator.points([each[-2:] for each in streets])
    for street, where in zip(streets, places, strict=True):
        houses = housed[folded(street.name), where.municipality]
        if all(metres_apart(house, street[-2:]) > _SAME_STREET_M for house in houses):
            groups[folded(street.name), where].append(street)
    return [
        Row(
            "street",
            "",
            _commonest(each.name for each in ways),
            where,
            *_middle_one(ways),
            names=_all_names(ways),
        )
        for (_, where), ways in groups.items()
    ]


def _settlement_rows(settlements: Sequence[RawName], locator: Locator) -> list[Row]:
    """Rows for settlements; of two with one name in a municipality the larger stays."""
    rows: dict[tuple[str, str], Row] = {}
    places = locator.points([each[-2:] for each in settlements])
    largest_first = sorted(
        zip(settlements, places, strict=True), key=lambda pair: -SETTLEMENTS[pair[0].detail]
    )
    for each, where in largest_first:
        row = Row("place", each.detail, each.name, where, each.lon, each.lat)
        row.weight = log10(1 + SETTLEMENTS[each.detail])
        row.names = _all_names([each])
        rows.setdefault((folded(each.name), where.municipality), row)
    return list(rows.values())


def _without_moved(streets: Sequence[Row], settlements: Sequence[Row]) -> list[Row]:
    """Move houses numbered within a settlement ("Altdrossenfeld 8") to its row; return the other streets."""
    owners = {(folded(row.name), row.where.municipality): row for row in settlements}
    kept = []
    for street in streets:
        owner = owners.get((folded(street.name), street.where.municipality))
        if owner and street.numbers and not owner.numbers:
            owner.numbers, owner.postcode, owner.where = (
                street.numbers,
                street.postcode,
                street.where,
            )
            owner.names = list(dict.fromkeys([*owner.names, *street.names]))
        elif not owner or street.numbers:
            kept.append(street)
    return kept


def _spread_rows(kind: str, things: Sequence[RawName], locator: Locator) -> list[Row]:
    """Rows for places or stops: the same name close by (both sides of the road) is one."""
    groups: dict[tuple[str, str], list[list[RawName]]] = defaultdict(list)
    for thing in things:
        clusters = groups[folded(thing.name), thing.detail]
        near = (each for each in clusters if metres_apart(each[0][-2:], thing[-2:]) < _SAME_SPOT_M)
        cluster = next(near, None)
        if cluster is None:
            clusters.append([thing])
        else:
            cluster.append(thing)
    merged = [cluster for clusters in groups.values() for cluster in clusters]
    places = locator.points([cluster[0][-2:] for cluster in merged])
    rows = []
    for cluster, where in zip(merged, places, strict=True):
        first = cluster[0]
        town = where._replace(town=where.town or first.city)
        row = Row(kind, first.detail, first.name, town, first.lon, first.lat)
        row.names = _all_names(cluster)
        rows.append(row)
    return rows


def _tell_apart(streets: Iterable[Row]) -> None:
    """Label streets; the settlement is added where one name means two far-apart streets of a town."""
    same: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in streets:
        same[folded(row.name), row.where.town].append(row)
    for rows in same.values():
        doubled = _labels_of_two_spots(rows)
        far = any(metres_apart(rows[0].spot, row.spot) > _SAME_STREET_M for row in rows)
        for row in rows:
            settlement = row.where.settlement
            tellable = settlement and folded(settlement) not in folded(row.where.town)
            mark = f" ({settlement})" if tellable else ""
            row.label = with_town(row.name + (mark if far else ""), row.where.town)
            for number in row.numbers:
                if number.label in doubled:
                    number.label = with_town(f"{row.name} {number.tag}{mark}", row.where.town)


def _labels_of_two_spots(rows: Iterable[Row]) -> set[str]:
    spots: dict[str, Spot] = {}
    doubled = set()
    for number in (number for row in rows for number in row.numbers):
        spot = number.lon, number.lat
        if metres_apart(spots.setdefault(number.label, spot), spot) > _SAME_SPOT_M:
            doubled.add(number.label)
    return doubled


def _title(row: Row) -> str:
    """Name of a row with its kind, unless the name says it: "Denner (Supermarkt)"."""
    kind = _STOP_LABEL if row.kind == "stop" else ""
    if row.kind == "poi":
        kind = place_kinds()[row.detail].label
    if not row.name:
        return kind
    said = not kind or folded(kind) in folded(row.name)
    return row.name if said else f"{row.name} ({kind})"


def with_town(title: str, town: str) -> str:
    """Append the town to a title, unless the title has it."""
    said = not town or f" {folded(town)} " in f" {folded(title)} "
    return title if said else f"{title}, {town}"


def _all_names(things: Iterable[RawName]) -> list[str]:
    """Every name of the things, the main ones first."""
    listed = list(things)
    names = [each.name for each in listed] + [other for each in listed for other in each.others]
    return [name for name in dict.fromkeys(names) if name]


def _commonest(texts: Iterable[str]) -> str:
    counts = Counter(text for text in texts if text)
    return min(counts, key=lambda text: (-counts[text], text), default="")


def _middle_one(things: Sequence[RawAddress] | Sequence[RawName]) -> Spot:
    """Pick the point of the things that lies nearest to their mean."""
    lon = sum(each.lon for each in things) / len(things)
    lat = sum(each.lat for each in things) / len(things)
    return min((each[-2:] for each in things), key=lambda spot: metres_apart(spot, (lon, lat)))
