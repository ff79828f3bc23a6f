"""What a display reports, and what becomes of it while nobody answers."""

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

# the statuses are those of one request after the other; the last one stays
REPORT = """async ([statuses, expected]) => {
  const { Receipts } = await import("/static/displays/receipts.js");
  const sent = [];
  let arrived;
  const done = new Promise((resolve) => { arrived = resolve; });
  const receipts = new Receipts(async (body) => {
    sent.push(structuredClone(body));
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    if (sent.length === expected) setTimeout(arrived, 50);
    if (status !== 204) throw { status };
  });
  $script
  await done;
  return { sent, kept: receipts.kept.length };
}"""
SHOWN = 'receipts.shown([7, 8], "T1");'
SPOKEN = 'receipts.spoken(3, { from: "T1", to: null });'
ENDED = 'receipts.spoken(3, { from: "T1", to: "T2" });'


def report(page: Page, script: str, expected: int, *statuses: int) -> Any:
    page.goto("/help")
    script = script.replace("$turn", "await new Promise((d) => setTimeout(d, 300));")
    return page.evaluate(REPORT.replace("$script", script), [list(statuses), expected])


def test_what_is_painted_and_spoken_at_once_is_one_request(page: Page) -> None:
    found = report(page, f"{SHOWN} {SPOKEN} receipts.sound(true);", 1, 204)

    assert found["kept"] == 0
    assert found["sent"] == [
        {
            "shown": [{"call_id": 7, "at": "T1"}, {"call_id": 8, "at": "T1"}],
            "spoken": [{"announcement_id": 3, "from": "T1", "to": None}],
            "sound": True,
        }
    ]


def test_a_call_is_reported_once_until_it_is_over(page: Page) -> None:
    script = f"{SHOWN} {SHOWN} receipts.forgetShown(new Set([8])); {SHOWN}"

    (body,) = report(page, script, 1, 204)["sent"]

    assert [each["call_id"] for each in body["shown"]] == [7, 8, 7]


@pytest.mark.parametrize("silence", [0, 500, 503, 429])
def test_what_nobody_answered_is_sent_again(page: Page, silence: int) -> None:
    found = report(page, SHOWN, 3, silence, silence, 204)

    assert found["kept"] == 0
    assert found["sent"][0] == found["sent"][2]


def test_who_could_not_say_that_it_began_says_that_it_has_ended(page: Page) -> None:
    found = report(page, f"{SPOKEN} $turn {ENDED}", 2, 503, 204)

    assert [len(body["spoken"]) for body in found["sent"]] == [1, 1]
    assert found["sent"][1]["spoken"][0]["to"] == "T2"


def test_beginning_and_end_are_both_told_on_a_sound_line(page: Page) -> None:
    found = report(page, f"{SPOKEN} $turn {ENDED}", 2, 204)

    assert [body["spoken"][0]["to"] for body in found["sent"]] == [None, "T2"]


def test_one_that_is_refused_spoils_no_other(page: Page) -> None:
    found = report(page, SHOWN, 3, 404, 404, 204)

    alone = [[each["call_id"] for each in body["shown"]] for body in found["sent"]]
    assert alone == [[7, 8], [7], [8]]
    assert found["kept"] == 0


def test_through_a_long_silence_the_newest_are_kept(page: Page) -> None:
    script = "for (let id = 0; id < 2000; id += 1) receipts.shown([id], 'T');"

    found = report(page, script, 3, 204)

    sent = [each["call_id"] for body in found["sent"] for each in body["shown"]]
    assert sent == [*range(1500, 2000)]
    assert (
        max(len(body["shown"]) for body in found["sent"]) == 200
    )  # as many as are taken
