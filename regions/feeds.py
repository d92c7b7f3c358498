"""Where a region's timetable and its realtime come from: ``[public_transport]`` of its area files."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

from regions.area_fields import Fields


@dataclass(frozen=True, slots=True)
class RealtimeSource:
    """A GTFS-Realtime feed; ``feed`` is the name of the timetable's feed where that has several."""

    source: str
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Feeds:
    """Addresses (``https://…``) or absolute paths of files.

    Parameters
    ----------
    timetable
        GTFS feeds that together are the timetable; empty: it is renewed by hand.
    realtime
        What is told about it; empty: nothing is.
    """

    timetable: tuple[str, ...] = ()
    realtime: tuple[RealtimeSource, ...] = ()


NO_FEEDS = Feeds()


def read_feeds(root: Fields) -> Feeds:
    """Read ``[public_transport]`` of an area file; none is fine.

    Raises
    ------
    AreaError
        ``area-field``.
    """
    if not root.has("public_transport"):
        return Feeds()
    table = root.table("public_transport")
    table.refuse_unknown("timetable realtime")
    timetable = table.texts("timetable")
    for source in timetable:
        _check(table, "timetable", source)
    realtime = []
    for row in table.tables("realtime"):
        row.refuse_unknown("source feed")
        source = row.text("source")
        _check(row, "source", source)
        realtime.append(RealtimeSource(source, row.get("feed", str, default="")))
    return Feeds(timetable, tuple(realtime))


def all_feeds(feeds: Iterable[Feeds]) -> Feeds:
    """Join what the areas of a region name, each source once."""
    timetable: dict[str, None] = {}
    realtime: dict[RealtimeSource, None] = {}
    for one in feeds:
        timetable |= dict.fromkeys(one.timetable)
        realtime |= dict.fromkeys(one.realtime)
    return Feeds(tuple(timetable), tuple(realtime))


def is_address(source: str) -> bool:
    """Whether a source is fetched from a server, not read from a file."""
    parts = urlsplit(source)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _check(table: Fields, key: str, source: str) -> None:
    if not is_address(source) and not PurePath(source).is_absolute():
        raise table.error(
            key, f"must be an address (https://…) or an absolute path, not {source!r}"
        )
