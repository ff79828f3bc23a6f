"""How a call is said in the hall (local-facts.md#the-spoken-call)."""

import pytest

from app.queueing.call_speech import call_text, spoken_number


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("A-012", "A, nol, satu, dua"),
        ("DK-305", "D, K, tiga, nol, lima"),
        ("P-1000", "P, satu, nol, nol, nol"),
    ],
)
def test_letters_then_digits_one_by_one(number: str, spoken: str) -> None:
    assert spoken_number(number) == spoken


@pytest.mark.parametrize(
    ("count", "begins"),
    [
        (1, "Nomor antrean, A"),
        (2, "Panggilan kedua. Nomor antrean, A"),
        (5, "Panggilan kelima. Nomor antrean, A"),
        (6, "Panggilan keenam. Nomor antrean, A"),
        (10, "Panggilan kesepuluh. Nomor antrean, A"),
        (11, "Panggilan ulang. Nomor antrean, A"),
    ],
)
def test_says_which_call_it_is(count: int, begins: str) -> None:
    text = call_text("A-001", "Loket 7", count)

    assert text.startswith(begins)
    assert text.endswith("silakan menuju Loket 7.")
