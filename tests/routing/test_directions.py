"""Turn lists of small drawn towns, whole and in both languages, and what holds for every list."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routing.build.roads import build_roads
from routing.directions import directions
from routing.errors import RoutingError
from routing.graph import RoadGraph
from routing.path import Path as Drive
from routing.profile import load_profile
from routing.snap import Snapper
from routing.travel_times import TravelTimes

METRE = 1 / 111_195.08
Spot = tuple[float, float]

CROSSING = "W -400 0, O 0 0, E 400 0, N 0 400, S 0 -400"
STREET = "highway=residential name="


@pytest.fixture
def told(town: Callable[..., Any]) -> Callable[..., str]:
    """Draw a town and tell the way between two places in metres, one sentence a line."""

    def tell(
        points: str,
        ways: list[str],
        start: Spot,
        goal: Spot,
        language: str = "de",
        form: str = "text",
    ) -> str:
        built = town(points, ways)
        origin, destination = built.at(*start, 30), built.at(*goal, 30)
        pair = built.times.add_many([origin, destination])
        path = built.times.path(pair[0], pair[1])
        asked = goal[0] * METRE, goal[1] * METRE
        steps = directions(built.graph, path, language, asked)
        hold_for(built.graph, path, steps)
        return "\n".join(getattr(step, form) for step in steps)

    return tell


def hold_for(graph: RoadGraph, path: Drive, steps: Any) -> None:
    """Laws: lengths and times add up to the path, it departs first and arrives last, every name lies on it."""
    assert [steps[0].kind, steps[-1].kind] == ["depart", "arrive"]
    assert {step.kind for step in steps[1:-1]}.isdisjoint({"depart", "arrive"})
    assert sum(step.metres for step in steps) == path.metres
    assert sum(step.seconds for step in steps) == path.seconds
    assert min(min(step.metres, step.seconds) for step in steps) >= 0
    names = {graph.names[graph.name[edge]] for edge in path.edges}
    numbers = names | {graph.names[graph.ref[edge]] for edge in path.edges}
    assert {step.street for step in steps} <= names | {""}
    assert {step.number for step in steps} <= {
        number.strip() for text in numbers for number in text.split(";")
    } | {""}
    assert (steps[0].place, steps[-1].place) == (path.geometry[0], path.geometry[-1])
    for step in steps:
        if step.kind in {"depart", "turn"} and step.street:
            assert step.street.split()[-1] in step.text  # what stands before may be inflected


def lines(text: str) -> str:
    """Take the indentation off a block of lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def test_turn_at_a_crossing(told: Any) -> None:
    ways = [f"W O E | {STREET}Hauptstraße", f"N O S | {STREET}Kirchweg"]
    places = (-300, 0), (10, 200)
    assert told(CROSSING, ways, *places) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 300 m links in den Kirchweg abbiegen
        Nach 200 m liegt das Ziel rechts
    """)
    assert told(CROSSING, ways, *places, "en") == lines("""
        Head east on Hauptstraße
        After 300 m, turn left into Kirchweg
        After 200 m, your destination is on the right
    """)
    assert told(CROSSING, ways, *places, form="spoken") == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 300 Metern links in den Kirchweg abbiegen
        Nach 200 Metern liegt das Ziel rechts
    """)


def test_what_to_do_is_said_without_the_distance_too(told: Any) -> None:
    ways = [f"W O E | {STREET}Hauptstraße", f"N O S | {STREET}Am_Markt"]
    places = (-300, 0), (10, 200)
    assert told(CROSSING, ways, *places, form="action") == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Links in „Am Markt“ abbiegen
        Das Ziel liegt rechts
    """)
    assert told(CROSSING, ways, *places, "en", "action_spoken") == lines("""
        Head east on Hauptstraße
        Turn left into Am Markt
        Your destination is on the right
    """)


OFFSET = "W -400 0, O 0 0, P 0 8, E 400 8, N 0 400, S 0 -400"


def test_crossing_whose_arms_do_not_quite_meet_is_one(told: Any) -> None:
    """Nobody drives left and right within the length of a bus: it is straight on, said if the name changes."""
    side = f"N P O S | {STREET}Kirchweg"
    assert told(
        OFFSET, [f"W O | {STREET}Talweg", f"P E | {STREET}Talweg", side], (-300, 0), (300, 8)
    ) == lines(
        """
        Auf dem Talweg Richtung Osten losfahren
        Nach 600 m ist das Ziel erreicht
        """
    )
    assert told(
        OFFSET, [f"W O | {STREET}Talweg", f"P E | {STREET}Am_Bach", side], (-300, 0), (300, 8)
    ) == lines(
        """
        Auf dem Talweg Richtung Osten losfahren
        Nach 300 m geradeaus in „Am Bach“ fahren
        Nach 300 m ist das Ziel erreicht
        """
    )


def test_fork_of_one_street_does_not_repeat_its_name(told: Any) -> None:
    points = "W -400 0, O 0 0, E 400 100, F 400 -100"
    ways = [f"W O E | {STREET}Hauptstraße", f"O F | {STREET}Hauptstraße"]
    assert told(points, ways, (-300, 0), (300, 75)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 300 m links halten
        Nach 300 m ist das Ziel erreicht
    """)


