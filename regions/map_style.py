"""How the map looks: a MapLibre style over the layers that :mod:`regions.tiles` draws.

No glyph server and no sprites: MapLibre draws labels with the fonts of the machine when a style names none.
"""

from typing import Any

_LAND = "#f7f4ec"
_INK = "#2f3b36"
_HALO = "#fffdf7"
_WATER = "#a9cfe0"
_FONT = ["sans-serif"]

_COVER = {
    "forest": "#cfe0bf",
    "meadow": "#e6efd6",
    "farmland": "#f3eed8",
    "orchard": "#dfead0",
    "residential": "#e9e2d8",
    "industrial": "#e4dfe2",
    "park": "#d8e9cb",
    "rock": "#e3e0da",
}
# class: (colour, edge colour, width at zoom 12, width at zoom 17, first zoom)
_ROADS = {
    "path": ("#c9b48f", "", 0.5, 2.0, 14),
    "track": ("#d3bd92", "", 0.5, 2.5, 13),
    "service": ("#ffffff", "#cdc5b8", 0.5, 6.0, 14),
    "street": ("#ffffff", "#c4bbad", 1.0, 11.0, 12),
    "tertiary": ("#fffbe8", "#bdb093", 1.8, 14.0, 10),
    "secondary": ("#fdeeb5", "#bb9f55", 2.4, 16.0, 8),
    "primary": ("#fbdc8e", "#b98a36", 2.8, 18.0, 6),
    "motorway": ("#f4b982", "#b3703a", 3.2, 20.0, 6),
}


def style(tiles_url: str) -> dict[str, Any]:
    """Return the MapLibre style (version 8) whose only source is the archive at ``tiles_url``."""
    return {
        "version": 8,
        "name": "Bürgerbus",
        "sources": {"map": {"type": "vector", "url": f"pmtiles://{tiles_url}"}},
        "layers": [
            {"id": "land", "type": "background", "paint": {"background-color": _LAND}},
            *_cover(),
            *_water(),
            *_buildings(),
            *_roads(),
            *_railways(),
            _boundaries(),
            *_labels(),
        ],
    }


def _layer(name: str, kind: str, source: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401  # style JSON
    return {"id": name, "type": kind, "source": "map", "source-layer": source, **rest}


def _cover() -> list[dict[str, Any]]:
    colours = [part for pair in _COVER.items() for part in pair]
    paint = {"fill-color": ["match", ["get", "class"], *colours, _LAND]}
    return [_layer("cover", "fill", "cover", paint=paint)]


def _water() -> list[dict[str, Any]]:
    width = _by_zoom(0.6, 5.0)
    return [
        _layer("lake", "fill", "water", filter=_is("Polygon"), paint={"fill-color": _WATER}),
        _layer(
            "river",
            "line",
            "water",
            filter=_is("LineString"),
            paint={
                "line-color": _WATER,
                "line-width": ["match", ["get", "class"], "river", 4, 1.5],
            },
            minzoom=9,
        ),
        _layer(
            "river-near",
            "line",
            "water",
            filter=["all", _is("LineString"), ["==", ["get", "class"], "river"]],
            paint={"line-color": _WATER, "line-width": width},
            minzoom=13,
        ),
    ]


def _buildings() -> list[dict[str, Any]]:
    paint = {"fill-color": "#d9cfc2", "fill-outline-color": "#bfb3a3"}
    return [_layer("building", "fill", "building", minzoom=13, paint=paint)]


def _roads() -> list[dict[str, Any]]:
    edges, fillings = [], []
    for kind, (colour, edge, far, near, zoom) in _ROADS.items():
        common: dict[str, Any] = {
            "filter": ["==", ["get", "class"], kind],
            "layout": {"line-cap": "round", "line-join": "round"},
            "minzoom": zoom,
        }
        if edge:
            paint = {"line-color": edge, "line-width": _by_zoom(far + 1.2, near + 2.5)}
            edges.append(_layer(f"road-{kind}-edge", "line", "road", paint=paint, **common))
        paint = {"line-color": colour, "line-width": _by_zoom(far, near)}
        if not edge:
            paint["line-dasharray"] = [3, 2]
        fillings.append(_layer(f"road-{kind}", "line", "road", paint=paint, **common))
    return [*edges, *fillings]


def _railways() -> list[dict[str, Any]]:
    return [
        _layer("rail", "line", "rail", paint={"line-color": "#6f6a66", "line-width": 2}),
        _layer(
            "rail-sleepers",
            "line",
            "rail",
            minzoom=12,
            paint={"line-color": "#ffffff", "line-width": 1.2, "line-dasharray": [4, 4]},
        ),
    ]


def _boundaries() -> dict[str, Any]:
    paint = {
        "line-color": "#8a6f9a",
        "line-width": 1.2,
        "line-dasharray": [5, 3],
        "line-opacity": 0.7,
    }
    return _layer("boundary", "line", "boundary", paint=paint)


def _labels() -> list[dict[str, Any]]:
    halo = {"text-color": _INK, "text-halo-color": _HALO, "text-halo-width": 1.6}
    place_size = ["match", ["get", "class"], ["city", "town"], 19, "village", 16, "hamlet", 13, 12]
    return [
        _layer(
            "street-name",
            "symbol",
            "road",
            minzoom=14,
            layout={
                "symbol-placement": "line",
                "text-field": ["coalesce", ["get", "name"], ["get", "ref"]],
                "text-font": _FONT,
                "text-size": 13,
            },
            paint=halo,
        ),
        _layer(
            "poi-name",
            "symbol",
            "poi",
            minzoom=15,
            layout=_text("name", 12) | {"text-offset": [0, 0.6], "text-anchor": "top"},
            paint=halo | {"text-color": "#5b3d14"},
        ),
        _layer(
            "house-number",
            "symbol",
            "housenumber",
            minzoom=17,
            layout=_text("number", 11),
            paint=halo,
        ),
        _layer(
            "place-name",
            "symbol",
            "place",
            layout=_text("name", 14)
            | {"text-size": place_size, "symbol-sort-key": ["get", "rank"]},
            paint=halo | {"text-halo-width": 2},
        ),
    ]


def _text(field: str, size: int) -> dict[str, Any]:
    return {"text-field": ["get", field], "text-font": _FONT, "text-size": size}


def _is(geometry: str) -> list[Any]:
    return ["==", ["geometry-type"], geometry]


def _by_zoom(far: float, near: float) -> list[Any]:
    """Return a width in pixels that grows from zoom 12 to 17."""
    return ["interpolate", ["exponential", 1.5], ["zoom"], 8, far / 3, 12, far, 17, near]
