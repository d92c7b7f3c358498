"""A path as a list of steps that a driver can read or be told."""

from dataclasses import dataclass
from functools import partial

from routing.directions.chatter import without_chatter
from routing.directions.drive import Drive, drive_of, side_of
from routing.directions.junctions import Roads, first_bearing
from routing.directions.maneuvers import Kind, Maneuver, Turn, maneuvers
from routing.directions.wording import language
from routing.graph import RoadGraph
from routing.path import Path
from routing.spot import Spot

NAMED_WITHIN_M = 60
"""Metres on a new road within which its name must begin: a piece without one belongs to the junction."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on a path.

    Attributes
    ----------
    kind, turn
        What to do and where to: "left", "slight_left", ...; for `arrive` the side of the road, "" if unknown.
    angle
        Degrees turned, right positive.
    exit
        Which exit of a roundabout to take, from 1; 0 where none is.
    metres, seconds
        From the step before; all steps together make the path.
    place
        Longitude and latitude.
    street, number
        Name and number of the road that begins here, "" where it has none.
    text, spoken
        The sentence to read, and the one for a voice.
    action, action_spoken
        The same without the distance, for where it is counted down beside it.
    """

    kind: Kind
    turn: Turn
    angle: float
    exit: int
    metres: int
    seconds: int
    place: Spot
    street: str
    number: str
    text: str
    spoken: str
    action: str
    action_spoken: str


def directions(
    graph: RoadGraph, path: Path, code: str, asked: Spot | None = None
) -> tuple[Step, ...]:
    """Return the steps of a path: the first is to depart, the last to arrive.

    Parameters
    ----------
    graph
        The roads on which the path was found.
    code
        Language: the name of a file in `languages`.
    asked
        The coordinate asked for as destination; the last step then tells the side of the road.

    Raises
    ------
    RoutingError
        ``language-unknown``.
    """
    words, roads, drive = language(code), Roads(graph), drive_of(graph, path)
    last = len(drive.edges) - 1
    whole = [
        Maneuver("depart", "", -1, 0, 0.0),
        *maneuvers(roads, drive.edges),
        Maneuver("arrive", side_of(path, asked), last, last, 0.0),
    ]
    whole = without_chatter(roads, drive, whole, partial(_named, roads, drive))
    heading = words.compass(_heading(roads, drive, path, whole[0].onto))
    steps: list[Step] = []
    before = (0, 0)
    for maneuver, following in zip(whole, [*whole[1:], whole[-1]], strict=True):
        here = drive.driven(maneuver.at)
        metres = here[0] - before[0]
        street, number = _named(roads, drive, maneuver, following.at)
        is_known = maneuver.kind == "keep" and steps[-1].street == street
        gaps = {
            "road": "" if is_known else street or number,
            "number": number,
            "turn": words.turn(maneuver.turn),
            "ordinal": words.ordinal(maneuver.exit),
            "compass": heading,
        }
        say = partial(words.sentence, _sentence_of(maneuver), words=gaps)
        steps.append(
            Step(
                kind=maneuver.kind,
                turn=maneuver.turn,
                angle=round(maneuver.angle, 1),
                exit=maneuver.exit,
                metres=metres,
                seconds=here[1] - before[1],
                place=drive.place(maneuver.at),
                street=street,
                number=number,
                text=say(metres, form="written"),
                spoken=say(metres, form="spoken"),
                action=say(None, form="written"),
                action_spoken=say(None, form="spoken"),
            )
        )
        before = here
    return tuple(steps)


def _heading(roads: Roads, drive: Drive, path: Path, onto: int) -> float:
    """Return the compass direction in which the road with which a drive begins sets out."""
    if onto:
        return roads.bearing_at_start(drive.edges[onto])
    return first_bearing(path.points.tolist())


def _named(roads: Roads, drive: Drive, maneuver: Maneuver, until: int) -> tuple[str, str]:
    """Return name and number of the road that begins with a maneuver and is driven at least up to `until`."""
    start = drive.driven(maneuver.onto - 1)[0]
    for index in range(maneuver.onto, max(until, maneuver.onto) + 1):
        if drive.driven(index - 1)[0] - start > NAMED_WITHIN_M:
            break
        edge = drive.edges[index]
        if roads.street(edge) or roads.number(edge):
            return roads.street(edge), roads.number(edge)
    return "", ""


def _sentence_of(maneuver: Maneuver) -> str:
    """Return which sentence of a language describes a maneuver."""
    if maneuver.kind == "keep" and maneuver.turn == "straight":
        return "keep_straight"
    if maneuver.kind == "roundabout" and not maneuver.exit:
        return "roundabout_inside"
    if maneuver.kind == "arrive" and maneuver.turn:
        return f"arrive_{maneuver.turn}"
    return maneuver.kind
