"""A small village with real roads, a clock moved by hand, and servers that can be stopped and started."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
import structlog
from starlette.testclient import TestClient

from api.app import create_app
from api.clock import Clock
from api.services import Services
from api.settings import Settings
from gtfs.feed import read_feed
from regions.arrays import save_arrays
from regions.manifest import Manifest
from regions.region import ADDRESSES, AREAS, HIERARCHY, ROADS, Region, open_region
from routing.build.addresses import build_addresses
from routing.build.roads import build_roads
from routing.profile import load_profile
from routing.search import hierarchy_of
from tests.api.postgres import programs, running_server

WEST, SOUTH = 9.1, 48.4
LON_STEP, LAT_STEP = 0.0068, 0.0045  # about 500 m
SIZE = 8
STREETS = ("Ahorn", "Birken", "Eichen", "Erlen", "Fichten", "Linden", "Tannen", "Ulmen")
LANES = ("Anger", "Bach", "Kirch", "Markt", "Mühl", "Post", "Rathaus", "Schul")

AREA = """
format = 1
id = "talheim"
name = "Bürgerbus Talheim"
time_zone = "Europe/Berlin"
phone = "+49 7123 4567"
invented = true

[operator]
name = "Bürgerbusverein Talheim e. V."

[rules]
lead_time_min = 60

[[stops]]
id = "rathaus"
name = "Rathaus Talheim"
lon = 9.1136
lat = 48.4090

[[vehicles]]
id = "bus-1"
name = "Bus 1"
seats = 8
wheelchairs = 1
seats_per_wheelchair = 2
walkers = 3
prams = 2

[[shifts]]
id = "frueh"
vehicle = "bus-1"
driver = "A. Beck"
days = ["mo", "di", "mi", "do", "fr", "so"]
start = "07:00"
end = "13:00"
from = { name = "Rathaus Talheim", lon = 9.1136, lat = 48.4090 }
"""


def village_osm() -> str:
    """Draw a grid of residential streets, 500 m apart, with one house at every crossing."""
    nodes, ways = [], []
    for row in range(SIZE):
        for column in range(SIZE):
            lon, lat = WEST + column * LON_STEP, SOUTH + row * LAT_STEP
            nodes.append(f'<node id="{row * 10 + column + 1}" lat="{lat:.6f}" lon="{lon:.6f}"/>')
            nodes.append(
                f'<node id="{1000 + row * 10 + column}" lat="{lat + 0.0002:.6f}" '
                f'lon="{lon + 0.0003:.6f}"><tag k="addr:street" v="{STREETS[row]}weg"/>'
                f'<tag k="addr:housenumber" v="{column + 1}"/>'
                '<tag k="addr:city" v="Talheim"/></node>'
            )
    for i in range(SIZE):
        across = "".join(f'<nd ref="{i * 10 + j + 1}"/>' for j in range(SIZE))
        along = "".join(f'<nd ref="{j * 10 + i + 1}"/>' for j in range(SIZE))
        for way, refs, name in ((i + 1, across, STREETS[i]), (i + 101, along, LANES[i])):
            suffix = "weg" if way < 100 else "gasse"
            ways.append(
                f'<way id="{way}">{refs}<tag k="highway" v="residential"/>'
                f'<tag k="name" v="{name}{suffix}"/></way>'
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">'
        + "".join(nodes)
        + "".join(ways)
        + "</osm>"
    )


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a region folder of the village, without a map."""
    folder = tmp_path_factory.mktemp("village")
    osm = folder / "talheim.osm"
    osm.write_text(village_osm(), encoding="utf-8")
    graph, _ = build_roads(osm, load_profile())
    save_arrays(graph, folder / ROADS)
    save_arrays(hierarchy_of(graph), folder / HIERARCHY)
    build_addresses(osm, folder / ADDRESSES, ())
    (folder / AREAS).mkdir()
    (folder / AREAS / "talheim.toml").write_text(AREA, encoding="utf-8")
    east, north = WEST + SIZE * LON_STEP, SOUTH + SIZE * LAT_STEP
    manifest = Manifest(
        name="Talheim",
        invented=True,
        bbox=(WEST, SOUTH, east, north),
        attribution="Erfunden",
    )
    manifest.write(folder)
    return folder


@pytest.fixture(scope="session")
def region(village: Path) -> Region:
    """Open the village."""
    return open_region(village)


BUS_7 = {
    "agency.txt": """
        agency_id,agency_name,agency_url,agency_timezone
        KVB,Kreisverkehr,https://example.org,Europe/Berlin
    """,
    "stops.txt": """
        stop_id,stop_name,stop_lat,stop_lon
        rh,Rathaus,48.4092,9.1139
        mk,Markt,48.4227,9.1343
        kl,Kreisklinik,48.4300,9.5000
    """,
    "routes.txt": """
        route_id,agency_id,route_short_name,route_long_name,route_type
        b7,KVB,7,,704
    """,
    "trips.txt": """
        route_id,service_id,trip_id,trip_headsign
        b7,wk,there9,Kreisklinik
        b7,wk,there10,Kreisklinik
        b7,wk,back11,Rathaus
    """,
    "stop_times.txt": """
        trip_id,arrival_time,departure_time,stop_id,stop_sequence
        there9,9:00:00,9:00:00,rh,1
        there9,9:05:00,9:05:00,mk,2
        there9,9:30:00,9:30:00,kl,3
        there10,10:00:00,10:00:00,rh,1
        there10,10:05:00,10:05:00,mk,2
        there10,10:30:00,10:30:00,kl,3
        back11,11:00:00,11:00:00,kl,1
        back11,11:25:00,11:25:00,mk,2
        back11,11:30:00,11:30:00,rh,3
    """,
    "calendar.txt": """
        service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
        wk,1,1,1,1,1,0,0,20260302,20260417
    """,
    "feed_info.txt": """
        feed_publisher_name,feed_publisher_url,feed_lang
        Kreis,https://example.org,de
    """,
}


