"""From the tags of an extract to the address table."""

from routing.build.addresses.build import build_addresses

__all__ = ["build_addresses"]
