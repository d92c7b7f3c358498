"""Rides that meet a public line: found together, booked together, kept together."""
