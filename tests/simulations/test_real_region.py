"""A day on real roads between real addresses: rural Upper Franconia, 22 villages."""

from datetime import date
from pathlib import Path

import pytest

from regions.build import Sources, build_region
from simulations.riders import Habits
from simulations.run import simulate_day

AREA = """
format = 1
id = "franken"
name = "Bürgerbus"
time_zone = "Europe/Berlin"
phone = "+49 7000 1"
[operator]
name = "Verein"
[[vehicles]]
id = "bus-1"
name = "Bus 1"
seats = 8
wheelchairs = 1
[[shifts]]
id = "tag"
vehicle = "bus-1"
driver = "A. Beck"
days = ["di"]
start = "08:00"
end = "18:00"
from = { lon = 11.5553, lat = 50.0150, name = "Depot" }
"""


@pytest.mark.data
def test_a_day_of_thirty_riders_in_rural_franconia(data_dir: Path, tmp_path: Path) -> None:
    area = tmp_path / "franken.toml"
    area.write_text(AREA, encoding="utf-8")
    sources = Sources(osm=data_dir / "osm" / "north-bayreuth-2014.osm.gz", areas=(area,))
    region = build_region(sources, tmp_path / "region")
    still = Habits(travel_noise=0.0, no_show_share=0.0, cancel_share=0.0)
    result = simulate_day(region, "franken", date(2026, 3, 3), seed=1, riders=30, habits=still)
    answers, driving = result.measures.answers, result.measures.driving
    assert answers.served > 15
    assert result.measures.kept.promise_share == 1.0
    assert driving.pooled_share > 0
    assert 0 < driving.occupied_m < driving.driven_m
    assert {wish.origin.label for wish in result.scene.wishes} != {"Depot"}
