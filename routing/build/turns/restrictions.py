"""Turn restrictions as they stand in an extract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.build.tags import TagReader

_UNTIL = ("hour_on", "day_on")
"""Old keys for restrictions that hold at certain hours or on certain days."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Who comes from one of `origins` over the via must not (`only`: must) go on into `targets` (ways).

    The via is the node `via`, or the ways `vias` one after the other, and `via` is 0.
    """

    origins: tuple[int, ...]
    via: int
    targets: tuple[int, ...]
    only: bool
    u_turn: bool
    vias: tuple[int, ...] = ()


def read_restriction(
    tags: Mapping[str, str], members: Sequence[tuple[str, int, str]], reader: TagReader
) -> Restriction | None:
    """Read a restriction relation; None if it does not bind the vehicle or cannot be applied.

    `members` are triples of type ("n", "w", "r"), id and role.
    """
    keys = reader.profile.access_keys
    binding = (key for key in keys if key not in reader.profile.only_open)
    named = (tags[key] for key in (f"restriction:{name}" for name in binding) if key in tags)
    value = next(named, tags.get("restriction"))
    if value is None or "@" in value or any(key in tags for key in _UNTIL):
        reader.ignored[
            "turn restrictions that are time-dependent or for other vehicles, which"
        ] += 1
        return None
    if not set(tags.get("except", "").replace(" ", "").split(";")).isdisjoint(keys):
        return None
    origins = tuple(ref for kind, ref, role in members if kind == "w" and role == "from")
    targets = tuple(ref for kind, ref, role in members if kind == "w" and role == "to")
    nodes = [ref for kind, ref, role in members if kind == "n" and role == "via"]
    ways = tuple(ref for kind, ref, role in members if kind == "w" and role == "via")
    one_via = len(nodes) == 1 if not ways else not nodes
    if not value.startswith(("no_", "only_")) or not origins or not targets or not one_via:
        reader.ignored["incomplete turn restrictions, which"] += 1
        return None
    only, u_turn = value.startswith("only_"), value.endswith("_u_turn")
    return Restriction(origins, nodes[0] if nodes else 0, targets, only, u_turn, ways)
