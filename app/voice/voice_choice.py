"""Which voice a site has chosen, and what it says for a caption."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from app.queueing.site.policy import Policy, VoiceName
from app.queueing.speech import Mode, for_voice, sentences
from app.voice.orders import Order, content_hash


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """Which voice a site has, how it reads numbers, and how it says its names."""

    voice: VoiceName
    mode: Mode
    pronunciations: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, policy: Policy) -> "VoiceChoice":
        """Return what a site's policy says."""
        return cls(policy.voice, policy.voice_mode, policy.pronunciations)

    @property
    def is_off(self) -> bool:
        """Tell whether nothing is spoken."""
        return self.voice == "off"

    def order(self, caption: str, clips_folder: Path, *, as_wav: bool = False) -> Order:
        """Return what is said for a caption, and by which version of the voice."""
        phrases = tuple(
            for_voice(sentence, self.pronunciations) for sentence in sentences(caption)
        )
        made_by = voice_version(self.voice, clips_folder)
        return Order(self.voice, made_by, phrases, as_wav)


def voice_version(voice: str, clips_folder: Path) -> str:
    """Return the version of a voice; of recorded clips it changes with each file."""
    engine = _engine_version()
    if voice != "recorded":
        return engine
    files = sorted(path for path in clips_folder.rglob("*") if path.is_file())
    stats = [(path, path.stat()) for path in files]
    return content_hash(
        engine, *((str(path), s.st_size, s.st_mtime_ns) for path, s in stats)
    )


@cache
def _engine_version() -> str:
    return version("espeakng-loader")
