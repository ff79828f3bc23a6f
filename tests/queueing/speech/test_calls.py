"""The sentences of calls, and the words said for them, written by hand."""

import re
from pathlib import Path

import pytest

from app.importing import read_mall
from app.queueing.speech import (
    Language,
    Mode,
    call_phrases,
    call_text,
    for_voice,
    language_of,
    sentences,
    spoken_words,
)
from app.queueing.speech.spelling import LETTERS

REFERENCE_MALL = Path(__file__).parents[3] / "app" / "demo" / "mall.yaml"
DIGITS, VALUE = "digits", "terbilang"

# number, place, mode → the words between "nomor antrean" and the end, by hand
CALLS = [
    ("A-001", "Loket 1", DIGITS, "A nol nol satu silakan menuju loket satu"),
    ("A-005", "Loket 3", DIGITS, "A nol nol lima silakan menuju loket tiga"),
    ("A-010", "Loket 3", DIGITS, "A nol satu nol silakan menuju loket tiga"),
    ("B-011", "Loket 11", DIGITS, "B nol satu satu silakan menuju loket sebelas"),
    ("D-100", "Loket 10", DIGITS, "D satu nol nol silakan menuju loket sepuluh"),
    ("E-999", "Loket 20", DIGITS,
     "E sembilan sembilan sembilan silakan menuju loket dua puluh"),
    ("F-1000", "Loket 21", DIGITS,
     "F satu nol nol nol silakan menuju loket dua puluh satu"),
    ("JR-1099", "Loket 48", DIGITS,
     "J R satu nol sembilan sembilan silakan menuju loket empat puluh delapan"),
    ("XX-777", "Loket 19", DIGITS,
     "X X tujuh tujuh tujuh silakan menuju loket sembilan belas"),
    ("ABC-012", "Loket 100", DIGITS,
     "A B C nol satu dua silakan menuju loket seratus"),
    ("A-001", "Loket 1", VALUE, "A satu silakan menuju loket satu"),
    ("A-005", "Loket 7", VALUE, "A lima silakan menuju loket tujuh"),
    ("A-010", "Loket 8", VALUE, "A sepuluh silakan menuju loket delapan"),
    ("A-011", "Loket 9", VALUE, "A sebelas silakan menuju loket sembilan"),
    ("A-012", "Loket 2", VALUE, "A dua belas silakan menuju loket dua"),
    ("A-019", "Loket 2", VALUE, "A sembilan belas silakan menuju loket dua"),
    ("A-020", "Loket 2", VALUE, "A dua puluh silakan menuju loket dua"),
    ("A-021", "Loket 2", VALUE, "A dua puluh satu silakan menuju loket dua"),
    ("A-099", "Loket 2", VALUE, "A sembilan puluh sembilan silakan menuju loket dua"),
    ("A-100", "Loket 2", VALUE, "A seratus silakan menuju loket dua"),
    ("A-101", "Loket 2", VALUE, "A seratus satu silakan menuju loket dua"),
    ("A-110", "Loket 2", VALUE, "A seratus sepuluh silakan menuju loket dua"),
    ("A-111", "Loket 2", VALUE, "A seratus sebelas silakan menuju loket dua"),
    ("A-117", "Loket 2", VALUE, "A seratus tujuh belas silakan menuju loket dua"),
    ("A-200", "Loket 2", VALUE, "A dua ratus silakan menuju loket dua"),
    ("A-215", "Loket 2", VALUE, "A dua ratus lima belas silakan menuju loket dua"),
    ("A-611", "Loket 2", VALUE, "A enam ratus sebelas silakan menuju loket dua"),
    ("A-999", "Loket 2", VALUE,
     "A sembilan ratus sembilan puluh sembilan silakan menuju loket dua"),
    ("A-1000", "Loket 2", VALUE, "A seribu silakan menuju loket dua"),
    ("A-1001", "Loket 2", VALUE, "A seribu satu silakan menuju loket dua"),
    ("A-1010", "Loket 2", VALUE, "A seribu sepuluh silakan menuju loket dua"),
    ("A-1100", "Loket 2", VALUE, "A seribu seratus silakan menuju loket dua"),
    ("A-2011", "Loket 2", VALUE, "A dua ribu sebelas silakan menuju loket dua"),
    ("A-9999", "Loket 2", VALUE,
     "A sembilan ribu sembilan ratus sembilan puluh sembilan"
     " silakan menuju loket dua"),
]  # fmt: skip

