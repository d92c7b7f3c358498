"""A village with two buses, and a coordinator who knows the roster's API."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from dispatch.model import VehicleId
from regions.region import Region
from regions.roster_rules import RosterRules

MONDAY = date(2026, 3, 30)
EARLY = "talheim.2026-03-30.frueh"
SECOND = "talheim.2026-03-30.zweit"


def two_buses(region: Region, rules: RosterRules | None = None, **second: Any) -> Region:
    """Return the village with a second bus on the same hours, driven by B. Cramer unless told otherwise."""
    area = region.areas["talheim"]
    early, bus = area.shifts[0], area.vehicles[0]
    other = replace(bus, id=VehicleId("bus-2"), name="Bus 2")
    shift = replace(early, **({"id": "zweit", "vehicle": "bus-2", "driver": "B. Cramer"} | second))
    changed = replace(
        area, vehicles=(bus, other), shifts=(early, shift), roster=rules or area.roster
    )
    return replace(region, areas={"talheim": changed})


class Coordinator:
    """Speaks to the roster's endpoints; every answer is the response."""

    def __init__(self, server: Any) -> None:
        self.server, self.client = server, server.client

    def shift(self, shift_id: str = EARLY) -> dict[str, Any]:
        """Return a shift as it is now."""
        answer = self.client.get(f"/v1/shifts/{shift_id}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
        return dict(answer.json())

    def act(self, what: str, shift_id: str = EARLY, seen: object = None, **body: Any) -> Any:
        """Change a shift, as it is now unless ``seen`` says another version."""
        version = self.shift(shift_id)["version"] if seen is None else seen
        return self.client.post(
            f"/v1/shifts/{shift_id}/{what}", json=body, headers={"If-Match": f'"{version}"'}
        )

    def done(self, what: str, shift_id: str = EARLY, **body: Any) -> dict[str, Any]:
        """Change a shift; it must work."""
        answer = self.act(what, shift_id, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def create(self, path: str, key: str | None = None, **body: Any) -> Any:
        """Create something in the village."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self.client.post(f"/v1/{path}", json=body, headers=headers)

    def driver(self, name: str, **more: Any) -> str:
        """Register a driver; their id."""
        answer = self.create("drivers", area_id="talheim", name=name, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])
