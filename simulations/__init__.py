"""The planning laboratory: demand, world clock, measures around the same engine."""
