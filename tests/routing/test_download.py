"""Obtaining an extract, with both servers of OpenStreetMap played by one on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest

from routing.errors import ExtractError

ROAD = """<?xml version="1.0"?><osm version="0.6">
<note>The data included in this document is from www.openstreetmap.org.</note>
<meta osm_base="2026-01-01T00:00:00Z"/>
<node id="1" lon="9" lat="48"/><node id="2" lon="9.001" lat="48"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>%s</osm>"""
BOLL = {
    "lon": "9.6",
    "lat": "48.6",
    "boundingbox": ["48.6", "48.7", "9.5", "9.7"],
    "display_name": "Bad Boll",
    "importance": 0.5,
    "geojson": {
        "type": "Polygon",
        "coordinates": [[[9.5, 48.6], [9.7, 48.6], [9.7, 48.7], [9.5, 48.7], [9.5, 48.6]]],
    },
}


class Server(HTTPServer):
    """Answers what the test told it to."""

    found = (200, json.dumps([BOLL]))
    answer = (200, ROAD % "")
    promised = 0
    asked = ""


class Handler(BaseHTTPRequestHandler):
    """Speaks as the public servers do."""

    server: Server

    def do_GET(self) -> None:
        self._send(*self.server.found)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked = parse_qs(body)["data"][0]
        self._send(*self.server.answer)

    def _send(self, status: int, text: str) -> None:
        self.send_response(status)
        if self.server.promised:  # a chunk longer than what comes: the connection breaks off
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if self.server.promised:
            self.wfile.write(f"{self.server.promised:x}\r\n".encode())
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    osmnx = pytest.importorskip("osmnx")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)  # osmnx waits a second before it asks
    with Server(("127.0.0.1", 0), Handler) as running:
        address = f"http://127.0.0.1:{running.server_port}"
        monkeypatch.setattr(osmnx.settings, "nominatim_url", address)
        monkeypatch.setattr(osmnx.settings, "overpass_url", address + "/api")
        monkeypatch.setattr(osmnx.settings, "requests_timeout", 5)
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()


def fail(target: Path) -> ExtractError:
    from routing.build.download import download_place

    with pytest.raises(ExtractError) as caught:
        download_place("Bad Boll", target)
    assert "\n" not in caught.value.message
    return caught.value


def test_a_place_is_fetched_with_a_margin(server: Server, tmp_path: Path) -> None:
    from routing.build.download import download_place
    from routing.build.roads import build_roads
    from routing.profile import load_profile

    target = download_place("Bad Boll", tmp_path / "new" / "boll.osm")
    assert "48.590000,9.490000,48.710000,9.710000" in server.asked
    graph, _ = build_roads(target, load_profile())
    assert graph.edges == 2
    assert [path.name for path in target.parent.iterdir()] == ["boll.osm"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, ROAD % "<remark>runtime error: Query timed out</remark>"), "download-failed"),
        ((429, "slow down"), "download-failed"),
        ((200, (ROAD % "")[:150]), "extract-truncated"),
        ((200, "<html><body>busy</body></html>"), "extract-html"),
        ((200, '<osm version="0.6"></osm>'), "extract-empty"),
    ],
)
def test_a_bad_answer_leaves_the_old_extract(
    server: Server, tmp_path: Path, answer: tuple[int, str], code: str
) -> None:
    server.answer = answer
    target = tmp_path / "boll.osm"
    target.write_text("old")
    assert fail(target).code == code
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["boll.osm"]


def test_an_unknown_and_a_huge_place(server: Server, tmp_path: Path) -> None:
    server.found = (200, "[]")
    assert fail(tmp_path / "x.osm").code == "place-unknown"
    wide = [[[6, 47], [15, 47], [15, 55], [6, 55], [6, 47]]]
    country = {**BOLL, "geojson": {"type": "Polygon", "coordinates": wide}}
    server.found = (200, json.dumps([country]))
    assert fail(tmp_path / "x.osm").code == "place-too-large"


def test_a_server_that_does_not_look_up(server: Server, tmp_path: Path) -> None:
    server.found = (503, "closed for repairs")
    assert fail(tmp_path / "x.osm").code == "download-failed"


def test_a_connection_that_breaks_off(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    osmnx = pytest.importorskip("osmnx")
    west, south, east, north = 9.5, 48.6, 9.7, 48.7
    box = SimpleNamespace(total_bounds=(west, south, east, north))
    monkeypatch.setattr(osmnx, "geocode_to_gdf", lambda _place: box)
    server.promised = 99_999
    assert fail(tmp_path / "x.osm").code == "download-failed"
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("server")
def test_no_internet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import osmnx

    monkeypatch.setattr(osmnx.settings, "overpass_url", "http://127.0.0.1:9")
    assert fail(tmp_path / "x.osm").code == "no-internet"
    monkeypatch.setattr(osmnx.settings, "nominatim_url", "http://127.0.0.1:9")
    error = fail(tmp_path / "x.osm")
    assert error.code == "no-internet"
    assert "no internet connection" in error.message
