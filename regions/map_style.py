"""How the map looks: a MapLibre style over the layers that :mod:`regions.tiles` draws.

No glyph server and no sprites: MapLibre draws labels with the fonts of the machine when a style names none.
"""

from typing import Any

_LAND = "#f7f4ec"
_INK = "#2f3b36"
_HALO = "#fffdf7"
_WATER = "#a9cfe0"
_FONT = ["sans-serif"]
_LEVEL = ["get", "level"]

_Layer = dict[str, Any]

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


# What a place is for, by colour dark enough to read on the land.
_PURPOSES: tuple[tuple[list[str], str], ...] = (
    (["doctors", "clinic", "hospital", "pharmacy", "dentist", "social_facility"], "#a3262f"),
    (["stop", "station"], "#1f4f9c"),
    (["townhall", "school", "kindergarten", "library", "community_centre"], "#5a3a86"),
)
_HAS_PURPOSE = [
    "in",
    ["get", "class"],
    ["literal", [each for classes, _ in _PURPOSES for each in classes]],
]
_NAME_OR_REF = ["coalesce", ["get", "name"], ["get", "ref"]]
_BELOW = {"text-offset": [0, 0.6], "text-anchor": "top", "text-max-width": 9}


def style(tiles_url: str) -> dict[str, Any]:
    """Return the MapLibre style (version 8) whose only source is the archive at ``tiles_url``."""
    return {
        "version": 8,
        "name": "Bürgerbus",
        "sources": {"map": {"type": "vector", "url": f"pmtiles://{tiles_url}"}},
        "layers": [
            {"id": "land", "type": "background", "paint": {"background-color": _LAND}},
            _cover(),
            *_water(),
            *_buildings(),
            *_roads(),
            *_railways(),
            _boundary("boundary", [">", _LEVEL, 6], 1.2),
            _boundary("boundary-county", ["all", ["<=", _LEVEL, 6], [">", _LEVEL, 4]], 1.8),
            _boundary("boundary-state", ["<=", _LEVEL, 4], 2.6),
            _one_way_arrows(),
            *_labels(),
        ],
    }


def _layer(name: str, kind: str, source: str, **rest: Any) -> _Layer:  # noqa: ANN401  # style JSON
    return {"id": name, "type": kind, "source": "map", "source-layer": source, **rest}


def _cover() -> _Layer:
    colours = [part for pair in _COVER.items() for part in pair]
    paint = {"fill-color": ["match", ["get", "class"], *colours, _LAND]}
    return _layer("cover", "fill", "cover", paint=paint)


def _water() -> list[_Layer]:
    return [
        _layer("lake", "fill", "water", filter=_is("Polygon"), paint={"fill-color": _WATER}),
        _layer(
            "river",
            "line",
            "water",
            filter=_is("LineString"),
            layout={"line-cap": "round", "line-join": "round"},
            paint={
                "line-color": _WATER,
                "line-width": _widening(
                    (9, ["match", ["get", "class"], "river", 1.0, 0.4]),
                    (13, ["match", ["get", "class"], "river", 3.0, 1.2]),
                    (17, ["match", ["get", "class"], "river", 12.0, 4.0]),
                ),
            },
        ),
    ]


def _buildings() -> list[_Layer]:
    paint = {"fill-color": "#d9cfc2", "fill-outline-color": "#bfb3a3"}
    return [_layer("building", "fill", "building", minzoom=13, paint=paint)]


def _roads() -> list[_Layer]:
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


def _railways() -> list[_Layer]:
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


def _boundary(name: str, chosen: list[Any], width: float) -> _Layer:
    paint = {
        "line-color": "#8a6f9a",
        "line-width": width,
        "line-dasharray": [5, 3],
        "line-opacity": 0.7,
    }
    return _layer(name, "line", "boundary", filter=chosen, paint=paint)


def _one_way_arrows() -> _Layer:
    return _layer(
        "one-way",
        "symbol",
        "road",
        minzoom=16,
        filter=["has", "oneway"],
        layout={
            "symbol-placement": "line",
            "symbol-spacing": 120,
            "text-field": ["match", ["get", "oneway"], 1, "→", "←"],
            "text-font": _FONT,
            "text-size": 15,
            "text-keep-upright": False,
        },
        paint={"text-color": "#6b6f6d"},
    )


def _labels() -> list[_Layer]:
    size = ["match", ["get", "class"], ["city", "town"], 19, "village", 16, "hamlet", 13, 12]
    on_line = {"symbol-placement": "line", "text-font": _FONT}
    return [
        _label("house-number", "housenumber", 17, _text("number", 11)),
        _label(
            "street-name",
            "road",
            14,
            {**on_line, "text-field": _NAME_OR_REF, "text-size": _widening((14, 12), (18, 16))},
        ),
        _label(
            "water-name",
            "water",
            13,
            {**on_line, "text-field": ["get", "name"], "text-size": 12},
            "#2c5f78",
        ),
        _dots("poi", _HAS_PURPOSE, 14),
        _dots("poi-other", ["!", _HAS_PURPOSE], 16),
        _label("poi-name", "poi", 15.5, _text("name", 12) | _BELOW, _by_purpose("#5b3d14")),
        _label(
            "place-name",
            "place",
            0,
            _text("name", 14) | {"text-size": size, "symbol-sort-key": ["get", "rank"]},
        ),
    ]


def _dots(name: str, chosen: list[Any], zoom: int) -> _Layer:
    """Mark places of interest: stops and doctors stand out at a glance."""
    paint = {
        "circle-color": _by_purpose("#8a6a3f"),
        "circle-radius": _widening((14, 2.5), (18, 5)),
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 1,
    }
    return _layer(name, "circle", "poi", minzoom=zoom, filter=chosen, paint=paint)


def _label(
    name: str, source: str, zoom: float, layout: _Layer, colour: str | list[Any] = _INK
) -> _Layer:
    paint = {"text-color": colour, "text-halo-color": _HALO, "text-halo-width": 1.8}
    return _layer(name, "symbol", source, minzoom=zoom, layout=layout, paint=paint)


def _by_purpose(other: str) -> list[Any]:
    colours = [part for classes, colour in _PURPOSES for part in (classes, colour)]
    return ["match", ["get", "class"], *colours, other]


def _text(field: str, size: int) -> _Layer:
    return {"text-field": ["get", field], "text-font": _FONT, "text-size": size}


def _is(geometry: str) -> list[Any]:
    return ["==", ["geometry-type"], geometry]


def _by_zoom(far: float, near: float) -> list[Any]:
    """Return a width in pixels that grows from zoom 12 to 17."""
    return _widening((8, far / 3), (12, far), (17, near))


def _widening(*stops: tuple[float, Any]) -> list[Any]:
    """Return a size in pixels that grows with the zoom, given at some zooms."""
    return [
        "interpolate",
        ["exponential", 1.5],
        ["zoom"],
        *(part for stop in stops for part in stop),
    ]
