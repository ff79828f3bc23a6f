"""espeak-ng through its own library: always there, a few milliseconds a sentence.

It is under the GPL, and in this process alone (decision 0028).
"""

import ctypes
import os
import re
from pathlib import Path

import espeakng_loader
import numpy as np

from app.voice.rendering.sound import Sound
from app.voice.rendering.synthesiser import VoiceBroken

WORDS_PER_MINUTE = 150
"""Six sevenths of its own pace: a hall has echoes, and many listeners are old."""
LONGEST_PATH = 120
"""Bytes; the library adds a file's name."""
_SYNCHRONOUS = 2
_UTF8_WITH_PHONEMES = 1 | 0x100
_RATE_PARAMETER = 1
_VOICES = {"id": b"id", "en": b"en"}
# what it says wrongly, in its own signs for sounds (@ is the e of "beras"); it takes
# the e of every unknown word for the one of "meja", or the other way round
_SOUNDS = {
    "empat": "@mp'at", "keempat": "k@_|@mp'at", "enam": "@n'am",
    "keenam": "k@_|@n'am", "sebelas": "s@b@l'as", "belas": "b@l'as",
    "loket": "l'okEt", "be": "b'e", "ce": "tS'e", "de": "d'e", "ge": "g'e",
    "je": "dZ'e", "pe": "p'e", "te": "t'e", "ve": "f'e", "we": "w'e", "ye": "j'e",
}  # fmt: skip
_WORD = re.compile(r"\w+")
_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Espeak:
    """The library, opened once in a process; ``VoiceBroken`` where it cannot be."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        except OSError as error:
            raise VoiceBroken(str(error)) from error
        data = _short_path(Path(espeakng_loader.get_data_path()))
        self._rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, 1 << 15)
        if self._rate <= 0:
            raise VoiceBroken("espeak-ng does not find its data")
        self._heap: list[bytes] = []
        # kept: the library holds no reference to it
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, language: str, words: str) -> Sound:
        """Return a sentence as sound."""
        voice = _VOICES[language]
        if self._library.espeak_SetVoiceByName(voice) != 0:
            raise VoiceBroken(f"espeak-ng has no voice {voice.decode()}")
        self._library.espeak_SetParameter(_RATE_PARAMETER, WORDS_PER_MINUTE, 0)
        text = (_with_sounds(words) if language == "id" else words).encode() + b"\0"
        self._heap.clear()
        flags = _UTF8_WITH_PHONEMES
        self._library.espeak_Synth(text, len(text), 0, 0, 0, flags, None, None)
        samples = np.frombuffer(b"".join(self._heap), dtype=np.int16) / 32768.0
        return Sound(samples, self._rate)

    def _take(self, samples: object, count: int, _events: object) -> int:
        if samples and count > 0:
            self._heap.append(ctypes.string_at(samples, count * 2))  # type: ignore[arg-type]
        return 0


def _short_path(data: Path) -> bytes:
    """Return how the library finds its data, which it keeps in 160 bytes, cut off.

    Below a longer path the process works in the folder beside it from now on.
    """
    path = os.fsencode(data)
    if len(path) <= LONGEST_PATH:
        return path
    os.chdir(data.parent)
    return os.fsencode(data.name)


def _with_sounds(words: str) -> str:
    return _WORD.sub(
        lambda word: f"[[{_SOUNDS[word[0]]}]]" if word[0] in _SOUNDS else word[0],
        # brackets of a site's own pronunciation would be signs for sounds
        words.replace("[", " "),
    )
