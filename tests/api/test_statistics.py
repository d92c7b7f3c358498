"""Statistics: equal to a plain recount; few are not told outside."""

import csv
import random
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import combinations
from typing import Any

import pytest

from api.exports import harmless
from api.measuring import measure_driven
from api.people.this_machine import AT_THIS_MACHINE
from api.rights import Role
from api.statistics import SMALLEST, suppressed
from tests.api.people import signed_in
from tests.api.persons import NAME, drive
from tests.api.test_standing import miss

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
MONDAY = date(2026, 3, 30)
WEEKS = {"area_id": "talheim", "from": "2026-03-30", "to": "2026-04-12"}


def figures(server: Any, **query: Any) -> dict[str, Any]:
    answer = server.client.get("/v1/statistics", params=WEEKS | {"hide_small": "false"} | query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def live(server: Any) -> None:
    """Two weeks of rides: booked at random, driven or missed, some cancelled, some refused."""
    rng = random.Random(7)
    for week in range(2):
        for day in (MONDAY + timedelta(days=7 * week + k) for k in (0, 1, 3)):
            for number in range(6):
                wish = {
                    "depart_at": server.at(f"{8 + number % 4:02}:{rng.choice('024')}0", day),
                    "passengers": {"seat": rng.randint(1, 3)},
                }
                ends = (server.place(rng.randrange(8), rng.randrange(8)) for _ in range(2))
                for offer in server.ask(*ends, **wish)["offers"][:1]:
                    booked = server.take(offer, name=NAME).json()
                    if number == 5:
                        server.client.delete(f"/v1/bookings/{booked['id']}")
            server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("23:00", day))
            server.clock.instant = datetime.fromisoformat(server.at("14:00", day))
            miss(server, day) if day == MONDAY + timedelta(days=1) else drive(server, day)
            server.clock.instant = datetime.fromisoformat(server.at("20:00", day))


def recount(server: Any, monday: date) -> dict[str, Any]:
    """Count the bookings and tours of a week as the other endpoints show them."""
    told: dict[str, Any] = dict.fromkeys(
        (
            "rides",
            "done",
            "persons",
            "cancelled",
            "no_shows",
            "boarded_in_time",
            "shared",
            "refusals",
        ),
        0,
    )
    for day in (monday + timedelta(days=k) for k in range(7)):
        query = {"date": day.isoformat(), "area_id": "talheim"}
        bookings = server.client.get("/v1/bookings", params=query).json()["bookings"]
        halts = {
            (rider["booking_id"], kind): (visit["arrive"], tour["id"])
            for tour in server.tours(day)["tours"]
            for visit in tour["visits"]
            for kind in ("board", "alight")
            for rider in visit[kind]
        }
        told["refusals"] += len(server.services.refusals(AT_THIS_MACHINE, day).refusals)
        done = [b for b in bookings if b["status"] == "done"]
        told["rides"] += sum(b["status"] != "cancelled" for b in bookings)
        told["cancelled"] += sum(b["status"] == "cancelled" for b in bookings)
        told["no_shows"] += sum(b["status"] == "no_show" for b in bookings)
        told["done"] += len(done)
        told["persons"] += sum(b["passengers"]["seat"] for b in done)
        told["boarded_in_time"] += sum(
            halts[b["id"], "board"][0] <= b["promise"]["pickup_until"] for b in done
        )
        spans = {b["id"]: (halts[b["id"], "board"], halts[b["id"], "alight"]) for b in done}
        together = {
            key
            for one, two in combinations(spans, 2)
            if spans[one][0][1] == spans[two][0][1]
            and max(spans[one][0][0], spans[two][0][0]) < min(spans[one][1][0], spans[two][1][0])
            for key in (one, two)
        }
        told["shared"] += len(together)
    return told


@BOTH
def test_figures_equal_a_plain_recount(server: Any) -> None:
    live(server)
    told = figures(server)
    assert [week["week"] for week in told["weeks"]] == ["2026-03-30", "2026-04-06"]
    for week in told["weeks"]:
        expected = recount(server, date.fromisoformat(week["week"]))
        assert {name: week[name] for name in expected} == expected
    for name in ("rides", "persons", "cancelled", "no_shows", "shared", "refusals", "tours"):
        assert told["total"][name] == sum(week[name] for week in told["weeks"])
    assert told["total"]["done"] > 10
    assert told["total"]["no_shows"] > 0
    assert told["total"]["shared"] > 0
    assert told["refusals_by_rule"] == [{"rule": "no_shift", "count": 6}]


