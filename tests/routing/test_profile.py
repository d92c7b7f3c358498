from pathlib import Path

import pytest

from routing.errors import ProfileError
from routing.profile import load_profile

MINIBUS = Path(__file__).parents[2] / "routing" / "profiles" / "minibus.toml"


def test_the_packaged_minibus() -> None:
    profile = load_profile()
    assert profile.name == "minibus"
    assert load_profile(MINIBUS) == profile
    for name, road in profile.roads.items():
        assert 0 < road.speed <= road.at_most <= profile.top_speed, name


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("top_speed = 100", "top_speed = -3", "profile-invalid", "top_speed"),
        ("top_speed = 100", "top_speed = 3000", "profile-invalid", "at most 200"),
        ("top_speed = 100", "top_speed = nan", "profile-invalid", "top_speed"),
        ("top_speed = 100", "", "profile-incomplete", "top_speed"),
        ("top_speed = 100", "top_speed = = 3", "profile-unreadable", "line"),
        ("share_of_limit = 0.85", "share_of_limit = 1.7", "profile-invalid", "share_of_limit"),
        ("{ speed = 7,", "{ speed = 'slow',", "profile-invalid", "living_street.speed"),
        ("{ speed = 7,", "{ sped = 7,", "profile-invalid", "sped"),
        ("walk = 7\n", "walk = 0\n", "profile-invalid", "limits.walk"),
        ("[barriers]", "[bariers]", "profile-incomplete", "barriers"),
        ('grades = ["grade1"]', 'grades = "grade1"', "profile-invalid", "tracks.grades"),
        ('grades = ["grade1"]', "grades = [1]", "profile-invalid", "list of texts"),
        ("allowed = false", "allowed = 'false'", "profile-invalid", "tracks.allowed"),
        ("oneway = true", "oneway = 1", "profile-invalid", "roads.motorway.oneway"),
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
