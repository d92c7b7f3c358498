"""What people see of a simulated day: a table with units, a page that needs nothing else."""

import json
import re
import xml.etree.ElementTree as ET  # our own output
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from dispatch.model import Rule
from regions.region import Region
from simulations.figures import RULES, sections
from simulations.report import html, summary, write_html
from simulations.run import Result, simulate_day


@pytest.fixture(scope="module")
def result(town: Region) -> Result:
    return simulate_day(town, "dorf", date(2026, 3, 3), seed=4, riders=30)


def test_every_figure_has_a_unit_and_two_languages(result: Result) -> None:
    for section in sections(result.measures):
        assert section.title("de") != section.title("en")
        for figure in section.figures:
            assert figure.label("de") != figure.label("en")
            assert re.fullmatch(r"-?[\d.]+(,\d+)? \S.*", figure.text("de"))
            assert re.fullmatch(r"-?[\d,]+(\.\d+)? \S.*", figure.text("en"))


def test_every_rule_can_be_named() -> None:
    assert set(RULES) == set(Rule)


def test_the_table_shows_what_was_measured(result: Result) -> None:
    console = Console(width=100, file=StringIO(), record=True)
    console.print(summary(result))
    text = console.export_text()
    assert re.search(rf"served\W+{result.measures.answers.served} rides", text)
    assert "Invented sample data" in text
    assert "no later booking breaks one" in " ".join(text.split())


def test_the_json_is_plain(result: Result) -> None:
    data = json.loads(json.dumps(result.as_dict()))
    assert data["area"] == "dorf"
    assert data["invented"] is True
    assert data["measures"]["answers"]["riders"] == 30


def test_the_page_stands_alone_and_says_that_it_is_invented(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "day.html"
    write_html(result, path)
    page = path.read_text(encoding="utf-8")
    assert page == html(result)
    assert "Bürgerbus &lt;Gitterdorf&gt;" in page
    assert "erfunden" in page
    assert not re.search(r"https?:|<script|@import|url\(", page)
    for picture in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(picture)  # noqa: S314  # our own output
    assert page.count("<svg") == 2


def test_a_day_on_which_nobody_drives_has_a_page_too(town: Region) -> None:
    sunday = simulate_day(town, "dorf", date(2026, 3, 8), seed=4, riders=5)
    page = html(sunday)
    assert "Niemand ist gefahren." in page
    assert "Kein Dienst." in page
