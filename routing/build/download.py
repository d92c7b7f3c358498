"""Obtaining the extract of a named place from OpenStreetMap; the only part that needs the internet."""

import http.client
import shutil
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import osmnx
from osmnx._errors import ResponseStatusCodeError

from routing.build.osm import check_extract
from routing.errors import ExtractError

MARGIN_DEGREES = 0.01
"""Added on every side of the place's bounding box, so that roads along its edge stay connected."""

LARGEST_DEGREES = 0.6
"""Width or height beyond which the public server would give up: a county still fits."""

_TAIL_BYTES = 4096

# Everything in the box, and of the relations only those that matter: a long-distance route or the border of a
# country would bring in half a continent.
_QUERY = """[out:xml][timeout:{timeout}];
(
  node({box});
  way({box});
  rel({box})[type=restriction];
  rel({box})[boundary=administrative][admin_level~"^([6-9]|1[0-2])$"];
);
(._; >;);
out body;
"""


def download_place(place: str, target: Path) -> Path:
    """Save the extract around `place` (as one would type it into a map) as `target`, an ``.osm`` file.

    The place is found through osmnx, the data come from the server that osmnx is set to. An existing `target`
    is replaced only by a complete extract.

    Raises
    ------
    ExtractError
        No internet (``no-internet``), the place is unknown (``place-unknown``) or too large
        (``place-too-large``), or the server refuses or breaks off (``download-failed``).
    """
    box = _bounding_box(place)
    query = _QUERY.format(timeout=int(osmnx.settings.requests_timeout), box=box)
    part = target.with_name(f".{target.name.removesuffix('.osm')}.part.osm")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        _fetch(query, part, place)
        check_extract(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _bounding_box(place: str) -> str:
    """Return "south,west,north,east" of a place in degrees, with a margin."""
    osmnx.settings.use_cache = (
        False  # osmnx would leave a cache folder where the command was called
    )
    try:
        found = osmnx.geocode_to_gdf(place)
    except OSError as error:
        raise _no_internet(place) from error
    except ResponseStatusCodeError as error:  # a ValueError, too
        raise ExtractError(
            "download-failed",
            f'The OpenStreetMap server refused to look up "{place}": try again in some minutes.',
        ) from error
    except (ValueError, TypeError) as error:
        raise ExtractError(
            "place-unknown",
            f'OpenStreetMap knows no town or municipality "{place}" ({error}): '
            'name it with its country, such as "Bad Boll, Deutschland".',
        ) from error
    west, south, east, north = (float(value) for value in found.total_bounds)
    if max(east - west, north - south) > LARGEST_DEGREES:
        raise ExtractError(
            "place-too-large",
            f'"{place}" is too large to be fetched piece by piece: download an .osm.pbf extract of it '
            "and use --osm.",
        )
    sides = (south - MARGIN_DEGREES, west - MARGIN_DEGREES)
    return ",".join(
        f"{side:.6f}" for side in (*sides, north + MARGIN_DEGREES, east + MARGIN_DEGREES)
    )


def _fetch(query: str, part: Path, place: str) -> None:
    """Send `query` to the server and save its answer as `part`."""
    request = urllib.request.Request(  # noqa: S310 - the address comes from osmnx's settings
        osmnx.settings.overpass_url.rstrip("/") + "/interpreter",
        data=urllib.parse.urlencode({"data": query}).encode(),
        headers={"User-Agent": osmnx.settings.http_user_agent},
    )
    try:
        with (
            urllib.request.urlopen(request, timeout=osmnx.settings.requests_timeout) as answer,  # noqa: S310 - same
            part.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file)
    except urllib.error.HTTPError as error:
        error.close()
        raise ExtractError(
            "download-failed",
            f'The OpenStreetMap server refused to send "{place}" ({error.code} {error.reason}): '
            "try again in some minutes.",
        ) from error
    except http.client.HTTPException as error:
        raise _broken_off(place) from error
    except OSError as error:
        raise _no_internet(place) from error
    with part.open("rb") as file:
        file.seek(max(part.stat().st_size - _TAIL_BYTES, 0))
        if b"<remark>" in file.read():  # how the server says, with status 200, that it gave up
            raise _broken_off(place)


def _broken_off(place: str) -> ExtractError:
    return ExtractError(
        "download-failed",
        f'The OpenStreetMap server broke off while sending "{place}": try again in some minutes.',
    )


def _no_internet(place: str) -> ExtractError:
    return ExtractError(
        "no-internet",
        f'"{place}" must be fetched from OpenStreetMap, but there is no internet connection: '
        "connect, or give an extract with --osm.",
    )
