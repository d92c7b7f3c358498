"""The first pooled tours of Liechtenstein, from two commands and a browser: build, serve, book, look."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.data]

COMMAND = Path(sys.executable).with_name("buergerbus")
AREA = Path(__file__).parents[1] / "acceptance" / "liechtenstein.toml"
DAY = "2026-03-31"
START_WITHIN_S = 90


@pytest.fixture(scope="module")
def served(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the region and serve it, each by its command; give the address that ``serve`` prints."""
    folder = tmp_path_factory.mktemp("liechtenstein")
    sources = ["--osm", str(data_dir / "osm/liechtenstein-2026-03-29.osm.pbf")]
    sources += ["--gtfs", str(data_dir / "gtfs/liechtenstein-SYNTHETIC-TIMES-from-osm.gtfs.zip")]
    build = [
        COMMAND,
        "region",
        "build",
        *sources,
        "--area",
        str(AREA),
        "-o",
        str(folder / "region"),
    ]
    subprocess.run(build, check=True, capture_output=True)
    serve = [
        COMMAND,
        "serve",
        str(folder / "region"),
        "--port",
        "0",
        "--data-dir",
        str(folder / "var"),
    ]
    with subprocess.Popen(
        [*serve, "--now", "2026-03-30T18:00"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        yield _address(process)
        process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    """Read the address from what the command prints."""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/", line)
        if found:
            deadline = time.monotonic() + START_WITHIN_S
            while time.monotonic() < deadline:
                with urllib.request.urlopen(f"{found[1]}/ready") as answer:  # noqa: S310  # ours
                    if answer.status == 200:
                        return found[1]
    raise AssertionError("the command printed no address")


def search(page: Page, url: str, ride: tuple[str, str, str, int]) -> None:
    """Fill in the form as a resident does; ``-11:00`` is an arrival."""
    origin, destination, at, persons = ride
    page.goto(url)
    page.fill("#von", origin)
    page.fill("#nach", destination)
    if at.startswith("-"):
        page.get_by_text("Spätestens ankommen").or_(page.locator("input[value=bis]")).first.check()
    page.select_option("#tag", DAY)
    page.fill("#zeit", at.lstrip("-"))
    page.fill("#personen", str(persons))
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_six_bookings_and_a_refusal(served: str, visit: Any, tmp_path: Path) -> None:
    page = visit(served, java_script_enabled=False)
    rides = [
        ("Landstrasse 91, Triesenberg", "Städtle 23, Vaduz", "09:00", 1),
        ("Gruabastrasse 10, Triesenberg", "Austrasse 70, Vaduz", "09:00", 1),
        ("Landstrasse 41, Triesenberg", "Neugasse 16, Vaduz", "09:00", 1),
        ("Gnetsch 38, Balzers", "Austrasse 15, Vaduz", "-11:00", 1),
        ("Palduinstrasse 63, Balzers", "Städtle 23, Vaduz", "-11:00", 1),
        ("Schimmelgasse 12, Vaduz", "Mariahilf 36, Balzers", "11:30", 2),
    ]
    for number, ride in enumerate(rides, start=1):
        search(page, served, ride)
        page.locator("article a.button").first.click()
        page.fill("#name", f"Fahrgast {number}")
        page.fill("#telefon", "+423 232 10 00")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Ihre Fahrt ist gebucht.")

    search(page, served, ("Kleinsteg 72, Triesenberg", "Gnetsch 38, Balzers", "-09:30", 8))
    expect(page.locator("h1")).to_have_text("Mit Bus und Bahn kommen Sie hin")
    expect(page.locator("main")).to_contain_text("sind alle Busse belegt")
    page.screenshot(path=tmp_path / "refused.png", full_page=True)

    control = visit(f"{served}/leitstelle?gebiet=oberland&datum={DAY}")
    assert 1 <= control.locator(".tour").count() <= 2
    expect(control.locator("main")).to_contain_text("Fahrgast 6")
    control.wait_for_selector("[data-map=idle]")
    control.screenshot(path=tmp_path / "control.png", full_page=True)