def test_who_starts_at_a_corner_is_sent_into_the_right_street(told: Any) -> None:
    ways = [f"W O E | {STREET}Hauptstraße", f"N O S | {STREET}Kirchweg"]
    assert told(CROSSING, ways, (-4, 0), (0, 200)) == lines("""
        Auf dem Kirchweg Richtung Norden losfahren
        Nach 200 m ist das Ziel erreicht
    """)


def test_straight_on_over_a_crossing_says_nothing(told: Any) -> None:
    ways = [f"W O E | {STREET}Hauptstraße", f"N O S | {STREET}Kirchweg"]
    assert told(CROSSING, ways, (-300, 0), (300, -10)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 600 m liegt das Ziel rechts
    """)


def test_new_name_straight_on(told: Any) -> None:
    ways = [f"W O | {STREET}Hauptstraße", f"O E | {STREET}Am_Bach", f"N O S | {STREET}Kirchweg"]
    assert told(CROSSING, ways, (-300, 0), (300, 0)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 300 m geradeaus in „Am Bach“ fahren
        Nach 300 m ist das Ziel erreicht
    """)
    assert told(CROSSING, ways, (-300, 0), (300, 0), "en", "spoken") == lines("""
        Head east on Hauptstraße
        After 300 metres, go straight into Am Bach
        After 300 metres, you have arrived
    """)


def test_new_name_of_a_through_road_says_nothing(told: Any) -> None:
    road = "highway=secondary name="
    ways = [f"W O | {road}Hauptstraße", f"O E | {road}Talstraße", f"N O S | {STREET}Kirchweg"]
    assert told(CROSSING, ways, (-300, 0), (300, 0)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 600 m ist das Ziel erreicht
    """)


def test_end_of_a_road_at_another(told: Any) -> None:
    ways = [f"W O | {STREET}Weg_am_See", f"N O S | {STREET}Alter_Markt"]
    assert told(CROSSING, ways, (-300, 0), (-10, -200)) == lines("""
        Auf dem Weg am See Richtung Osten losfahren
        Nach 300 m rechts auf den Alten Markt abbiegen
        Nach 200 m liegt das Ziel rechts
    """)


def test_bend_where_one_could_go_straight(told: Any) -> None:
    ways = [f"W O S | {STREET}Hauptstraße", f"O E | {STREET}Kirchweg"]
    assert told(CROSSING, ways, (-300, 0), (0, -300)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 300 m der Straße nach rechts folgen
        Nach 300 m ist das Ziel erreicht
    """)
    assert "follow the road to the right" in told(CROSSING, ways, (-300, 0), (0, -300), "en")


def test_bend_without_junction_and_past_a_driveway_says_nothing(told: Any) -> None:
    ways = [f"W O S | {STREET}Hauptstraße", "O N | highway=service"]
    assert told(CROSSING, ways, (-300, 0), (0, -300)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 600 m ist das Ziel erreicht
    """)


def test_fork(told: Any) -> None:
    points = "W -400 0, O 0 0, A 300 200, B 300 -200"
    ways = [f"W O | {STREET}Hauptstraße", f"O A | {STREET}Bergstraße", f"O B | {STREET}Talstraße"]
    assert told(points, ways, (-300, 0), (300, -200)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 300 m rechts halten und in die Talstraße fahren
        Nach 350 m ist das Ziel erreicht
    """)


ROUND = "W -400 0, A -20 0, B 0 -20, C 20 0, D 0 20, E 400 0, N 0 400, S 0 -400"
ROUND_WAYS = [
    "A B C D A | highway=tertiary junction=roundabout",
    "W A | highway=tertiary name=Hauptstraße",
    "C E | highway=tertiary name=Bahnhofstraße",
    "D N | highway=residential name=Nordring",
    "B S | highway=residential name=Südgasse",
]


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ((0, -300), "Nach 300 m im Kreisverkehr die erste Ausfahrt nehmen, in die Südgasse"),
        ((300, 0), "Nach 300 m im Kreisverkehr die zweite Ausfahrt nehmen, in die Bahnhofstraße"),
        ((0, 300), "Nach 300 m im Kreisverkehr die dritte Ausfahrt nehmen, in den Nordring"),
    ],
)
def test_exits_of_a_roundabout_are_counted(told: Any, goal: Spot, said: str) -> None:
    sentences = told(ROUND, ROUND_WAYS, (-300, 0), goal).splitlines()
    assert sentences == [
        "Auf der Hauptstraße Richtung Osten losfahren",
        said,
        sentences[2],
    ]
    english = told(ROUND, ROUND_WAYS, (-300, 0), (300, 0), "en").splitlines()[1]
    assert english == "After 300 m, at the roundabout take the second exit into Bahnhofstraße"