PLACES = [
    ("Loket 3", "loket tiga"),
    ("Loket 3A", "loket tiga A"),
    ("Loket 3 A", "loket tiga A"),
    ("Loket A3", "loket A tiga"),
    ("Loket 12B", "loket dua belas B"),
    ("Loket 03", "loket nol tiga"),
    ("Loket 10\u201312", "loket sepuluh sampai dua belas"),
    ("Loket 1-2", "loket satu sampai dua"),
    ("LOKET 3", "loket tiga"),
    ("Lantai 2", "lantai dua"),
    ("Lt. 2", "lantai dua"),
    ("Lt.2", "lantai dua"),
    ("Lantai I", "lantai satu"),
    ("Lantai II", "lantai dua"),
    ("Lantai IV", "lantai empat"),
    ("Loket V", "loket V"),
    ("Loket X", "loket X"),
    ("Gedung V", "gedung lima"),
    ("Zona A \u2013 Lantai 1", "zona A lantai satu"),
    ("Meja Informasi", "meja informasi"),
    ("Meja No. 5", "meja nomor lima"),
    ("Loket BPJS", "loket B P J S"),
    ("Loket PTSP 2", "loket P T S P dua"),
    ("Loket SAMSAT", "loket samsat"),
    ("Loket SIM", "loket sim"),
    ("Loket KTP & KK", "loket K T P dan K K"),
    ("Loket UMKM", "loket U M K M"),
    ("Loket KUA", "loket K U A"),
    ("Loket DUKCAPIL", "loket dukcapil"),
    ("Ruang Menyusui", "ruang menyusui"),
    ("Ruang 101", "ruang seratus satu"),
    ("Loket 1/2", "loket satu dua"),
    ("Loket 12000", "loket satu dua nol nol nol"),
    ("Loket (Lansia) 4", "loket lansia empat"),
    ("Loket “Prima” 6", "loket prima enam"),
]


@pytest.mark.parametrize(("number", "place", "mode", "words"), CALLS)
def test_a_call_is_said_in_these_words(
    number: str, place: str, mode: Mode, words: str
) -> None:
    phrases = call_phrases(number, place, 1, mode=mode)

    assert spoken_words(phrases) == f"nomor antrean {words}"


@pytest.mark.parametrize(("place", "words"), PLACES)
def test_a_place_is_read_out(place: str, words: str) -> None:
    phrases = call_phrases("A-001", place, 1)

    assert spoken_words(phrases[1:]) == f"silakan menuju {words}"


@pytest.mark.parametrize(
    ("count", "begins"),
    [
        (1, "Nomor antrean A, nol"),
        (2, "Panggilan kedua. Nomor antrean A"),
        (3, "Panggilan ketiga. Nomor antrean A"),
        (4, "Panggilan keempat. Nomor antrean A"),
        (5, "Panggilan kelima. Nomor antrean A"),
        (6, "Panggilan keenam. Nomor antrean A"),
        (7, "Panggilan ketujuh. Nomor antrean A"),
        (8, "Panggilan kedelapan. Nomor antrean A"),
        (9, "Panggilan kesembilan. Nomor antrean A"),
        (10, "Panggilan kesepuluh. Nomor antrean A"),
        (11, "Panggilan ulang. Nomor antrean A"),
    ],
)
def test_says_which_call_it_is(count: int, begins: str) -> None:
    text = call_text("A-001", "Loket 7", count)

    assert text.startswith(begins)
    assert text.endswith("Silakan menuju Loket 7.")


