"""Static files, the tablet's app, and the map in byte ranges."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.rights import Role
from tests.api.people import signed_in


@pytest.fixture
def mapped(start: Any, region: Any, tmp_path: Path) -> Any:
    """Start a server whose region has a map archive."""
    folder = tmp_path / "mapped"
    folder.mkdir()
    (folder / "map.pmtiles").write_bytes(bytes(range(256)) * 300)  # larger than the body limit
    return start(regions={"talheim": replace(region, path=folder)})


def test_map_is_served_in_ranges(mapped: Any) -> None:
    url = "/map/talheim/map.pmtiles"
    part = mapped.client.get(url, headers={"Range": "bytes=256-511"})
    assert part.status_code == 206
    assert part.content == bytes(range(256))
    assert part.headers["content-range"] == "bytes 256-511/76800"
    assert len(mapped.client.get(url).content) == 76_800
    head = mapped.client.head(url)
    assert (head.status_code, head.headers["accept-ranges"]) == (200, "bytes")
    assert mapped.client.get(url, headers={"Range": "bytes=99999-"}).status_code == 416


def test_map_may_be_kept_but_is_asked_for(mapped: Any) -> None:
    first = mapped.client.get("/map/talheim/map.pmtiles")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["etag"]


def test_missing_map_is_a_problem(server: Any) -> None:
    answer = server.client.get("/map/talheim/map.pmtiles")
    assert (answer.status_code, answer.json()["code"]) == (404, "map-missing")
    answer = server.client.get("/map/nowhere/map.pmtiles")
    assert (answer.status_code, answer.json()["code"]) == (404, "area-unknown")


def test_style_points_to_the_map_of_the_area(server: Any) -> None:
    style = server.client.get("/map/talheim/style.json")
    assert style.status_code == 200
    assert "/map/talheim/map.pmtiles" in style.text
    assert "glyphs" not in style.json()


def test_static_files(server: Any) -> None:
    answer = server.client.get("/static/pages.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert server.client.get("/static/").status_code == 404


def test_tablet_code_is_public_its_page_is_not(start: Any) -> None:
    server = start()
    coordinator = signed_in(server, Role.COORDINATOR)
    assert server.client.get("/fahrer/app.mjs").status_code == 200
    for page in ("/fahrer", "/fahrer/", "/fahrer/index.html"):
        assert server.client.get(page).status_code == 401
    signed = server.client.get("/fahrer/", headers=coordinator)
    assert "Fahrt" in signed.text


def test_unbuilt_tablet_says_what_to_run(
    start: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("api.files.TABLET", tmp_path / "nothing")
    answer = start().client.get("/fahrer")
    assert answer.status_code == 503
    assert "make run" in answer.text
