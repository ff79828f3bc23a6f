"""Audio on disk: whole, or made anew (voice.md#cache)."""

from pathlib import Path

import pytest

from app.voice.audio_cache import AudioCache

KEY = "ab" * 32


@pytest.fixture
def cache(tmp_path: Path) -> AudioCache:
    return AudioCache(tmp_path / "phrases")


def the_file(tmp_path: Path) -> Path:
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    return path


def test_what_was_written_is_read(cache: AudioCache) -> None:
    assert cache.read(KEY) is None

    cache.write(KEY, b"sound")

    assert cache.read(KEY) == b"sound"


@pytest.mark.parametrize("length", [0, 5, 32, 36])
def test_a_file_that_is_cut_off_is_nobodys(
    cache: AudioCache, tmp_path: Path, length: int
) -> None:
    cache.write(KEY, b"sound")
    path = the_file(tmp_path)
    path.write_bytes(path.read_bytes()[:length])

    assert cache.read(KEY) is None


def test_a_byte_that_flipped_is_noticed_and_mended_by_writing(
    cache: AudioCache, tmp_path: Path
) -> None:
    cache.write(KEY, b"sound")
    path = the_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    assert cache.read(KEY) is None
    cache.write(KEY, b"sound")
    assert cache.read(KEY) == b"sound"


def test_a_write_that_fails_leaves_nothing_behind(
    cache: AudioCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        cache.write(KEY, b"sound")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_pruning_keeps_the_newest(cache: AudioCache) -> None:
    keys = [f"{number:064x}" for number in range(4)]
    for key in keys:
        cache.write(key, b"x")

    cache.prune(2)

    assert [cache.read(key) for key in keys].count(b"x") == 2
    assert cache.read(keys[-1]) == b"x"
