"""Prepared data on disk: make a region, open it, generate one, draw its map tiles."""
