"""What the tags of a road mean for the vehicle."""

from routing.build.tags.reader import UNKNOWN, TagReader, WayUse

__all__ = ["UNKNOWN", "TagReader", "WayUse"]
