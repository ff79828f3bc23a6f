"""What is to be rendered: sentences, by which voice, in which form; and its key."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

CHAIN_VERSION = 1
"""Of what is done to a voice for the hall; raised with each change that is audible."""


@dataclass(frozen=True, slots=True)
class Order:
    """Sentences to be made, and put together as a WAV file where that is asked for.

    ``phrases`` are pairs: a language, and the words as a voice is handed them.
    ``voice_version`` tells apart what the same voice said before an update.
    """

    voice: str
    voice_version: str
    phrases: tuple[tuple[str, str], ...]
    as_wav: bool = False

    @property
    def wav_key(self) -> str:
        """Return the key of the whole as WAV."""
        return self._hash("wav", self.phrases)

    def phrase_key(self, phrase: tuple[str, str]) -> str:
        """Return the key of one of its sentences."""
        return self._hash("phrase", *phrase)

    def to_json(self) -> dict[str, Any]:
        """Return it as the rendering process reads it."""
        return asdict(self)

    @classmethod
    def of_json(cls, received: Mapping[str, Any]) -> "Order":
        """Return an order that was sent."""
        phrases = tuple((language, words) for language, words in received["phrases"])
        return cls(**{**received, "phrases": phrases})

    def _hash(self, *parts: object) -> str:
        return content_hash(self.voice, self.voice_version, CHAIN_VERSION, *parts)


def content_hash(*parts: object) -> str:
    """Return the hash of some parts that JSON can hold."""
    return sha256(json.dumps(parts).encode()).hexdigest()
