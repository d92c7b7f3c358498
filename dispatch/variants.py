"""The places between which a request may be answered: the door, or stops that are walked to.

An offer's own request is one of these: it boards and leaves where the offer does, and says how long
the walks are (``walk_to_s``, ``walk_from_s``).
"""

from dataclasses import replace
from itertools import product

from dispatch.events import State
from dispatch.model import UNREACHABLE, Access, PlaceIndex, Request


def variants_of(state: State, request: Request) -> tuple[Request, ...]:
    """Return the request for every pair of places with a way between them and usual walks.

    The places the rider named count whatever their walks; they come first.
    """
    policy = state.policy
    return _variants(state, request, policy.walk_s(policy.may_walk_m(request.load)))


def far_variants_of(state: State, request: Request) -> tuple[Request, ...]:
    """Return the variants left out by :func:`variants_of`: a walk is longer than usual."""
    usual = set(variants_of(state, request))
    every = _variants(state, request, None)
    return tuple(variant for variant in every if variant not in usual)


def _variants(state: State, request: Request, walk_at_most_s: int | None) -> tuple[Request, ...]:
    named = replace(request, near_origin=(), near_destination=()) if _near(request) else request
    if named is request:
        return (request,) if _has_way(state, request.origin, request.destination) else ()
    origins = _places(request.origin, request.walk_to_s, request.near_origin, walk_at_most_s)
    goals = _places(
        request.destination, request.walk_from_s, request.near_destination, walk_at_most_s
    )
    return tuple(
        replace(
            named,
            origin=origin.place,
            destination=goal.place,
            walk_to_s=origin.walk_s,
            walk_from_s=goal.walk_s,
        )
        for origin, goal in product(origins, goals)
        if _has_way(state, origin.place, goal.place)
    )


def _near(request: Request) -> bool:
    return bool(request.near_origin or request.near_destination)


def _places(
    named: PlaceIndex, walk_s: int, near: tuple[Access, ...], at_most_s: int | None
) -> list[Access]:
    """List the place named and those near it, each place once with its shortest walk."""
    walks = {named: walk_s}
    for access in near:
        if at_most_s is None or access.walk_s <= at_most_s:
            walks[access.place] = min(walks.get(access.place, access.walk_s), access.walk_s)
    return [Access(place, walk) for place, walk in walks.items()]


def _has_way(state: State, origin: PlaceIndex, destination: PlaceIndex) -> bool:
    return origin != destination and int(state.travel.seconds[origin, destination]) < UNREACHABLE
