"""Timetables: GTFS feeds to frozen arrays, departures, journeys."""
