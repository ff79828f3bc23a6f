"""Under load a call is spoken shorter, so that nobody waits for it over a minute."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from app.queueing import rows
from app.queueing.hall.forms import SECONDS, CallForm, form_under_load, in_form
from tests.queueing.hall.conftest import SPACE
from tests.support.rules.harness import RulesHarness

CAPTION = "Panggilan kedua. Nomor antrean, A, nol, nol, lima, silakan menuju Loket 3."


def test_the_more_wait_the_shorter() -> None:
    forms = [form_under_load(waiting) for waiting in range(20)]

    assert forms[0] == CallForm.SENTENCE
    assert forms == sorted(forms, key=lambda form: -SECONDS[form])
    assert forms[-1] == CallForm.SHORT


@pytest.mark.parametrize(
    ("caption", "short"),
    [
        (CAPTION, "Panggilan kedua. A, nol, nol, lima, Loket 3."),
        (
            "Nomor antrean A, nol, nol, lima. Silakan menuju Loket 3.",
            "A, nol, nol, lima. Loket 3.",
        ),
    ],
)
def test_the_carrier_goes_and_the_rest_stays(caption: str, short: str) -> None:
    assert in_form(caption, CallForm.SHORT) == short
    assert in_form(caption, CallForm.SENTENCE) == caption


def worst_delay(form: Callable[[int], CallForm], calls_an_hour: int) -> float:
    """Return the longest wait of a day's calls for the voice, in seconds."""
    chance = random.Random(3)  # noqa: S311 (a simulation)
    now, ends, worst = 0.0, list[float](), 0.0
    for _ in range(calls_an_hour * 6):
        now += chance.expovariate(calls_an_hour / 3600)
        waiting = sum(end > now for end in ends)
        begins = max([now, *ends[-1:]])
        worst = max(worst, begins - now)
        ends = [*ends[-60:], begins + SECONDS[form(waiting)]]
    return worst


def test_four_hundred_calls_an_hour_are_each_spoken_within_a_minute() -> None:
    assert worst_delay(form_under_load, 400) < 60
    assert worst_delay(lambda _: CallForm.SENTENCE, 400) > 100


def queue_up(rules: RulesHarness, waiting: int, *, voice_ago: int) -> None:
    """Let so many announcements wait, and a device have spoken a while ago."""
    rules.called()
    with rules.engine.begin() as db:
        (first,) = db.execute(select(rows.announcement)).all()
        copy = {k: v for k, v in first._asdict().items() if k != "id"}
        for _ in range(waiting - 1):
            db.execute(insert(rows.announcement).values(copy))
        at = rules.now - timedelta(seconds=voice_ago)
        space = rows.sound_space.c.id == SPACE
        db.execute(update(rows.sound_space).where(space).values(voice_at=at))


def newest(rules: RulesHarness) -> str:
    column = rows.announcement.c
    query = select(column.text).order_by(column.id.desc()).limit(1)
    return str(rules.see(lambda db: db.execute(query).scalar_one()))


@pytest.mark.parametrize(
    ("waiting", "voice_ago", "is_short"),
    [(2, 5, False), (3, 5, True), (3, 90, False)],
)
def test_a_call_behind_many_is_short_where_a_device_speaks(
    hall: RulesHarness, waiting: int, voice_ago: int, is_short: bool
) -> None:
    queue_up(hall, waiting, voice_ago=voice_ago)

    hall.called(counter=2)

    assert newest(hall).startswith("Nomor antrean") is not is_short
    assert newest(hall).endswith("Loket 2.")


def test_what_was_spoken_or_has_expired_does_not_wait(hall: RulesHarness) -> None:
    queue_up(hall, 9, voice_ago=5)
    with hall.engine.begin() as db:
        db.execute(update(rows.sound_space).values(last_announcement_id=7))

    hall.called(counter=2)

    assert newest(hall).startswith("Nomor antrean")
