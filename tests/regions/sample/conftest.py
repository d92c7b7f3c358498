"""A generated extract as plain Python, and the default sample that many tests look at."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import osmium
import pytest

from regions.sample import SampleFiles, write_sample

Tags = dict[str, str]
DRIVABLE = {
    "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service",
}  # fmt: skip


@dataclass
class Extract:
    """Everything in an extract; positions in degrees x 10^7."""

    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: dict[int, tuple[list[int], Tags]] = field(default_factory=dict)
    relations: dict[int, tuple[list[tuple[str, int, str]], Tags]] = field(default_factory=dict)
    order: list[tuple[str, int]] = field(default_factory=list)

    @property
    def tags(self) -> list[Tags]:
        """Tags of all objects that have any."""
        everything = [*self.node_tags.values(), *(t for _, t in self.ways.values())]
        return [tags for tags in (*everything, *(t for _, t in self.relations.values())) if tags]

    @property
    def drivable(self) -> list[tuple[list[int], Tags]]:
        """Ways the bus may drive."""
        return [way for way in self.ways.values() if way[1].get("highway") in DRIVABLE]

    def count(self, key: str, value: str) -> int:
        """Count the objects with this tag."""
        return sum(tags.get(key) == value for tags in self.tags)


def _read(path: Path) -> Extract:
    extract = Extract()
    for item in osmium.FileProcessor(str(path)):
        tags = dict(item.tags)
        extract.order.append((item.type_str(), item.id))
        if item.is_node():
            extract.places[item.id] = (item.location.x, item.location.y)
            if tags:
                extract.node_tags[item.id] = tags
        elif item.is_way():
            extract.ways[item.id] = ([node.ref for node in item.nodes], tags)
        else:
            members = [(m.type, m.ref, m.role) for m in item.members]
            extract.relations[item.id] = (members, tags)
    return extract


@pytest.fixture(scope="session")
def read_extract() -> Callable[[Path], Extract]:
    """Reader of extracts."""
    return _read


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """Files of the default region."""
    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def extract(sample: SampleFiles) -> Extract:
    """Extract of the default region."""
    return _read(sample.osm)
