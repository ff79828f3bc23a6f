"""The words of the emulator's own page, in its two languages."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["id", "en"]

FAULT_TEXTS: Mapping[str, tuple[str, str]] = {
    "paper": ("Kertas habis", "Paper has run out"),
    "near-end": ("Kertas hampir habis", "Paper nearly out"),
    "cover": ("Tutup terbuka", "Cover stands open"),
    "cutter": ("Pisau macet", "Cutter is stuck"),
    "jams": ("Pisau macet pada slip berikut", "Cutter jams at the next slip"),
    "offline": ("Dibuat offline", "Switched offline"),
    "silent": ("Tidak menjawab", "Answers nothing"),
    "slow": ("Lambat menjawab", "Answers slowly"),
    "garbage": ("Menjawab kacau", "Answers garbage"),
    "stray": ("Menjawab berlebih", "Answers too much"),
    "no-turn": ("Tidak kenal GS r", "Does not know GS r"),
    "refuses": ("Menolak sambungan", "Refuses every connection"),
    "dies": ("Mati di tengah slip", "Dies in the middle of a slip"),
    "hangs-up": ("Memutus di tengah slip", "Hangs up in the middle of a slip"),
    "runs-out": ("Kertas habis di tengah slip", "Paper runs out in the middle"),
    "opens": ("Tutup dibuka di tengah slip", "Cover is opened in the middle"),
    "deaf": ("Tidak menjawab saat mencetak", "Answers nothing while it prints"),
    "in-turn": ("Baru menjawab sesudah mencetak", "Answers after it has printed"),
}
PAGE_TEXTS: Mapping[str, tuple[str, str]] = {
    "title": ("Kertas", "Paper"),
    "faults": ("Gangguan", "Faults"),
    "none": ("Belum ada yang dicetak.", "Nothing printed yet."),
    "slip": ("Slip", "Slip"),
    "torn": ("disobek tanpa potong", "torn off without a cut"),
    "unknown": ("perintah tidak dikenal", "unknown commands"),
    "silence": ("Emulator tidak menjawab.", "The emulator does not answer."),
}


def translated(
    words: Mapping[str, tuple[str, str]], name: str, language: Language
) -> str:
    """Return a text in the language asked for."""
    indonesian, english = words[name]
    return indonesian if language == "id" else english
