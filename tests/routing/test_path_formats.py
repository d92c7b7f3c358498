"""Paths as other programs read them."""

import json
from typing import Any

import polyline
import pytest

from routing.path_formats import encoded, geojson


@pytest.fixture
def drive(town: Any) -> Any:
    built = town("W 0 0, E 400 0, N 400 300", ["W E N | highway=residential"])
    pair = built.times.add_many([built.at(100, 0), built.at(400, 200)])
    return built.times.path(pair[0], pair[1])


@pytest.mark.parametrize("precision", [5, 6])
def test_encoded_line_is_the_geometry(drive: Any, precision: Any) -> None:
    """Law: decoding gives every point back to within half of the last decimal place."""
    points = polyline.decode(encoded(drive, precision), precision, geojson=True)
    assert len(points) == len(drive.geometry)
    for point, expected in zip(points, drive.geometry, strict=True):
        assert point == pytest.approx(expected, abs=0.51 * 10**-precision)


def test_geojson_is_a_feature(drive: Any) -> None:
    feature = json.loads(json.dumps(geojson(drive)))
    assert feature["type"] == "Feature"
    assert feature["geometry"]["type"] == "LineString"
    assert [tuple(point) for point in feature["geometry"]["coordinates"]] == list(drive.geometry)
    assert feature["properties"] == {"metres": drive.metres, "seconds": drive.seconds}
