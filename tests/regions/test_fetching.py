"""Fetching: only what changed, within limits, more rarely while it fails; against a server of our own."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from regions.area import parse_area
from regions.errors import AreaError, FetchError
from regions.feeds import Feeds, RealtimeSource, all_feeds
from regions.fetching import Fetcher, FetchLimits


class Server(ThreadingHTTPServer):
    """Answers with what the test sets, and keeps the headers it was asked with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body, self.status, self.headers = b"one", 200, {"ETag": '"1"'}
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/feed.zip"


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server

    def do_GET(self) -> None:
        ours = self.server
        ours.asked.append(dict(self.headers))
        tag = self.headers.get("If-None-Match")
        since = self.headers.get("If-Modified-Since")
        same = ours.status == 200 and (
            (tag and tag == ours.headers.get("ETag"))
            or (since and since == ours.headers.get("Last-Modified"))
        )
        self.send_response(304 if same else ours.status)
        for name, value in ours.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not same:
            self.wfile.write(ours.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[Server]:
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def fetched(fetcher: Fetcher, now_s: float = 0) -> bytes | None:
    """Return what is new, None where nothing is."""
    target = io.BytesIO()
    return target.getvalue() if fetcher.fetch(target, now_s) else None


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_what_did_not_change_is_not_sent_again(web: Server, header: str) -> None:
    web.headers = {header: "Mon, 02 Mar 2026 06:00:00 GMT"}
    fetcher = Fetcher(web.url)
    assert [fetched(fetcher), fetched(fetcher)] == [b"one", None]
    web.headers, web.body = {header: "Mon, 02 Mar 2026 07:00:00 GMT"}, b"two"
    assert fetched(fetcher) == b"two"
    fetcher.forget()
    assert fetched(fetcher) == b"two"


def test_a_server_without_marks_is_asked_for_all(web: Server) -> None:
    web.headers = {}
    fetcher = Fetcher(web.url)
    assert [fetched(fetcher), fetched(fetcher)] == [b"one", b"one"]
    assert "If-None-Match" not in web.asked[1]


def test_failures_are_tried_again_more_and_more_rarely(web: Server) -> None:
    web.status, fetcher = 503, Fetcher(web.url)
    tried = []
    for now_s in range(0, 4 * 3600, 30):
        before = len(web.asked)
        try:
            fetched(fetcher, now_s)
        except FetchError as error:
            tried.append((error.code, now_s))
            assert len(web.asked) == before + 1
    waits = [b - a for (_, a), (_, b) in pairwise(tried)]
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert {code for code, _ in tried} == {"fetch-failed"}
    web.status = 200
    assert fetched(fetcher, 10 * 3600) == b"one"
    web.status = 503
    with pytest.raises(FetchError):
        fetched(fetcher, 10 * 3600 + 1)
    web.status, web.headers = 200, {"ETag": '"2"'}
    assert fetched(fetcher, 10 * 3600 + 61) == b"one"


@pytest.mark.parametrize(
    ("limits", "code"),
    [(FetchLimits(bytes=2), "fetch-too-large"), (FetchLimits(seconds=-1), "fetch-too-slow")],
)
def test_limits(web: Server, limits: FetchLimits, code: str) -> None:
    with pytest.raises(FetchError) as caught:
        fetched(Fetcher(web.url, limits))
    assert caught.value.code == code


def test_a_redirect_never_leads_to_a_file(web: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    web.status, web.headers = 302, {"Location": secret.as_uri()}
    with pytest.raises(FetchError, match="cannot be fetched"):
        fetched(Fetcher(web.url))


def test_nobody_answers() -> None:
    with pytest.raises(FetchError, match="what is there stays"):
        fetched(Fetcher("http://127.0.0.1:9/feed.pb", FetchLimits(silent_s=0.5)))


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.pb"
    fetcher = Fetcher(str(file))
    with pytest.raises(FetchError):
        fetched(fetcher)
    file.write_bytes(b"one")
    assert fetched(fetcher, 59) is None
    assert [fetched(fetcher, 60), fetched(fetcher, 61)] == [b"one", None]
    file.write_bytes(b"three")
    assert fetched(fetcher, 62) == b"three"


AREA = {
    "format": 1,
    "id": "probe",
    "name": "Probe",
    "time_zone": "Europe/Berlin",
    "phone": "+49 30 23125 014",
    "operator": {"name": "Probeverein"},
}


def test_an_area_names_its_feeds() -> None:
    assert parse_area(AREA, "a.toml").feeds == Feeds()
    named = {
        "timetable": ["https://example.org/bus.zip", "/srv/rail.zip"],
        "realtime": [{"source": "https://example.org/rt.pb", "feed": "bus"}],
    }
    feeds = parse_area(AREA | {"public_transport": named}, "a.toml").feeds
    assert feeds.timetable == ("https://example.org/bus.zip", "/srv/rail.zip")
    assert feeds.realtime == (RealtimeSource("https://example.org/rt.pb", "bus"),)
    more = Feeds(("/srv/rail.zip", "/srv/x.zip"))
    assert all_feeds([feeds, more, Feeds()]).timetable == (*feeds.timetable, "/srv/x.zip")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"timetable": ["bus.zip"]}, "absolute path"),
        ({"timetable": ["file:///etc/passwd"]}, "absolute path"),
        ({"timetable": "https://example.org/bus.zip"}, "timetable must be of type list"),
        ({"realtime": [{"source": "ftp://example.org/rt"}]}, r"\[\[realtime\]\] 1: source must be"),
        ({"realtime": [{}]}, "source is missing"),
        ({"realtme": []}, "realtme"),
    ],
)
def test_wrong_feeds_name_their_place(named: dict[str, Any], message: str) -> None:
    with pytest.raises(AreaError, match=message):
        parse_area(AREA | {"public_transport": named}, "a.toml")
