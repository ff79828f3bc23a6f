"""The file names of recorded clips (voice.md#clips)."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.queueing.speech import Language

FILE_TYPES = ("wav", "flac", "ogg", "mp3")


def clip_name(words: Iterable[str]) -> str:
    """Return a clip's file name without its type: its words, joined by hyphens."""
    return "-".join(words)


def find_clip(folder: Path, language: str, name: str) -> Path | None:
    """Return the file of a clip; None where there is none."""
    for file_type in FILE_TYPES:
        path = folder / language / f"{name}.{file_type}"
        if path.is_file():
            return path
    return None


def words_of(language: Language, sentence: str) -> Iterator[tuple[Language, str]]:
    """Yield the words of what a voice is handed, each with its language."""
    for word in sentence.rstrip(".").replace(",", " ").split():
        yield language, word
