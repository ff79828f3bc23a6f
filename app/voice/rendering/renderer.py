"""From an order to files: each sentence once, from the voice it is ordered of."""

from pathlib import Path

import numpy as np

from app.voice.audio_cache import AudioCache
from app.voice.folders import calls_folder, clips_folder, phrases_folder
from app.voice.ogg import joined
from app.voice.orders import Order
from app.voice.rendering.clips import RecordedClips
from app.voice.rendering.espeak import Espeak
from app.voice.rendering.hall_chain import for_hall
from app.voice.rendering.sound import decoded, opus, resampled, silence, wav
from app.voice.rendering.synthesiser import Synthesiser, VoiceBroken

EDGE_SECONDS = 0.02
"""Before a sentence: what begins at once clicks."""
PAUSE_SECONDS = 0.25
"""After each sentence."""
MAX_WAVS = 200
"""Calls as WAV that are kept, some 100 MB; sentences are kept for ever."""


class Renderer:
    """Makes audio under a site's folder."""

    def __init__(self, data: Path) -> None:
        self._phrases = AudioCache(phrases_folder(data))
        self._calls = AudioCache(calls_folder(data))
        espeak = Espeak()
        self._voices: dict[str, Synthesiser] = {
            "espeak": espeak,
            "recorded": RecordedClips(clips_folder(data), espeak),
        }

    def render(self, order: Order) -> int:
        """Make what is ordered; returns how many of its sentences were not there.

        Raises ``VoiceBroken`` where nothing comes of a sentence, ``OSError`` where
        nothing can be written.
        """
        made_anew = 0
        parts: list[bytes] = []
        for phrase in order.phrases:
            part = self._phrases.read(order.phrase_key(phrase))
            if part is None:
                part = self._make(order, phrase)
                made_anew += 1
            parts.append(part)
        if order.as_wav:
            self._calls.write(order.wav_key, wav(decoded(joined(parts))))
            self._calls.prune(MAX_WAVS)
        return made_anew

    def _make(self, order: Order, phrase: tuple[str, str]) -> bytes:
        spoken = resampled(self._voices[order.voice].speak(*phrase))
        samples = for_hall(spoken)
        if not samples.size:
            raise VoiceBroken(f"nothing comes of {phrase[1]!r}")
        edges = silence(EDGE_SECONDS), silence(PAUSE_SECONDS)
        content = opus(np.concatenate([edges[0], samples, edges[1]]))
        self._phrases.write(order.phrase_key(phrase), content)
        return content
