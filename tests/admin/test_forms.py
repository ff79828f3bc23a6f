"""What people type, read into what the rules take."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.admin.forms import CloseForm, PairForm, read_close_form, read_pair_form

JAMBI = ZoneInfo("Asia/Jakarta")
EVENING = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # 23:30 in Jambi


def test_a_time_is_of_today_at_the_site() -> None:
    request = read_close_form(CloseForm(until="23:45"), EVENING, JAMBI)

    assert request.until == datetime(2026, 11, 24, 16, 45, tzinfo=UTC)
    assert request.problem is None


@pytest.mark.parametrize("typed", ["14.30", "14:30", " 14:30 ", "1430"])
def test_a_time_may_have_a_point_as_in_indonesian(typed: str) -> None:
    morning = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    request = read_close_form(CloseForm(until=typed), morning, JAMBI)

    assert request.until == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["24:00", "7", "7:3", "14:60", "14:30:00", "١٤:٣٠"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert read_close_form(CloseForm(until=typed), EVENING, JAMBI).problem == "bad-time"


def test_after_midnight_is_not_meant() -> None:
    request = read_close_form(CloseForm(until="00:15"), EVENING, JAMBI)

    assert request.until == datetime(2026, 11, 23, 17, 15, tzinfo=UTC)
    assert request.problem is None  # that it is over is the rule's to say


def test_an_empty_form_closes_until_it_is_taken_back() -> None:
    assert read_close_form(CloseForm(), EVENING, JAMBI) == (None, None, None)


@pytest.mark.parametrize("typed", ["7k3f2m", "7K3-F2M", " 7k3 f2m "])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    request = read_pair_form(PairForm(code=typed, device_id="3"))

    assert request == ("7K3F2M", 3, None)


@pytest.mark.parametrize("device", ["", "0", "-1", "²", "x"])
def test_what_is_no_device_is_refused(device: str) -> None:
    request = read_pair_form(PairForm(code="7K3F2M", device_id=device))

    assert request.problem == "no-device"
