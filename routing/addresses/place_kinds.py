"""Kinds of places riders go to (doctor, pharmacy, town hall, ...), read from `place_kinds.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """One kind of place: how it is shown, what people call it, which OSM tags mean it."""

    id: str
    label: str
    words: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    unnamed: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The label and every other word for the kind."""
        return (self.label, *self.words)


@cache
def place_kinds() -> Mapping[str, PlaceKind]:
    """All kinds by id, in the order of the file."""
    text = files("routing.addresses").joinpath("place_kinds.toml").read_text(encoding="utf-8")
    return {
        name: PlaceKind(
            id=name,
            label=table["label"],
            words=tuple(table["words"]),
            tags=tuple(_key_value(tag) for tag in table["tags"]),
            unnamed=table["unnamed"],
        )
        for name, table in tomllib.loads(text).items()
    }


@cache
def tag_keys() -> tuple[str, ...]:
    """OSM keys that may make something a place of some kind, sorted."""
    return tuple(sorted({key for kind in place_kinds().values() for key, _ in kind.tags}))


def kind_of(tags: Mapping[str, str]) -> PlaceKind | None:
    """Kind of the OSM object with these tags; an exact value goes before ``key=*``."""
    by_tag = _kinds_by_tag()
    pairs = [(key, tags[key]) for key in tag_keys() if key in tags]
    exact = [by_tag[pair] for pair in pairs if pair in by_tag]
    loose = [by_tag[key, "*"] for key, _ in pairs if (key, "*") in by_tag]
    return next(iter(sorted(exact, key=_order_in_file) + loose), None)


@cache
def _kinds_by_tag() -> Mapping[tuple[str, str], PlaceKind]:
    return {tag: kind for kind in place_kinds().values() for tag in kind.tags}


def _order_in_file(kind: PlaceKind) -> int:
    return tuple(place_kinds()).index(kind.id)


def _key_value(tag: str) -> tuple[str, str]:
    key, _, value = tag.partition("=")
    return key, value
