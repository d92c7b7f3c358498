from pathlib import Path

import pytest

from routing.errors import ProfileError
from routing.profile import load_profile

MINIBUS = Path(__file__).parents[2] / "routing" / "profile" / "minibus.toml"


def test_the_packaged_minibus() -> None:
    profile = load_profile()
    assert profile.name == "minibus"
    assert load_profile(MINIBUS) == profile
    for name, road in profile.roads.items():
        assert 0 < road.speed.inside <= road.speed.outside <= road.at_most <= profile.top_speed, (
            name
        )
    assert profile.share_of_limit.inside <= profile.share_of_limit.outside
    assert load_profile(winter=True) == profile.in_winter() != profile


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("top_speed = 100", "top_speed = -3", "profile-invalid", "top_speed"),
        ("top_speed = 100", "top_speed = 3000", "profile-invalid", "1 to 200 km/h"),
        ("top_speed = 100", "top_speed = nan", "profile-invalid", "top_speed"),
        ("top_speed = 100", "", "profile-incomplete", "top_speed"),
        ("top_speed = 100", "top_speed = = 3", "profile-unreadable", "line"),
        ("outside = 0.83", "outside = 1.7", "profile-invalid", "share_of_limit.outside"),
        ("outside = 0.83", "outside = true", "profile-invalid", "share_of_limit.outside"),
        ("outside = 0.83, ", "", "profile-incomplete", "outside"),
        ("{ outside = 7,", "{ outside = 'slow',", "profile-invalid", "living_street.outside"),
        ("{ outside = 7,", "{ outsite = 7,", "profile-invalid", "outsite"),
        ("walk = 7\n", "walk = 0\n", "profile-invalid", "limits.walk"),
        ("[barriers]", "[bariers]", "profile-invalid", "unknown key 'bariers'"),
        ("[barriers]\nclosed", "[barriers]\nclosd", "profile-invalid", "closd"),
        ("[winter]\nother = 0.85", "[winter]\n", "profile-incomplete", "other"),
        ('grades = ["grade1"]', 'grades = "grade1"', "profile-invalid", "tracks.grades"),
        ('grades = ["grade1"]', "grades = [1]", "profile-invalid", "list of texts"),
        ("allowed = false", "allowed = 'false'", "profile-invalid", "tracks.allowed"),
        ("oneway = true", "oneway = 1", "profile-invalid", "roads.motorway.oneway"),
        ("maxheight = 2.8", "maxheight = -1", "profile-invalid", "vehicle.maxheight"),
        ("maxheight = 2.8", "maxheigth = 2.8", "profile-invalid", "maxheigth"),
        ("left_s = 6", "left_s = -6", "profile-invalid", "turns.left_s"),
        ("left_s = 6", "left_s = 6\nu_turn_s = 1", "profile-invalid", "u_turn_s"),
        ('busy = ["trunk"', 'busy = ["trunks"', "profile-invalid", "trunks"),
        ("minor_road = 5", "minor_road = 90000", "profile-invalid", "delays.minor_road"),
        ('"highway=stop" = 8', '"highway=stop" = -8', "profile-invalid", "highway=stop"),
        ('"highway=stop" = 8', '"amenity=bench" = 8', "profile-invalid", "amenity=bench"),
        ('"highway=stop" = 8', '"highway" = 8', "profile-invalid", "'highway'"),
        ('lights = ["highway=tra', 'lights = ["highway=tar', "profile-invalid", "delays.lights"),
        ("together = 40", "together = -1", "profile-invalid", "delays.together"),
        ("boarding = 420", "boarding = inf", "profile-invalid", "ferries.boarding"),
        ("speed = 8\n", "speed = 800\n", "profile-invalid", "ferries.speed"),
        ("tertiary = 0.88", "tertiary = 1.2", "profile-invalid", "winter.roads.tertiary"),
        ("tertiary = 0.88", "tertiry = 0.8", "profile-invalid", "tertiry"),
        ("{ below = 2.8, speed = 20 }", "{ below = 2.8 }", "profile-incomplete", "speed"),
        ("{ below = 2.8, speed = 20 }", "3", "profile-invalid", "narrow.at_most"),
        (
            "destination_share = 0.6",
            "destination_share = 0",
            "profile-invalid",
            "destination_share",
        ),
        ("gravel = 25", "gravel = -25", "profile-invalid", "at_most.surface.gravel"),
        ("[barriers]", "barriers = 3\n[other]", "profile-i", ""),
    ],
)
def test_a_bad_profile_is_one_clear_line(
    tmp_path: Path, old: str, new: str, code: str, words: str
) -> None:
    text = MINIBUS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "bad.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    assert caught.value.code.startswith(code)
    assert words in caught.value.message
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message


def test_an_absent_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        load_profile(tmp_path / "none.toml")
    assert caught.value.code == "profile-unreadable"
