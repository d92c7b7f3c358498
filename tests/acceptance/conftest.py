"""A person's day at the JSON API: scenario files are readable here, the engine behind is the real one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.clock import Clock
from api.health import check_stored_plans
from api.settings import Settings


@dataclass
class Desk:
    """Asks and books like a client of the API; remembers every promise it was given."""

    client: TestClient
    area_id: str
    day: str
    offset: str
    settings: Settings
    told: dict[str, dict[str, Any]] = field(default_factory=dict)

    def ask(self, origin: str, destination: str, time: str, **passengers: int) -> dict[str, Any]:
        """Ask for a ride; ``time`` reads "09:00" (depart) or "-11:00" (arrive by)."""
        key = "arrive_by" if time.startswith("-") else "depart_at"
        body = {
            "area_id": self.area_id,
            "origin": {"address": origin},
            "destination": {"address": destination},
            key: f"{self.day}T{time.lstrip('-')}:00{self.offset}",
            "passengers": passengers or {"seat": 1},
        }
        answer = self.client.post("/v1/offers", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def book(self, origin: str, destination: str, time: str, **passengers: int) -> dict[str, Any]:
        """Take the first offer, then look whether everybody told before is as well off as then."""
        answer = self.ask(origin, destination, time, **passengers)
        assert answer["offers"], answer["refusal"]
        booking = self.client.post(
            "/v1/bookings",
            json={"offer": answer["offers"][0]["token"], "name": f"Fahrgast {len(self.told) + 1}"},
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert booking.status_code == 201, booking.text
        self.told[booking.json()["id"]] = booking.json()["promise"]
        self.promises_are_kept()
        return dict(booking.json())

    def promises_are_kept(self) -> None:
        """Every promise stands as told, and the present plan keeps it."""
        for booking_id, promise in self.told.items():
            now = self.client.get(f"/v1/bookings/{booking_id}").json()
            assert now["promise"] == promise
            pickup, arrival = (
                datetime.fromisoformat(now[key]) for key in ("planned_pickup", "planned_arrival")
            )
            assert datetime.fromisoformat(promise["pickup_from"]) <= pickup
            assert pickup <= datetime.fromisoformat(promise["pickup_until"])
            assert arrival <= datetime.fromisoformat(promise["arrive_by"])

    def tours(self) -> list[dict[str, Any]]:
        """Tours of the day on which somebody rides."""
        answer = self.client.get("/v1/tours", params={"date": self.day, "area_id": self.area_id})
        assert answer.status_code == 200, answer.text
        return [tour for tour in answer.json()["tours"] if tour["visits"]]

    def checker_is_silent(self) -> None:
        """Let the independent checker look at what is stored; it finds nothing wrong."""
        checks = check_stored_plans(self.settings)
        assert checks
        assert [check.violations for check in checks] == [()] * len(checks)


OpenDesk = Callable[..., Any]


@pytest.fixture
def open_desk(tmp_path: Path) -> OpenDesk:
    """Serve a region folder at a given instant and sit down at its desk."""

    @contextmanager
    def opened(region: Path, area_id: str, now: str, day: str) -> Iterator[Desk]:
        settings = Settings(regions=(region,), data_dir=tmp_path / "var")
        instant = datetime.fromisoformat(now)
        app = create_app(settings, Clock(instant))
        with TestClient(app, base_url="http://127.0.0.1:8000") as client:
            yield Desk(client, area_id, day, now[-6:], settings)

    return opened


def most_aboard(tour: dict[str, Any]) -> int:
    """Return how many parties are on the bus at once at the fullest moment of a tour."""
    aboard = most = 0
    for visit in tour["visits"]:
        aboard += len(visit["board"]) - len(visit["alight"])
        most = max(most, aboard)
    return most


@pytest.fixture(name="most_aboard")
def most_aboard_fixture() -> Callable[[dict[str, Any]], int]:
    """See :func:`most_aboard`."""
    return most_aboard