@BOTH
def test_kilometres_are_measured_when_the_day_is_over(server: Any) -> None:
    live(server)
    assert figures(server)["total"]["km"] == 0
    server.clock.move(days=2)
    metres = {
        tour["id"]: tour["metres"]
        for k in range(14)
        for tour in server.tours(MONDAY + timedelta(days=k))["tours"]
        if tour["visits"]
    }
    assert measure_driven(server.services.context) == len(metres)
    assert measure_driven(server.services.context) == 0
    total = figures(server)["total"]
    assert total["tours_measured"] == total["tours"] == len(metres)
    assert total["km"] == pytest.approx(sum(metres.values()) / 1000, abs=0.1)
    assert 0 < total["km_with_riders"] < total["km"]


def test_few_are_hidden_from_outside(server: Any) -> None:
    live(server)
    told = figures(server, hide_small="true")
    shown = [value for week in told["weeks"] for value in week.values() if isinstance(value, int)]
    assert told["small_hidden"] is True
    assert told["total"]["no_shows"] is None or told["total"]["no_shows"] >= SMALLEST
    for week in told["weeks"]:
        for name in ("rides", "done", "persons", "cancelled", "no_shows", "refusals"):
            assert week[name] is None or week[name] == 0 or week[name] >= SMALLEST
    assert shown


def test_the_municipality_never_sees_small_numbers_or_single_rides(server: Any) -> None:
    live(server)
    municipality, driver = signed_in(server, Role.MUNICIPALITY), signed_in(server, Role.DRIVER)
    query = WEEKS | {"hide_small": "false"}
    told = server.client.get("/v1/statistics", params=query, headers=municipality)
    assert told.json()["small_hidden"] is True
    page = server.client.get("/leitstelle/zahlen", headers=municipality).text
    assert "/leitstelle/fahrgaeste" not in page
    for headers, status in ((municipality, 403), (driver, 403), ({}, 401)):
        answer = server.client.get("/v1/rides.csv", params=WEEKS, headers=headers)
        assert answer.status_code == status
    assert server.client.get("/v1/statistics", params=WEEKS, headers=driver).status_code == 403


@pytest.mark.parametrize("seed", range(200))
def test_no_hidden_number_can_be_had_by_subtraction(seed: int) -> None:
    rng = random.Random(seed)
    counts = [rng.choice([0, 1, 3, 4, 5, 9, 30]) for _ in range(rng.randint(1, 8))]
    told = suppressed(counts)
    hidden = [count for count, shown in zip(counts, told, strict=True) if shown is None]
    assert all(
        shown == count for count, shown in zip(counts, told, strict=True) if shown is not None
    )
    assert not any(shown is not None and 0 < shown < SMALLEST for shown in told)
    if hidden and len(hidden) < sum(count > 0 for count in counts):
        assert len(hidden) > 1
        assert sum(hidden) >= SMALLEST


@pytest.mark.parametrize("layout", ["excel", "plain"])
def test_tables_hold_the_same_without_names(server: Any, layout: str) -> None:
    live(server)
    separator = ";" if layout == "excel" else ","
    query = WEEKS | {"format": layout, "hide_small": "false"}
    text = server.client.get("/v1/statistics.csv", params=query).content.decode("utf-8")
    head, *rows = csv.reader(StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator)
    for row, week in zip(rows, figures(server)["weeks"], strict=True):
        told = dict(zip(head, row, strict=True))
        assert (told["week"], told["rides"]) == (week["week"], str(week["rides"]))
    query = WEEKS | {"format": layout}
    rides = server.client.get("/v1/rides.csv", params=query).content.decode("utf-8")
    assert NAME not in rides
    assert "Hedwig" not in rides
    lines = list(csv.reader(StringIO(rides.lstrip("\ufeff"), newline=""), delimiter=separator))
    total = figures(server)["total"]
    assert len(lines) - 1 == total["rides"] + total["cancelled"]
    assert rides.count("\r\n") == len(lines)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-04-02", "2026-04-01", "period-wrong"),
        ("2025-01-01", "2026-04-01", "period-wrong"),
        ("1970-01-01", "1970-01-02", "date-out-of-range"),
        ("x", "2026-04-01", "invalid"),
    ],
)
def test_wrong_periods_are_told(server: Any, first: str, last: str, code: str) -> None:
    for path in ("/v1/statistics", "/v1/statistics.csv", "/v1/rides.csv"):
        answer = server.client.get(path, params=WEEKS | {"from": first, "to": last})
        assert answer.json()["code"] == code
    missing = server.client.get("/v1/statistics", params=WEEKS | {"area_id": "elsewhere"})
    assert missing.json()["code"] == "area-unknown"


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\uff1d1", "\n=1"]
)
def test_formulas_become_texts(text: str) -> None:
    assert harmless(text).startswith("'")
    assert harmless("Guten Tag = schön") == "Guten Tag = schön"
