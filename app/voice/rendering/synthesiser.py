"""The small interface behind which every voice stands."""

from typing import Protocol

from app.voice.rendering.sound import Sound


class Synthesiser(Protocol):
    """A voice: words in, sound out."""

    def speak(self, language: str, words: str) -> Sound:
        """Return a sentence as sound; ``VoiceBroken`` where it has none for it.

        ``words`` are in small letters, with the commas at which it pauses.
        """
        ...


class VoiceBroken(Exception):
    """This voice cannot speak here."""
