"""A mall's own recordings; what is not recorded is synthesised alone.

A clip is ``LANGUAGE/WORDS.wav`` (or flac, ogg, mp3), its words joined by hyphens:
``id/nomor-antrean.wav``, ``id/nol.wav``, ``id/silakan-menuju-loket-tiga.wav``. The
longest that fits is taken, so that a whole sentence goes before its words.
"""

from pathlib import Path

import numpy as np

from app.voice.clip_names import clip_name, find_clip
from app.voice.rendering.hall_chain import levelled
from app.voice.rendering.sound import (
    RATE,
    Samples,
    Sound,
    decoded,
    resampled,
    silence,
    trimmed,
)
from app.voice.rendering.synthesiser import Synthesiser

PAUSE_SECONDS = 0.06
"""Between two clips; at a comma twice as long."""


class RecordedClips:
    """Recordings from a folder, and another voice for what is missing."""

    def __init__(self, folder: Path, other: Synthesiser) -> None:
        self._folder = folder
        self._other = other

    def speak(self, language: str, words: str) -> Sound:
        """Return a sentence, put together from the longest clips there are."""
        pieces: list[Samples] = []
        for item in words.rstrip(".").split(","):
            pieces += self._item(language, item.split())
            pieces.append(silence(PAUSE_SECONDS))
        return Sound(np.concatenate(pieces), RATE)

    def _item(self, language: str, words: list[str]) -> list[Samples]:
        pieces: list[Samples] = []
        missing: list[str] = []
        while words:
            clip, count = self._longest(language, words)
            if clip is None:
                missing.append(words[0])
            else:
                pieces += [*self._synthesised(language, missing), clip]
                missing = []
            words = words[count:]
        pieces += self._synthesised(language, missing)
        return [part for piece in pieces for part in (piece, silence(PAUSE_SECONDS))]

    def _longest(self, language: str, words: list[str]) -> tuple[Samples | None, int]:
        for count in range(len(words), 0, -1):
            path = find_clip(self._folder, language, clip_name(words[:count]))
            if path is not None:
                sound = decoded(path.read_bytes())
                return levelled(trimmed(resampled(sound))), count
        return None, 1

    def _synthesised(self, language: str, words: list[str]) -> list[Samples]:
        if not words:
            return []
        sound = self._other.speak(language, f"{' '.join(words)}.")
        return [levelled(trimmed(resampled(sound)))]
