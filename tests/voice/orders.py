"""Orders for tests, and what came of them."""

from pathlib import Path

from app.queueing.speech import Language, call_text
from app.voice.audio_cache import AudioCache
from app.voice.folders import clips_folder, phrases_folder
from app.voice.ogg import joined
from app.voice.orders import Order
from app.voice.voice_choice import VoiceChoice

ESPEAK = VoiceChoice("espeak", "digits")
RECORDED = VoiceChoice("recorded", "digits")


def order_of(
    folder: Path,
    number: str,
    place: str = "Loket 3",
    count: int = 1,
    *,
    choice: VoiceChoice = ESPEAK,
    language: Language = "id",
    as_wav: bool = False,
) -> Order:
    """Return the order for a call in a site's folder."""
    caption = call_text(number, place, count, mode=choice.mode, language=language)
    return choice.order(caption, clips_folder(folder), as_wav=as_wav)


def stored_phrases(folder: Path, order: Order) -> list[bytes | None]:
    """Return what is kept of an order's sentences."""
    cache = AudioCache(phrases_folder(folder))
    return [cache.read(order.phrase_key(phrase)) for phrase in order.phrases]


def call_audio(folder: Path, order: Order) -> bytes:
    """Return a rendered call as one Opus file."""
    return joined([part for part in stored_phrases(folder, order) if part])
