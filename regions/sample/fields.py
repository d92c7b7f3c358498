"""The open country: what each parcel is used for, lakes and forests."""

import numpy as np
import shapely
from scipy.spatial import cKDTree

from regions.sample.geometry import Noise, line, parts_of, union, without
from regions.sample.lakes import find_lakes
from regions.sample.landscape import Landscape, Waters
from regions.sample.parcels import Parcels, divide
from regions.sample.plan import Draft, Patch, Site, Tags, dice
from regions.sample.tracks import lay_tracks

_RIVER_HALF_M = 8.0
_FOREST, _ORCHARD, _MEADOW, _FARMLAND = "forest", "orchard", "meadow", "farmland"
_WOODED, _GRASSY = 1.0, 0.1
"""Above these values of the noises a parcel is forest, or meadow instead of farmland."""
_ORCHARD_WITHIN_M, _ORCHARD_SHARE = 160.0, 0.45
_SMALLEST_FOREST_M2, _SMALLEST_FIELD_M2 = 8_000.0, 1_500.0


def draw_fields(
    seed: int,
    land: Landscape,
    waters: Waters,
    sites: tuple[Site, ...],
    built: list[shapely.Polygon],
    draft: Draft,
) -> None:
    """Fill what is not built upon with lakes, forests, fields and tracks: patches and lines."""
    rng = dice(seed, 11)
    lakes = find_lakes(land, built, draft, rng)
    parcels = divide(land, rng)
    uses = _uses(parcels, land, waters, sites, rng)
    _waters(land, lakes, draft)
    blocked = [*built, *lakes]
    fields = list(zip(parcels.polygons, uses, strict=True))
    forests = _forests([parcel for parcel, use in fields if use == _FOREST])
    open_land = [(parcel, use) for parcel, use in fields if use != _FOREST]
    _add([(forest, _FOREST) for forest in forests], blocked, _SMALLEST_FOREST_M2, draft)
    _add(open_land, blocked, _SMALLEST_FIELD_M2, draft)
    lay_tracks(parcels, blocked, land, draft, rng)


def _waters(land: Landscape, lakes: list[shapely.Polygon], draft: Draft) -> None:
    """Add the river's surface, and the lakes named after the streams."""
    surface = line(land.river).buffer(_RIVER_HALF_M, quad_segs=2)
    for part in parts_of(surface):
        draft.patches.append(Patch(part, {"natural": "water", "water": "river"}))
    for index, lake in enumerate(lakes):
        name = land.water_names[index % len(land.water_names)].removesuffix("bach") + "see"
        draft.patches.append(Patch(lake, {"natural": "water", "water": "lake", "name": name}))


def _uses(
    parcels: Parcels,
    land: Landscape,
    waters: Waters,
    sites: tuple[Site, ...],
    rng: np.random.Generator,
) -> list[str]:
    """Use of each parcel: forest on the hills, meadow by the water, orchards round villages."""
    middles = shapely.get_coordinates(shapely.centroid(parcels.polygons))
    lived = np.array([(site.x, site.y, site.radius) for site in sites if site.lived_in])
    gaps, nearest = cKDTree(lived[:, :2]).query(middles)
    to_village = np.asarray(gaps) - lived[nearest, 2]
    to_water = waters.distance(middles)
    hills = Noise(rng, min(4_500.0, land.size_m / 2.2))(middles)
    hills += 0.5 * Noise(rng, 1_500.0)(middles)
    hills += np.clip((to_village - 350) / 900, -2.5, 0.55) + np.clip(
        (to_water - 350) / 900, -0.9, 0.5
    )
    grass = Noise(rng, 2_200.0)(middles) - np.clip((to_water - 180) / 250, -0.9, 1.1)
    orchards = (to_village < _ORCHARD_WITHIN_M) & (rng.random(len(middles)) < _ORCHARD_SHARE)
    uses = np.where(grass > _GRASSY, _MEADOW, _FARMLAND)
    uses = np.where(orchards, _ORCHARD, uses)
    return [str(use) for use in np.where(hills > _WOODED, _FOREST, uses)]


def _forests(woods: list[shapely.Polygon]) -> list[shapely.Polygon]:
    """Join neighbouring wooded parcels to forests with smooth edges."""
    joined = union(woods).buffer(35.0, quad_segs=2)
    smooth = joined.buffer(-75.0, quad_segs=3).buffer(40.0, quad_segs=3)
    return parts_of(smooth.simplify(4.0))


def _add(
    shapes: list[tuple[shapely.Polygon, str]],
    blocked: list[shapely.Polygon],
    smallest_m2: float,
    draft: Draft,
) -> None:
    """Add shapes with their use, less everything blocked; what is left must be worth mapping."""
    found = shapely.STRtree(blocked).query([shape for shape, _ in shapes], predicate="intersects")
    touching: dict[int, list[shapely.Polygon]] = {}
    for index, other in sorted(found.T.tolist()):
        touching.setdefault(index, []).append(blocked[other])
    for index, (shape, use) in enumerate(shapes):
        tags: Tags = {"landuse": use}
        left = without(shape, touching[index]) if index in touching else shape
        for part in parts_of(left):
            if part.area > smallest_m2:
                draft.patches.append(Patch(part, tags))
