"""Simulate one day of an area with the engine that also answers the telephone."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from regions.area import Area
from regions.manifest import Manifest
from regions.region import Region
from simulations.demand import day_of_demand, find_area
from simulations.measures import Measures, measure
from simulations.model import DemandModel
from simulations.riders import Habits
from simulations.scene import Scene, set_scene
from simulations.world import Lived, live_through

_ORDINARY = Habits()


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A simulated day: what was asked of it, what came out, and how to look closer."""

    manifest: Manifest
    area: Area
    day: date
    seed: int
    habits: Habits
    improve: int
    measures: Measures
    scene: Scene
    lived: Lived

    def as_dict(self) -> dict[str, Any]:
        """Return what was asked and what came out as plain JSON values."""
        return {
            "region": self.manifest.name,
            "invented": self.manifest.invented,
            "area": self.area.id,
            "date": self.day.isoformat(),
            "seed": self.seed,
            "habits": asdict(self.habits),
            "improve": self.improve,
            "events": self.lived.events,
            "measures": self.measures.as_dict(),
        }


def simulate_day(
    region: Region,
    area_id: str,
    day: date,
    *,
    seed: int,
    riders: int,
    habits: Habits = _ORDINARY,
    model: DemandModel | None = None,
    improve: int = 0,
) -> Result:
    """Let ``riders`` people of an area call and ride for one day; the same seed gives the same day.

    Parameters
    ----------
    habits
        How punctual people and roads are.
    model
        What the demand is drawn from; None for that of an ordinary day.
    improve
        Iterations of the search that improves the plan after each booking; 0 leaves it as it is.

    Raises
    ------
    SimulationError
        ``area-unknown``, ``too-few-riders``, ``no-places``.
    routing.errors.NoRoad
        A shift begins or ends away from all roads.
    dispatch.verify.PlanRefused
        The engine made a plan the checker refuses: a fault of ours.
    """
    area = find_area(region, area_id)
    wishes = day_of_demand(region, area_id, day, riders=riders, seed=seed, model=model)
    scene = set_scene(region, area, day, wishes)
    lived = live_through(scene, habits, seed, improve)
    return Result(
        manifest=region.manifest,
        area=area,
        day=day,
        seed=seed,
        habits=habits,
        improve=improve,
        measures=measure(lived),
        scene=scene,
        lived=lived,
    )
