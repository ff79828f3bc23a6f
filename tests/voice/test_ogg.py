"""Opus files put one behind the other."""

from pathlib import Path

import numpy as np
import pytest

from app.voice.ogg import NotOpus, joined, seconds
from app.voice.rendering.sound import RATE, Samples, decoded, opus


def tone(hertz: float, length: float) -> Samples:
    """Return a tone with silence behind it, as sentences have it."""
    time = np.arange(int(RATE * length)) / RATE
    sound = 0.3 * np.sin(2 * np.pi * hertz * time)
    return np.concatenate([sound, np.zeros(RATE // 4)])


def strongest(samples: Samples, rate: int) -> float:
    """Return the frequency that a sound mostly is."""
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum) * rate / len(samples))


def test_each_part_is_heard_in_its_turn() -> None:
    file = joined([opus(tone(440, 0.5)), opus(tone(1000, 0.75))])

    sound = decoded(file)
    half = int(sound.rate * 0.75)
    assert len(sound.samples) / sound.rate == pytest.approx(1.75, abs=0.06)
    assert strongest(sound.samples[:half], sound.rate) == pytest.approx(440, abs=5)
    rest = sound.samples[half + sound.rate // 20 :]
    assert strongest(rest, sound.rate) == pytest.approx(1000, abs=5)


def test_the_length_is_what_is_decoded() -> None:
    file = joined([opus(tone(440, 0.5)), opus(tone(440, 1.0))])

    sound = decoded(file)
    assert seconds(file) == pytest.approx(len(sound.samples) / sound.rate, abs=0.03)


def test_a_long_file_has_many_pages_and_loses_nothing() -> None:
    part = opus(tone(440, 1.0))

    sound = decoded(joined([part] * 6))

    assert len(sound.samples) / sound.rate == pytest.approx(7.5, abs=0.2)


@pytest.mark.parametrize("cut", [0, 1, 27, 60, 500, -1])
def test_a_file_that_is_not_whole_is_refused(cut: int) -> None:
    with pytest.raises(NotOpus):
        joined([opus(tone(440, 0.5))[:cut]])


def test_another_sort_of_file_is_refused() -> None:
    chime = Path(__file__).parents[2] / "displays" / "static" / "chime.wav"

    with pytest.raises(NotOpus):
        joined([chime.read_bytes()])
