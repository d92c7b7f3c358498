"""The vehicle: which roads it may use and how fast, as data."""

from routing.profile.profile import Delays, Pair, Profile, RoadClass, TurnCosts, load_profile

__all__ = ["Delays", "Pair", "Profile", "RoadClass", "TurnCosts", "load_profile"]