def test_mini_roundabout_is_a_crossing(told: Any) -> None:
    points = CROSSING.replace("O 0 0", "O 0 0 highway=mini_roundabout")
    ways = [f"W O E | {STREET}Hauptstraße", f"N O S | {STREET}Kirchweg"]
    assert told(points, ways, (-300, 0), (0, 200)).splitlines()[1] == (
        "Nach 300 m links in den Kirchweg abbiegen"
    )


def test_road_with_a_number_only(told: Any) -> None:
    ways = [f"W O | {STREET}Hauptstraße", "N O S | highway=primary ref=B10"]
    assert told(CROSSING, ways, (-300, 0), (0, 300)) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 300 m links auf die B10 abbiegen
        Nach 300 m ist das Ziel erreicht
    """)
    assert "turn left onto the B10" in told(CROSSING, ways, (-300, 0), (0, 300), "en")


MOTORWAY = [
    "A B C D | highway=trunk ref=B10 oneway=yes",
    "H B | highway=trunk_link oneway=yes",
    "C K | highway=trunk_link oneway=yes",
    "G H | highway=tertiary name=Zufahrtsstraße",
    "K L | highway=tertiary name=Dorfstraße",
    "D L | highway=tertiary name=Dorfstraße",
    "G A | highway=tertiary name=Zufahrtsstraße",
    "H I | highway=tertiary name=Zufahrtsstraße",
    "L I | highway=tertiary name=Zufahrtsstraße",
]
MOTORWAY_POINTS = "A -900 0, B 0 0, C 2000 0, D 2600 0, H -300 -60, G -600 -200, K 2300 -60, L 2600 -200, I 0 -2000"


def test_ramps(told: Any) -> None:
    assert told(MOTORWAY_POINTS, MOTORWAY, (-500, -153), (2500, -153)) == lines("""
        Auf der Zufahrtsstraße Richtung Nordosten losfahren
        Nach 200 m links auf die B10 auffahren
        Nach 2,3 km rechts die Ausfahrt nehmen
        Nach 550 m ist das Ziel erreicht
    """)


def test_dead_end_is_left_by_turning_round(town: Any) -> None:
    points = "W -400 0, O 0 0, E 100 0, N 0 400"
    ways = [f"W O | {STREET}Hauptstraße", f"O E | {STREET}Hauptstraße", f"O N | {STREET}Kirchweg"]
    built = town(points, ways, ["no_left_turn 1 O 3"])
    pair = built.times.add_many([built.at(-300, 0), built.at(0, 300)])
    path = built.times.path(pair[0], pair[1])
    steps = directions(built.graph, path, "de")
    hold_for(built.graph, path, steps)
    assert "\n".join(step.text for step in steps) == lines("""
        Auf der Hauptstraße Richtung Osten losfahren
        Nach 400 m wenden
        Nach 100 m rechts in den Kirchweg abbiegen
        Nach 300 m ist das Ziel erreicht
    """)


def test_destination_on_the_first_street(told: Any) -> None:
    ways = [f"W O E | {STREET}Lange_Straße"]
    assert told("W -400 0, O 0 0, E 400 0", ways, (300, 0), (-1000 / 3, 12)) == lines("""
        Auf der Langen Straße Richtung Westen losfahren
        Nach 650 m liegt das Ziel rechts
    """)


def test_where_one_is_already(told: Any) -> None:
    ways = [f"W O E | {STREET}Hauptstraße"]
    text = told("W -400 0, O 0 0, E 400 0", ways, (100, 0), (100, 0))
    assert text.splitlines()[1] == "Gleich danach ist das Ziel erreicht"


def test_unknown_language(town: Any) -> None:
    built = town("W 0 0, E 400 0", [f"W E | {STREET}Hauptstraße"])
    pair = built.times.add_many([built.at(100, 0), built.at(300, 0)])
    with pytest.raises(RoutingError, match="only in de and en"):
        directions(built.graph, built.times.path(pair[0], pair[1]), "fr")


@pytest.mark.data
@pytest.mark.parametrize(
    "extract", ["liechtenstein-2026-03-29.osm.pbf", "north-bayreuth-2014.osm.gz"]
)
def test_laws_hold_on_real_roads(data_dir: Path, extract: str) -> None:
    graph, _ = build_roads(data_dir / "osm" / extract, load_profile())
    snapper, times, chance = Snapper(graph), TravelTimes(graph), random.Random(7)
    edges = np.flatnonzero(graph.way_id)
    for _ in range(200):
        asked = []
        for edge in chance.choices(edges.tolist(), k=2):
            lon, lat = graph.shape(edge)
            asked.append(
                (lon[-1] + chance.uniform(-2, 2) * 1e-4, lat[-1] + chance.uniform(-2, 2) * 1e-4)
            )
        pair = [times.add(snapper.snap(*spot, 200)) for spot in asked]
        path = times.path(pair[0], pair[1])
        for language in ("de", "en"):
            hold_for(graph, path, directions(graph, path, language, asked[1]))
