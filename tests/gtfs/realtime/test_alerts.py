"""Alerts: which journeys they are shown with, in which words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gtfs.days import timetable_day
from gtfs.journey import Journey, Offer
from gtfs.realtime import RealtimeReader, alerts_of
from gtfs.realtime.alerts import plain
from gtfs.search import earliest_arrival
from gtfs.timetable import Timetable

MONDAY = date(2026, 3, 2)


def alert(*informed: dict[str, Any], header: Any = "Umleitung", **more: Any) -> dict[str, Any]:
    """Write an alert; a text alone is German."""
    texts = {"de": header} if isinstance(header, str) else header
    told = [{"text": text} | ({"language": lang} if lang else {}) for lang, text in texts.items()]
    return {
        "alert": {"informed_entity": list(informed), "header_text": {"translation": told}} | more
    }


def morning_bus(timetable: Timetable) -> Journey:
    """Return the ride with bus1 from the church, 7:12, to the mill, 7:20."""
    ends = ([Offer(timetable.stop_id.index(stop), 0)] for stop in ("ki", "mu"))
    journey = earliest_arrival(timetable_day(timetable, MONDAY), *ends, 0)
    assert journey
    assert journey.rides[0].trip_id == "bus1"
    return journey


@pytest.mark.parametrize(
    ("informed", "shown"),
    [
        ({"route_id": "b773"}, True),
        ({"route_id": "s1"}, False),
        ({"stop_id": "ki"}, True),
        ({"stop_id": "mu"}, True),
        ({"stop_id": "bf2"}, False),  # the trip begins there, the rider does not
        ({"route_id": "b773", "stop_id": "mu"}, True),
        ({"route_id": "s1", "stop_id": "mu"}, False),  # all that is named must fit
        ({"route_id": "b773", "stop_id": "nowhere"}, False),
        ({"trip": {"trip_id": "bus1"}}, True),
        ({"trip": {"trip_id": "bus2"}}, False),
        ({"trip": {"trip_id": "bus1", "start_date": "20260302"}}, True),
        ({"trip": {"trip_id": "bus1", "start_date": "20260303"}}, False),
        ({"trip": {"route_id": "b773"}}, True),
        ({"agency_id": "KVB"}, True),
        ({"route_type": 3}, False),  # of buses anywhere: too little to go by
    ],
)
def test_an_alert_is_shown_with_rides_it_concerns(
    timetable: Timetable,
    message: Callable[..., bytes],
    unix: Any,
    informed: dict[str, Any],
    shown: bool,  # noqa: FBT001  # one of the cases
) -> None:
    news = RealtimeReader(timetable).read(message(alert(informed)), unix("07:00"))
    found = alerts_of(timetable, morning_bus(timetable), news.alerts)
    assert [one.header for one in found] == ["Umleitung"] * shown


def test_a_station_stands_for_its_platforms(
    timetable: Timetable, message: Callable[..., bytes], unix: Any
) -> None:
    ends = ([Offer(timetable.stop_id.index(stop), 0)] for stop in ("mu", "bf2"))
    journey = earliest_arrival(timetable_day(timetable, MONDAY), *ends, 0)
    assert journey
    news = RealtimeReader(timetable).read(message(alert({"stop_id": "bf"})), unix("07:00"))
    assert alerts_of(timetable, journey, news.alerts) == news.alerts


@pytest.mark.parametrize(
    ("begin", "end", "shown"),
    [
        ("07:20", None, True),  # he is still aboard
        ("07:21", None, False),
        (None, "07:13", True),
        (None, "07:12", False),  # over as he boards
        ("06:00", "07:00", False),
        ("07:14", "07:16", True),
    ],
)
def test_an_alert_holds_at_its_times(
    timetable: Timetable,
    message: Callable[..., bytes],
    unix: Any,
    begin: str | None,
    end: str | None,
    shown: bool,  # noqa: FBT001  # one of the cases
) -> None:
    ends = {"start": begin, "end": end}
    period = {key: unix(clock) for key, clock in ends.items() if clock}
    told = alert({"route_id": "b773"}, active_period=[{"start": 1, "end": 2}, period])
    news = RealtimeReader(timetable).read(message(told), unix("07:00"))
    assert bool(alerts_of(timetable, morning_bus(timetable), news.alerts)) is shown


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        ({"en": "Diversion", "de": "Umleitung"}, "Umleitung"),
        ({"fr": "Déviation", "en": "Diversion"}, "Diversion"),
        ({"fr": "Déviation", "": "Umleitung"}, "Umleitung"),
        ({"fr": "Déviation"}, "Déviation"),
        ({"de-AT": "Umleitung"}, "Umleitung"),
        ({}, ""),
    ],
)
def test_german_comes_first(
    timetable: Timetable,
    message: Callable[..., bytes],
    unix: Any,
    texts: dict[str, str],
    chosen: str,
) -> None:
    told = alert({"route_id": "b773"}, header=texts, effect="DETOUR", cause="CONSTRUCTION")
    (one,) = RealtimeReader(timetable).read(message(told), unix("07:00")).alerts
    assert (one.header, one.effect, one.cause) == (chosen, "DETOUR", "CONSTRUCTION")


def test_markup_goes() -> None:
    assert plain("<p>ab&nbsp;Bahnhof<br />\n9 &lt; 10 Uhr</p><!-- x -->") == "ab Bahnhof 9 < 10 Uhr"
    assert plain("ab 3 < 5 km") == "ab 3 < 5 km"
    assert len(plain("x" * 100_000)) == 4_000
    assert plain("<" * 100_000).endswith("…")


@pytest.mark.data
def test_the_alerts_of_a_real_morning(timetable: Timetable, data_dir: Path) -> None:
    """VVS, 16 March 2024, 21:53: a line and a stop of it, all else elsewhere."""
    data = (data_dir / "gtfs/realtime/vvs-alerts-2024-03-17.pb").read_bytes()
    bent = replace(
        timetable,
        route_id=("de:vvs:vvs-20-11:", "s1"),
        stop_id=tuple("de:08111:6330" if s == "mu" else s for s in timetable.stop_id),
    )
    news = RealtimeReader(bent).read(data, 1_710_622_437)
    counts = dict(news.report.counts)
    assert counts["alerts"] + counts["alerts-elsewhere"] == 218
    one = news.alerts[0]
    assert one.header == "Sportveranstaltung"
    assert one.active == ((1_710_576_000, 1_710_624_600),)
    assert one.description.startswith(
        "Hinfahrt Stadtbahnlinie U11 ab Hauptbahnhof Stuttgart bis NeckarPark (Stadion) 09:05 Uhr"
    )
    assert "<" not in one.description
