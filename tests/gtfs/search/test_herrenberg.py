"""Five journeys in the real timetable of Herrenberg (VVS, summer 2021), compared with the rows of its tables.

The rows are quoted as trip_id, stop_id, time; service ids and their days are those of calendar.txt, in
which calendar_dates.txt changes nothing on these days. No S-Bahn is in the feed, and no trip runs past midnight.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gtfs.days import timetable_day
from gtfs.feed import read_feed
from gtfs.journey import Journey, Offer
from gtfs.search import earliest_arrival, journeys_leaving, latest_departure
from gtfs.sentences import german
from gtfs.timetable import Timetable

pytestmark = pytest.mark.data

HOUR, MINUTE = 3600, 60
TUESDAY, SATURDAY, SUNDAY = date(2021, 6, 22), date(2021, 6, 26), date(2021, 6, 27)
STATION = "Herrenb. ZOB Bahnhofstraße"
Follow = Callable[..., None]


@pytest.fixture(scope="module")
def herrenberg(data_dir: Path) -> Timetable:
    return read_feed(data_dir / "gtfs" / "vvs-herrenberg-2021.gtfs.zip")[0]


def at(timetable: Timetable, name: str) -> list[Offer]:
    """Return all platforms of a name; nobody walks to another stop first."""
    return [Offer(stop, 0) for stop, own in enumerate(timetable.stop_name) if own == name]


def trips(journey: Journey) -> list[str]:
    return [ride.trip_id for ride in journey.rides]


def test_tuesday_morning_with_line_773(herrenberg: Timetable, follow: Follow) -> None:
    """7730280.T0.31-773-j21-4.24.R: de:08115:7048:0:3 06:52, de:08115:4512:5:E 07:14; before it 06:37, after it 07:22."""
    day = timetable_day(herrenberg, TUESDAY)
    ends = at(herrenberg, "Deckenpfronn Siemensstr."), at(herrenberg, STATION)
    journey = earliest_arrival(day, *ends, 6 * HOUR + 45 * MINUTE)
    assert journey
    follow(herrenberg, journey, *ends)
    assert trips(journey) == ["7730280.T0.31-773-j21-4.24.R"]
    assert german(journey) == (
        "Um 06:52 Uhr ab Deckenpfronn Siemensstr. mit Bus 773 Richtung Herrenb. ZOB Bahnhofstraße "
        "bis Herrenb. ZOB Bahnhofstraße (an 07:14 Uhr)."
    )
    # who must be there at a quarter past seven takes the same bus, who must be there by 07:13 the one before
    for arrive, leaves in ((15, 52), (13, 37)):
        back = latest_departure(day, *ends, 7 * HOUR + arrive * MINUTE)
        assert back
        assert back.departure_s == 6 * HOUR + leaves * MINUTE


def test_the_last_bus_of_saturday(herrenberg: Timetable, follow: Follow) -> None:
    """15.T2…2.H de:08115:4512:5:E 22:21 and 16.T2…2.H 23:21, de:08115:4838:0:4 22:40 and 23:40 (T2+wz#19: Saturdays)."""
    day = timetable_day(herrenberg, SATURDAY)
    ends = at(herrenberg, STATION), at(herrenberg, "Deckenpfr. Rathaus")
    found = journeys_leaving(day, *ends, 22 * HOUR, 29 * HOUR)
    for journey in found:
        follow(herrenberg, journey, *ends)
    assert [trips(journey) for journey in found] == [
        ["15.T2.31-773-j21-4.2.H"],
        ["16.T2.31-773-j21-4.2.H"],
    ]
    assert german(found[-1]) == (
        "Um 23:21 Uhr ab Herrenb. ZOB Bahnhofstraße mit Bus 773 Richtung Calw ZOB "
        "bis Deckenpfr. Rathaus (an 23:40 Uhr)."
    )


def test_sunday_begins_an_hour_later(herrenberg: Timetable, follow: Follow) -> None:
    """7730141.T3.31-773-j21-4.24.R (T3#117: Sundays): de:08115:7048:0:3 07:52, de:08115:4512:5:E 08:14; none before."""
    day = timetable_day(herrenberg, SUNDAY)
    ends = at(herrenberg, "Deckenpfronn Siemensstr."), at(herrenberg, STATION)
    journey = earliest_arrival(day, *ends, 3 * HOUR)
    assert journey
    follow(herrenberg, journey, *ends)
    assert trips(journey) == ["7730141.T3.31-773-j21-4.24.R"]
    assert german(journey) == (
        "Um 07:52 Uhr ab Deckenpfronn Siemensstr. mit Bus 773 Richtung Herrenb. ZOB Bahnhofstraße "
        "bis Herrenb. ZOB Bahnhofstraße (an 08:14 Uhr)."
    )


def test_one_transfer_with_a_walk(herrenberg: Timetable, follow: Follow) -> None:
    """From line 773 to line 779, 165 m beside; no row of transfers.txt, so 1.3 x 165 m = 215 s on foot.

    7730091.T0.31-773-j21-4.19.R: de:08235:1124:1:5 08:30, de:08115:3235:1:2 09:06 (de:08115:4512:5:E 09:14:
    too late, as 1.T0.31-779-j21-2.1.H leaves de:08115:4512:5:F at 09:10). 1.T0.31-779-j21-2.1.H:
    de:08115:3237:0:3 09:11, de:08115:7056:0:3 09:13. No bus goes there without changing.
    """
    day = timetable_day(herrenberg, TUESDAY)
    ends = at(herrenberg, "Stammheim (CW) Rathaus"), at(herrenberg, "Herrenberg Im Seele")
    (journey,) = journeys_leaving(day, *ends, 8 * HOUR, 9 * HOUR)
    follow(herrenberg, journey, *ends)
    assert trips(journey) == ["7730091.T0.31-773-j21-4.19.R", "1.T0.31-779-j21-2.1.H"]
    assert journey.legs[1].arrival_s - journey.legs[1].departure_s == 215
    assert german(journey) == (
        "Um 08:30 Uhr ab Stammheim (CW) Rathaus mit Bus 773 Richtung Herrenb. ZOB Bahnhofstraße "
        "bis Herrenberg Kalkofenstr. (an 09:06 Uhr); 4 Minuten zu Fuß bis Herrenberg Käthe-Kollwitz-Str.; "
        "um 09:11 Uhr ab Herrenberg Käthe-Kollwitz-Str. mit Bus 779 Richtung Herrenb. ZOB Bahnhofstraße "
        "bis Herrenberg Im Seele (an 09:13 Uhr)."
    )


def test_no_journey_any_more_tonight(herrenberg: Timetable, follow: Follow) -> None:
    """7730073.T0…2.H has left at 23:21; the next is 7730002.T0.31-773-j21-4.1.H on Wednesday (T0#144: Mon to Fri).

    It leaves de:08115:4512:5:E at 06:06 and reaches de:08115:4838:0:4 at 06:25.
    """
    day = timetable_day(herrenberg, TUESDAY)
    ends = at(herrenberg, STATION), at(herrenberg, "Deckenpfr. Rathaus")
    too_late = 23 * HOUR + 22 * MINUTE
    assert journeys_leaving(day, *ends, too_late, 29 * HOUR) == []
    journey = earliest_arrival(day, *ends, too_late)
    assert journey
    follow(herrenberg, journey, *ends)
    assert journey.rides[0].service_day == date(2021, 6, 23)
    assert german(journey) == (
        "Um 06:06 Uhr am Folgetag ab Herrenb. ZOB Bahnhofstraße mit Bus 773 Richtung Calw ZOB "
        "bis Deckenpfr. Rathaus (an 06:25 Uhr am Folgetag)."
    )
