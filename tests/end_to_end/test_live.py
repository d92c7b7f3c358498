"""Programs and pages that are open hear of changes; those who come back hear what they missed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any
from uuid import uuid4

import httpx2
import pytest

DAY = "2026-01-14"
SOON_S = 5.0


@pytest.fixture
def listen(site: Any) -> Any:
    """Return how to listen: a context that gives the ids of events as they come."""

    @contextmanager
    def listening(**headers: str) -> Iterator[Queue[int]]:
        heard: Queue[int] = Queue()
        asked = {"area_id": site.area.id, "date": DAY}
        with (
            httpx2.Client(base_url=site.url, timeout=30.0) as client,
            client.stream("GET", "/v1/live", params=asked, headers=headers) as answer,
        ):
            assert answer.headers["content-type"].startswith("text/event-stream")

            def read() -> None:
                for line in answer.iter_lines():
                    if line.startswith("id: "):
                        heard.put(int(line.removeprefix("id: ")))

            threading.Thread(target=read, daemon=True).start()
            yield heard

    return listening


def book(site: Any) -> None:
    """Book a ride."""
    with httpx2.Client(base_url=site.url) as client:
        wish = {
            "area_id": site.area.id,
            "origin": {"address": site.far_stop},
            "destination": {"address": site.near_stop},
            "depart_at": f"{DAY}T09:30:00+01:00",
        }
        offer = client.post("/v1/offers", json=wish).json()["offers"][0]
        body = {"offer": offer["token"], "name": "Hedwig Beck"}
        key = {"Idempotency-Key": str(uuid4())}
        assert client.post("/v1/bookings", json=body, headers=key).status_code == 201


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_booking_is_heard_of(site: Any, listen: Any) -> None:
    with listen() as heard:
        first = heard.get(timeout=SOON_S)
        book(site)
        assert heard.get(timeout=SOON_S) > first


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_who_comes_back_hears_what_was_missed_and_nothing_twice(site: Any, listen: Any) -> None:
    with listen() as heard:
        last = heard.get(timeout=SOON_S)
    with listen(**{"Last-Event-ID": str(last)}) as heard:
        book(site)
        newer = heard.get(timeout=SOON_S)
        assert newer > last
        assert heard.empty()
    with listen(**{"Last-Event-ID": str(last)}) as heard:
        assert heard.get(timeout=SOON_S) == newer


def test_what_there_is_not_is_said_before_anything_is_sent(site: Any) -> None:
    asked = {"area_id": "nowhere", "date": DAY}
    answer = httpx2.get(f"{site.url}/v1/live", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "area-unknown")
    asked = {"area_id": site.area.id, "date": "9999-01-01"}
    answer = httpx2.get(f"{site.url}/v1/live", params=asked)
    assert answer.json()["code"] == "date-out-of-range"