@pytest.mark.parametrize(
    ("number", "place", "count", "mode", "zone", "words"),
    [
        ("A-005", "Loket 3", 1, DIGITS, None,
         "ticket number A zero zero five please go to counter three"),
        ("A-215", "Loket 12", 2, VALUE, None,
         "second call ticket number A two hundred fifteen please go to counter twelve"),
        ("DK-1013", "Loket 3A", 3, VALUE, "Floor 2",
         "third call ticket number D K one thousand thirteen"
         " please go to counter three A floor two"),
        ("B-040", "Meja 1-2", 12, DIGITS, None,
         "called again ticket number B zero four zero please go to desk one to two"),
    ],
)  # fmt: skip
def test_english_has_sentences_of_its_own(
    number: str, place: str, count: int, mode: Mode, zone: str | None, words: str
) -> None:
    phrases = call_phrases(number, place, count, mode=mode, language="en", zone=zone)

    assert spoken_words(phrases) == words
    assert {language_of(phrase) for phrase in phrases} == {"en"}


def test_the_zone_is_named_where_it_is_given() -> None:
    phrases = call_phrases("A-005", "Loket 3", 1, zone="Lantai 2")

    assert phrases[-1] == "Silakan menuju Loket 3, Lantai 2."
    assert spoken_words(phrases[-1:]) == "silakan menuju loket tiga lantai dua"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_caption_is_taken_apart_into_its_sentences(language: Language) -> None:
    for place in [place for place, _ in PLACES]:
        phrases = call_phrases("DK-012", place, 2, language=language, zone="Lantai 2")

        assert sentences(" ".join(phrases)) == phrases


def test_two_languages_in_one_caption_are_told_apart() -> None:
    indonesian = call_text("A-012", "Loket 3", 2)
    caption = f"{indonesian} {call_text('A-012', 'Loket 3', 2, language='en')}"

    found = [language_of(sentence) for sentence in sentences(caption)]
    assert found == ["id", "id", "id", "en", "en", "en"]


def test_every_name_of_the_reference_mall_is_said_in_words() -> None:
    mall = read_mall(REFERENCE_MALL.read_text(encoding="utf-8"))
    agencies = mall.agencies
    prefixes = {agency.prefix for agency in agencies} | {
        service.prefix for agency in agencies for service in agency.services
    } - {None}
    places = [counter.name for counter in mall.counters]
    places += [zone.name for zone in mall.zones]

    assert (len(prefixes), len(mall.counters)) == (32, 50)
    for place in places:
        words = spoken_words(call_phrases("A-001", place, 1)[1:])
        assert re.fullmatch(r"silakan menuju( [a-z]+| [A-D])+", words), place
    for prefix in map(str, prefixes):
        words = spoken_words(call_phrases(f"{prefix}-001", "X", 1)[:1])
        assert words == f"nomor antrean {' '.join(prefix)} nol nol satu"


def test_a_voice_is_handed_the_names_of_letters_and_the_pauses() -> None:
    assert for_voice("Nomor antrean D, K, nol, lima.", {}) == (
        "id",
        "nomor antrean de, ka, nol, lima.",
    )
    assert for_voice("Ticket number D, K, five.", {}) == (
        "en",
        "ticket number D, K, five.",
    )


def test_every_letter_has_a_name_and_no_two_the_same() -> None:
    assert sorted(LETTERS) == [chr(sign) for sign in range(ord("A"), ord("Z") + 1)]
    assert len(set(LETTERS.values())) == 26


def test_a_pronunciation_stands_for_a_whole_name_only() -> None:
    pronunciations = {"IKD": "i ka de", "Loket 1": "loket utama"}

    assert for_voice("Silakan menuju Loket 1.", pronunciations)[1] == (
        "silakan menuju loket utama."
    )
    assert for_voice("Silakan menuju Loket 12.", pronunciations)[1] == (
        "silakan menuju loket dua belas."
    )
    assert for_voice("Silakan menuju Loket IKD.", pronunciations)[1] == (
        "silakan menuju loket i ka de."
    )
