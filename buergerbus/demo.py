"""Residents of the demonstration: they ask for offers and book through the JSON API like anybody else."""

import json
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from buergerbus.console import err

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from regions.area import Area
    from regions.region import Region
    from simulations.demand import Wish
    from simulations.places import Spot

_TIMEOUT_S = 20
_FIRST_BATCH = 8
_PAUSE_S = 6.0
_NAMES = (
    "Anna Vogel", "Karl Wendel", "Rosa Lindner", "Emil Haas", "Greta Sommer", "Otto Brandl", "Ida Keller",
    "Hermann Fuchs", "Lotte Zeller", "Paul Amann", "Frieda Roth", "Josef Winkler",
)  # fmt: skip


def start_bookings(
    url: str, regions: "Mapping[str, Region]", start: "datetime", rides: int, seed: int
) -> threading.Thread:
    """Let ``rides`` residents of the first area book at the server ``url``, in the background.

    A first handful at once, so that there is something to see, the others every few seconds.
    """
    thread = threading.Thread(
        target=_book_all, args=(url, regions, start, rides, seed), name="demo-bookings", daemon=True
    )
    thread.start()
    return thread


def _book_all(
    url: str, regions: "Mapping[str, Region]", start: "datetime", rides: int, seed: int
) -> None:
    from simulations.demand import day_of_demand

    region = next(iter(regions.values()))
    area = next(iter(region.areas.values()))
    present = _get(f"{url}/v1/bookings?date={start.date()}&area_id={area.id}")
    if len(present["bookings"]) >= rides // 2:
        return  # a second start of the demonstration: the day is full already
    wishes = day_of_demand(region, area.id, start.date(), riders=rides, seed=seed)
    booked = refused = 0
    pause = threading.Event()
    for number, wish in enumerate(wishes):
        if number >= _FIRST_BATCH:
            pause.wait(_PAUSE_S)
        try:
            if _book(url, area, start.date(), wish, _NAMES[number % len(_NAMES)]):
                booked += 1
            else:
                refused += 1
        except urllib.error.HTTPError:
            refused += 1  # an address without a road, or an offer somebody else was quicker to take
        except (urllib.error.URLError, OSError) as error:
            err.print(f"The demonstration stops booking: {error}")
            return
    err.print(f"Demonstration: {booked} rides booked, {refused} refused.")


def _book(url: str, area: "Area", day: "date", wish: "Wish", name: str) -> bool:
    """Ask for offers and take the first; False if there is none."""
    from api.servicetime import ServiceDay
    from dispatch.model import LOAD_KINDS

    time = ServiceDay(day, area.time_zone).instant(wish.time_s).isoformat()
    answer = _post(
        f"{url}/v1/offers",
        {
            "area_id": area.id,
            "origin": _point(wish.origin),
            "destination": _point(wish.destination),
            wish.time_kind.value: time,
            "passengers": dict(zip(LOAD_KINDS, wish.load, strict=True)),
        },
    )
    if not answer["offers"]:
        return False
    key = {"Idempotency-Key": f"demo-{uuid4()}"}
    _post(f"{url}/v1/bookings", {"offer": answer["offers"][0]["token"], "name": name}, **key)
    return True


def _point(spot: "Spot") -> dict[str, Any]:
    return {"lon": spot.lon, "lat": spot.lat, "label": spot.label}


def _get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:  # noqa: S310  # our own server
        return dict(json.load(answer))


def _post(url: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310  # our own server on this machine
        url, json.dumps(body).encode(), {"Content-Type": "application/json"} | headers
    )
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
        return dict(json.load(answer))
