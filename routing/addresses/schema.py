"""What the address table of a region holds: one SQLite file with a trigram index."""

from dataclasses import dataclass

from routing.spot import Spot

APPLICATION_ID = 0x42427573
FORMAT_VERSION = 2

# `names` and `towns` are folded and joined by "|"; `detail` is a key of place_kinds.toml or a kind of
# settlement. `number.number` is folded; a range has one row for each number it stands for, `side` says
# how (`routing.addresses.house_number`). `road_point` holds points every few metres along named roads.
SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT_VERSION};
CREATE TABLE place (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, detail TEXT NOT NULL, label TEXT NOT NULL,
  names TEXT NOT NULL, towns TEXT NOT NULL, municipality TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL, weight REAL NOT NULL, has_numbers INTEGER NOT NULL);
CREATE TABLE name (name TEXT NOT NULL, place INTEGER NOT NULL REFERENCES place,
  PRIMARY KEY (name, place)) WITHOUT ROWID;
CREATE TABLE number (
  place INTEGER NOT NULL REFERENCES place, number TEXT NOT NULL, label TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL, side INTEGER NOT NULL DEFAULT 0);
CREATE TABLE road (id INTEGER PRIMARY KEY, label TEXT NOT NULL, municipality TEXT NOT NULL);
CREATE TABLE road_point (road INTEGER NOT NULL REFERENCES road, lon REAL NOT NULL, lat REAL NOT NULL);
CREATE TABLE postcode (code TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE place_text USING fts5(text, content='', tokenize='trigram');
"""
INDEXES = """
CREATE INDEX number_of_place ON number (place, number);
CREATE INDEX number_by_lat ON number (lat);
CREATE INDEX place_by_lat ON place (lat);
CREATE INDEX place_by_detail ON place (detail);
CREATE INDEX road_point_by_lat ON road_point (lat);
INSERT INTO place_text (place_text) VALUES ('optimize');
"""


@dataclass(frozen=True, slots=True)
class Row:
    """Something that can be asked for by name."""

    id: int
    kind: str
    detail: str
    label: str
    municipality: str
    lon: float
    lat: float
    weight: float
    has_numbers: bool

    @property
    def spot(self) -> Spot:
        """Longitude and latitude."""
        return self.lon, self.lat


@dataclass(frozen=True, slots=True)
class House:
    """A house number of the row `place`; `side` says how it comes to the number (`house_number`)."""

    place: int
    number: str
    label: str
    lon: float
    lat: float
    side: int


@dataclass(frozen=True, slots=True)
class Named:
    """A place with what people call it; `kind` is "house", "stop" or a key of place_kinds.toml."""

    kind: str
    label: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Near:
    """Something on the map near a point; `kind` is "address", "street", "place", "poi" or "stop"."""

    kind: str
    label: str
    municipality: str
    lon: float
    lat: float
