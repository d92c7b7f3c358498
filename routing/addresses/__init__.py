"""Address search: what people write, say or click, and what they mean."""

from routing.addresses.search import Addresses, Found, FoundKind, Named

__all__ = ["Addresses", "Found", "FoundKind", "Named"]
