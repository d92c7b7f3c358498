"""From bytes to a message that can be trusted this far: it is one, small enough, and of now."""

from dataclasses import dataclass

from google.protobuf.message import DecodeError
from google.transit.gtfs_realtime_pb2 import FeedHeader, FeedMessage

from gtfs.errors import FeedError


@dataclass(frozen=True, slots=True)
class RealtimeLimits:
    """What a realtime feed may be.

    Parameters
    ----------
    bytes, entities
        Largest message read.
    stale_s
        Told longer ago than this, it is ignored.
    ahead_s
        So far the clock of whoever tells may run ahead of ours.
    delay_s
        A delay beyond it, either way, is taken for a mistake.
    added
        As many trips that are not in the timetable are taken; the day is laid out with them again and again.
    """

    bytes: int = 32 * 2**20
    entities: int = 200_000
    stale_s: int = 15 * 60
    ahead_s: int = 5 * 60
    delay_s: int = 12 * 3600
    added: int = 5_000


def parse(data: bytes, now_s: int, limits: RealtimeLimits) -> FeedMessage:
    """Read a message told at the UNIX time ``now_s`` or not long before; its header has a timestamp.

    Raises
    ------
    FeedError
        ``realtime-too-large``, ``realtime-unreadable``, ``realtime-differential``, ``realtime-ahead``,
        ``realtime-stale``.
    """
    if len(data) > limits.bytes:
        raise FeedError(
            "realtime-too-large",
            f"The realtime feed has {len(data)} bytes, at most {limits.bytes} are read.",
        )
    message = FeedMessage()
    try:
        message.ParseFromString(data)
        whole = message.IsInitialized()
    except DecodeError:
        whole = False
    if not whole:
        begins = " ".join(data[:40].decode(errors="replace").split())
        raise FeedError(
            "realtime-unreadable",
            f"This is no GTFS-Realtime message (it begins with {begins!r}); look at the address.",
        )
    if len(message.entity) > limits.entities:
        raise FeedError(
            "realtime-too-large",
            f"The realtime feed has {len(message.entity)} entities, at most {limits.entities} are read.",
        )
    header = message.header
    if header.incrementality == FeedHeader.DIFFERENTIAL:
        raise FeedError(
            "realtime-differential",
            "The realtime feed tells differences only, which the standard does not support; "
            "ask for the full data set.",
        )
    # a feed that does not say when it was told is taken to be of now
    header.timestamp = header.timestamp or now_s
    _check_age(now_s - header.timestamp, limits)
    return message


def _check_age(age_s: int, limits: RealtimeLimits) -> None:
    if age_s < -limits.ahead_s:
        raise FeedError(
            "realtime-ahead",
            f"The realtime feed is dated {-age_s} s in the future; one of the two clocks is wrong.",
        )
    if age_s > limits.stale_s:
        raise FeedError(
            "realtime-stale",
            f"The realtime feed was told {age_s} s ago, more than {limits.stale_s} s: it is ignored.",
        )
