"""Lengths on the ground."""

import math

import numpy as np
import numpy.typing as npt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG), as OSM tools use it."""

METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180.0
"""Of latitude, and of longitude on the equator."""

Float64 = npt.NDArray[np.float64]


def lengths_m(lon1: Float64, lat1: Float64, lon2: Float64, lat2: Float64) -> Float64:
    """Return great-circle distances in metres between places in degrees (haversine; arrays or scalars)."""
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half_lat = np.sin((phi2 - phi1) / 2)
    half_lon = np.sin(np.radians(lon2 - lon1) / 2)
    chord = half_lat * half_lat + np.cos(phi1) * np.cos(phi2) * half_lon * half_lon
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))
