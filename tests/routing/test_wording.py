"""How the languages speak of roads and distances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.directions.wording import language, people_say


@pytest.mark.parametrize(
    ("name", "into", "on"),
    [
        ("Kirchstraße", "in die Kirchstraße", "auf der Kirchstraße"),
        ("Landstrasse", "in die Landstrasse", "auf der Landstrasse"),
        ("Bayreuther Straße", "in die Bayreuther Straße", "auf der Bayreuther Straße"),
        ("Lange Straße", "in die Lange Straße", "auf der Langen Straße"),
        ("Sächsische Straße", "in die Sächsische Straße", "auf der Sächsischen Straße"),
        ("Marianne Straße", "in die Marianne Straße", "in „Marianne Straße“"),
        ("Straße des 17. Juni", "in die Straße des 17. Juni", "auf der Straße des 17. Juni"),
        ("Kreuzgass", "in die Kreuzgass", "auf der Kreuzgass"),
        ("Marktweg", "in den Marktweg", "auf dem Marktweg"),
        ("Alter Weg", "in den Alten Weg", "auf dem Alten Weg"),
        ("Hoher Rain", "in den Hohen Rain", "im Hohen Rain"),
        ("Nürnberger Weg", "in den Nürnberger Weg", "auf dem Nürnberger Weg"),
        ("Marktplatz", "auf den Marktplatz", "auf dem Marktplatz"),
        ("Platz der Einheit", "auf den Platz der Einheit", "auf dem Platz der Einheit"),
        ("Großer Markt", "auf den Großen Markt", "auf dem Großen Markt"),
        ("Neue Brücke", "auf die Neue Brücke", "auf der Neuen Brücke"),
        ("Ortsumgehung", "auf die Ortsumgehung", "auf der Ortsumgehung"),
        ("B 10", "auf die B 10", "auf der B 10"),
        ("St 2163", "auf die St 2163", "auf der St 2163"),
        ("28", "auf die 28", "auf der 28"),
        ("Am Bach", "in „Am Bach“", "in „Am Bach“"),
        ("An der Alten Straße", "in „An der Alten Straße“", "in „An der Alten Straße“"),
        ("Unter den Linden", "in „Unter den Linden“", "in „Unter den Linden“"),
        ("Oberdorf", "in „Oberdorf“", "in „Oberdorf“"),
        ("Amselweg", "in den Amselweg", "auf dem Amselweg"),
        ("Hauptstraße/Rue Principale", "in „Hauptstraße/Rue Principale“", "in „Hauptstraße/Rue Principale“"),
    ],
)  # fmt: skip
def test_german_names(name: str, into: str, on: str) -> None:
    assert (language("de").into(name), language("de").on(name)) == (into, on)


def test_english_names() -> None:
    assert language("en").into("Kirchstraße") == "into Kirchstraße"
    assert language("en").into("B 10") == "onto the B 10"


@given(st.text(min_size=1), st.sampled_from(["de", "en"]))
def test_any_name_fits(name: str, code: str) -> None:
    """Law: every language says something about any name, and says it whole where it does not inflect it."""
    assert len(language(code).into(name)) > len(name)
    assert len(language(code).on(name)) > len(name)


@pytest.mark.parametrize(
    ("metres", "written", "spoken"),
    [
        (3, "Gleich danach", "Gleich danach"),
        (47, "Nach 50 m", "Nach 50 Metern"),
        (312, "Nach 300 m", "Nach 300 Metern"),
        (974, "Nach 950 m", "Nach 950 Metern"),
        (975, "Nach 1 km", "Nach einem Kilometer"),
        (1234, "Nach 1,2 km", "Nach 1,2 Kilometern"),
        (1960, "Nach 2 km", "Nach 2 Kilometern"),
        (12_345, "Nach 12 km", "Nach 12 Kilometern"),
    ],
)
def test_distances(metres: int, written: str, spoken: str) -> None:
    german = language("de")
    assert (german.when(metres, "written"), german.when(metres, "spoken")) == (written, spoken)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_distances_grow(one: int, other: int) -> None:
    """Law: what is farther is never said to be nearer, and no more than a tenth or 25 m off."""
    low, high = sorted((one, other))
    assert people_say(low) <= people_say(high)
    assert abs(people_say(low) - low) <= max(25, low / 10)


def test_a_voice_gets_no_abbreviations() -> None:
    german = language("de")
    assert german.aloud("in die Bahnhofstr.") == "in die Bahnhofstraße"
    assert german.aloud("in „St. Martins-Ring“") == "in Sankt Martins-Ring"


def test_languages_say_the_same() -> None:
    """Law: each language has every sentence and word that another has."""
    tables = [language(code).table for code in ("de", "en")]
    for name in ("say", "turn", "distance"):
        assert len({frozenset(table[name]) for table in tables}) == 1
    for code in ("de", "en"):
        assert len(language(code).table["compass"]["points"]) == 8
