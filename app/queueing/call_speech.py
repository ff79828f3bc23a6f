"""How a number is said in the hall, in Indonesian (local-facts.md#the-spoken-call).

This is speech, not screen text: its grammar belongs to the language of the
voice, so it lives here and not in the message catalogue.
"""

DIGITS = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan",
    "sembilan",
)  # fmt: skip
ORDINALS = {
    2: "kedua", 3: "ketiga", 4: "keempat", 5: "kelima", 6: "keenam", 7: "ketujuh",
    8: "kedelapan", 9: "kesembilan", 10: "kesepuluh",
}  # fmt: skip


def spoken_number(number: str) -> str:
    """Return ``A-012`` as "A, nol, satu, dua": letters, then digits one by one."""
    prefix, _, digits = number.rpartition("-")
    return ", ".join([*prefix, *(DIGITS[int(digit)] for digit in digits)])


def call_text(number: str, place: str, count: int) -> str:
    """Return the sentence for a call; ``count`` is 1 for the first."""
    again = ""
    if count > 1:
        again = f"Panggilan {ORDINALS.get(count, 'ulang')}. "
    return f"{again}Nomor antrean, {spoken_number(number)}, silakan menuju {place}."