@pytest.fixture(scope="session")
def with_line(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Region:
    """Give the village the timetable of bus 7."""
    path = tmp_path_factory.mktemp("bus7") / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in BUS_7.items():
            archive.writestr(name, dedent(text).lstrip())
    return replace(region, timetable=read_feed(path)[0])


MONDAY = date(2026, 3, 30)
MORNING = datetime(2026, 3, 30, 4, 0, tzinfo=UTC)  # 06:00 on the clocks of Talheim


@pytest.fixture(autouse=True, scope="session")
def _quiet_log() -> None:
    """Keep log lines out of the tests' output."""
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.ReturnLoggerFactory(),
    )


class HandClock(Clock):
    """A clock that stands still until moved."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.instant = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant set."""
        return self.instant

    def move(self, **step: float) -> None:
        """Let time pass, e.g. ``minutes=16``."""
        self.instant += timedelta(**step)


class Server:
    """A running application over real SQLite in a folder, and a client that speaks to it."""

    def __init__(self, client: TestClient, clock: HandClock, settings: Settings) -> None:
        self.client = client
        self.clock = clock
        self.settings = settings

    @property
    def services(self) -> Services:
        """The use cases inside."""
        services: Services = self.client.app.state.services  # type: ignore[attr-defined]
        return services

    @staticmethod
    def place(column: int, row: int, label: str | None = None) -> dict[str, Any]:
        """Position of a house of the village, as clients send it."""
        spot = {
            "lon": round(WEST + column * LON_STEP + 0.0003, 6),
            "lat": round(SOUTH + row * LAT_STEP + 0.0002, 6),
        }
        return spot | ({"label": label} if label else {})

    @staticmethod
    def at(clock: str, day: date = MONDAY) -> str:
        """Instant at which the clocks of Talheim show ``clock``, as clients send it."""
        local = datetime.combine(day, time.fromisoformat(clock), ZoneInfo("Europe/Berlin"))
        return local.isoformat()

    def ask(self, origin: Any, destination: Any, **wish: Any) -> dict[str, Any]:
        """Ask for offers."""
        body = {"area_id": "talheim", "origin": origin, "destination": destination} | wish
        answer = self.client.post("/v1/offers", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def take(self, offer: Mapping[str, Any], name: str = "Hedwig Beck", **more: Any) -> Any:
        """Take an offer; returns the response."""
        key = more.pop("key", None) or str(uuid4())
        return self.client.post(
            "/v1/bookings",
            json={"offer": offer["token"], "name": name} | more,
            headers={"Idempotency-Key": key},
        )

    def book(self, origin: Any, destination: Any, **wish: Any) -> dict[str, Any]:
        """Ask and take the first offer."""
        offers = self.ask(origin, destination, **wish)["offers"]
        answer = self.take(offers[0])
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def tours(self, day: date = MONDAY) -> dict[str, Any]:
        """All tours of a day."""
        answer = self.client.get("/v1/tours", params={"date": day.isoformat()})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


Start = Callable[..., Server]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server; the address of its administrator wants the name of a database."""
    bin_dir = programs()
    if bin_dir is None:
        pytest.skip("no PostgreSQL: its server is not installed")
    with running_server(bin_dir) as address:
        with psycopg.connect(address.format(name="postgres"), autocommit=True) as admin:
            admin.execute("CREATE ROLE bus LOGIN")
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Make a database; its address for its owner, who is an ordinary user: policies bind them."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(postgres_server.format(name="postgres"), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" OWNER bus')
        yield postgres_server.replace("admin@", "bus@").format(name=name)
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def store_url(request: pytest.FixtureRequest) -> str | None:
    """Address of the database; a SQLite file in the data folder unless a test wants both kinds."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return None
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def start(
    region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_url: str | None
) -> Iterator[Start]:
    """Start a server over the database of this test; a second start is a restart of the first."""
    tablet = tmp_path / "tablet"
    tablet.mkdir()
    (tablet / "index.html").write_text("<!doctype html><title>Fahrt</title>", encoding="utf-8")
    (tablet / "app.mjs").write_text("export {};", encoding="utf-8")
    monkeypatch.setattr("api.files.TABLET", tablet)  # the real one exists only where Node is
    with ExitStack() as stack:

        def started(
            now: datetime = MORNING, regions: Mapping[str, Region] | None = None, **changes: Any
        ) -> Server:
            stack.close()
            settings = Settings(data_dir=tmp_path / "data", database=store_url, **changes)
            clock = HandClock(now)
            app = create_app(settings, clock, regions or {"talheim": region})
            client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
            return Server(stack.enter_context(client), clock, settings)

        yield started


@pytest.fixture
def server(start: Start) -> Server:
    """Start a server on Monday at six in the morning."""
    return start()
