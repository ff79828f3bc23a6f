"""What a call sounds like: measured on the real voice, by another's meter too."""

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from app.queueing.speech import Language
from app.voice.ogg import seconds
from app.voice.rendering.hall_chain import for_hall
from app.voice.rendering.loudness import loudness, true_peak
from app.voice.rendering.renderer import Renderer
from app.voice.rendering.sound import RATE, Samples, Sound, decoded, resampled
from tests.voice.orders import call_audio, order_of

CALLS: list[tuple[str, str, int, Language]] = [
    ("A-001", "Loket 1", 1, "id"),
    ("JR-1099", "Loket 48", 2, "id"),
    ("K-340", "Meja Informasi", 1, "id"),
    ("B-012", "Loket 12", 3, "en"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def renderer(folder: Path) -> Renderer:
    return Renderer(folder)


@pytest.fixture(params=CALLS, ids=lambda call: call[0])
def spoken(request: pytest.FixtureRequest, folder: Path, renderer: Renderer) -> Samples:
    """Return a call as a loudspeaker is handed it, after Opus."""
    number, place, count, language = request.param
    order = order_of(folder, number, place, count, language=language)
    renderer.render(order)
    return resampled(decoded(call_audio(folder, order)))


def test_a_call_has_the_level_of_all_announcements(spoken: Samples) -> None:
    meter = pyloudnorm.Meter(RATE)

    assert meter.integrated_loudness(spoken) == pytest.approx(-16, abs=1)


def test_no_peak_clips(spoken: Samples) -> None:
    assert true_peak(spoken) <= -1
    assert np.abs(spoken).max() < 1


def test_a_call_takes_a_few_seconds(spoken: Samples) -> None:
    assert 3 < len(spoken) / RATE < 10


def test_there_is_speech_and_no_long_silence_in_it(spoken: Samples) -> None:
    quiet = np.abs(spoken) < 10 ** (-50 / 20)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet, [0]])))
    silences = (edges[1::2] - edges[::2]) / RATE

    assert silences.max(initial=0.0) < 0.6
    assert quiet.mean() < 0.5


def test_the_loudness_is_what_another_meter_says() -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 3 * RATE)
    meter = pyloudnorm.Meter(RATE)
    for gain in (0.01, 0.2, 1.0):
        assert loudness(noise * gain) == pytest.approx(
            meter.integrated_loudness(noise * gain), abs=0.05
        )


def test_the_peak_between_samples_is_found() -> None:
    # a quarter of the rate, off the samples by an eighth: they miss its peak by 3 dB
    time = np.arange(RATE) + 0.5
    tone = 0.5 * np.sin(np.pi / 2 * time)

    assert 20 * np.log10(np.abs(tone).max()) == pytest.approx(-9.03, abs=0.01)
    assert true_peak(tone[: RATE // 2]) == pytest.approx(-6.02, abs=0.3)


def test_the_chain_takes_the_boom_and_raises_the_consonants() -> None:
    noise = np.random.default_rng(2).normal(0, 0.05, 2 * RATE)

    made = for_hall(noise)

    def level(samples: Samples, low: float, high: float) -> float:
        spectrum = np.abs(np.fft.rfft(samples)) ** 2
        hertz = np.arange(len(spectrum)) * RATE / len(samples)
        band = spectrum[(hertz >= low) & (hertz < high)]
        return float(10 * np.log10(band.mean()))

    def change(low: float, high: float) -> float:
        return level(made, low, high) - level(noise, low, high)

    middle = change(950, 1050)
    assert change(60, 90) < middle - 10
    assert change(290, 310) < middle - 3
    assert change(2900, 3100) > middle + 4


def test_a_tone_keeps_its_pitch_and_length_at_another_rate() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050)

    made = resampled(Sound(tone, 22_050))

    assert len(made) == RATE
    assert np.argmax(np.abs(np.fft.rfft(made))) == 440
    assert np.abs(made[1000:-1000]).max() == pytest.approx(1, abs=0.02)


def test_a_sentence_is_made_once(folder: Path, renderer: Renderer) -> None:
    first = order_of(folder, "C-007", "Loket 5")
    again = order_of(folder, "C-007", "Loket 6")

    assert renderer.render(first) == 2
    assert renderer.render(first) == 0
    assert renderer.render(again) == 1


def test_what_was_damaged_is_made_anew(folder: Path, renderer: Renderer) -> None:
    order = order_of(folder, "C-008")
    renderer.render(order)
    length = seconds(call_audio(folder, order))
    key = order.phrase_key(order.phrases[0])
    (path,) = folder.rglob(f"{key}.audio")
    path.write_bytes(path.read_bytes()[:-100])

    assert renderer.render(order) == 1
    assert seconds(call_audio(folder, order)) == pytest.approx(length, abs=0.1)


def test_wav_is_the_same_call(folder: Path, renderer: Renderer) -> None:
    order = order_of(folder, "C-009", as_wav=True)

    renderer.render(order)

    sound = decoded(renderer._calls.read(order.wav_key) or b"")
    call = call_audio(folder, order)
    assert sound.rate == RATE
    assert len(sound.samples) / RATE == pytest.approx(seconds(call), abs=0.05)
    assert loudness(sound.samples) == pytest.approx(-16, abs=1)


def test_another_version_of_the_voice_is_other_audio(folder: Path) -> None:
    order = order_of(folder, "C-010")
    newer = order.__class__(order.voice, "9.9", order.phrases)

    assert order.phrase_key(order.phrases[0]) != newer.phrase_key(order.phrases[0])
