"""The benchmarks run, every request in them succeeds, and they say what they saw."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from tests.bench import run
from tests.bench.measures.calls import calls
from tests.bench.measures.cpu_cost import cpu_cost
from tests.bench.measures.dead_printer import dead_printer
from tests.bench.measures.memory import memory
from tests.bench.measures.paper import paper
from tests.bench.measures.screens.displays import displays
from tests.bench.measures.screens.one_display import one_display
from tests.bench.measures.screens.painting import painting
from tests.bench.measures.slips import slips
from tests.bench.measures.tickets import tickets
from tests.bench.measures.years.history import history
from tests.bench.measures.years.start import start
from tests.bench.record import record
from tests.bench.run import Part, run_bench
from tests.bench.sample import Sample, Table
from tests.bench.setup.environment import Environment, own_core
from tests.bench.setup.slow_disk import slow_disk
from tests.bench.setup.sockets import first_frame
from tests.bench.target import Target
from tests.support.chromium import chromium_path

pytestmark = pytest.mark.timeout(120)

MOMENT = 0.05
AT_EACH_NUMBER_OF_CLIENTS = ["1", "8", "32"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    with own_core() as core:
        yield Environment(tmp_path_factory.mktemp("bench"), core)


def table_of(part: Part, environment: Environment) -> Table:
    return uvloop.run(part(environment, MOMENT))


def named(table: Table, name: str) -> list[list[str]]:
    return [list(row) for row in table.rows if row[0] == name]


@pytest.mark.slow
def test_tickets_stand_beside_a_bare_route_and_a_bare_insert(
    environment: Environment,
) -> None:
    table = table_of(tickets, environment)

    ours = named(table, "durable ticket")
    assert [row[1] for row in ours] == AT_EACH_NUMBER_OF_CLIENTS
    assert len(named(table, "bare FastAPI route")) == len(ours)
    assert len(named(table, "bare SQLite insert per commit")) == len(ours)
    assert "-" not in [cell for row in ours for cell in row]


@pytest.mark.slow
def test_the_main_jobs_stand_beside_a_bare_route(environment: Environment) -> None:
    table = table_of(cpu_cost, environment)

    *ours, bare = table.rows
    assert [row[0] for row in ours] == [
        "durable ticket", "ticket with its slip", "call-next", "serve",
    ]  # fmt: skip
    assert bare[5] == "1.00"
    assert "nan" not in table.text()
    assert [each.goal for each in table.targets] == [250, 0.35, 110, 0.25, 250, 0.3]
    assert all(each.value > 0 for each in table.targets)


@pytest.mark.slow
def test_every_counter_calls_and_serves_in_every_round(
    environment: Environment,
) -> None:
    table = table_of(calls, environment)

    for command in ("call-next", "serve"):
        rows = named(table, command)
        assert [row[1] for row in rows] == AT_EACH_NUMBER_OF_CLIENTS


@pytest.mark.slow
def test_a_call_reaches_all_screens_of_one_display_and_all_displays(
    environment: Environment,
) -> None:
    table = table_of(displays, environment)

    assert [row[1] for row in table.rows] == ["2", "2", "2"]
    ours, bare = (float(table.rows[number][2]) for number in (1, 2))
    [target] = table.targets
    assert target.value == pytest.approx(ours / bare, rel=0.02)


@pytest.mark.slow
def test_a_call_to_one_display_stands_beside_a_broadcast_by_the_library(
    environment: Environment,
) -> None:
    table = table_of(one_display, environment)

    assert [row[1] for row in table.rows] == ["2", "2"]
    assert table.rows[1][-2:] == ("1.00", "1.00")
    assert [each.measured for each in table.targets] == [
        "call to the last of 50 screens of one display"
    ]


@pytest.mark.slow
def test_a_painted_call_stands_beside_a_painted_echo(environment: Environment) -> None:
    table = table_of(painting, environment)

    if chromium_path() is None:
        assert table.notes == ("Left out: there is no Chromium here.",)
        return
    assert [row[1] for row in table.rows] == ["2", "2"]
    # a moment of another clock would lie before the order, or hours after it
    assert all(0 < float(row[2]) < 20_000 for row in table.rows)


def test_a_machine_without_a_browser_leaves_the_painting_out(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    table = table_of(painting, environment)

    assert "Left out: there is no Chromium here." in table.text()
    assert table.targets == ()


@pytest.mark.slow
def test_a_mall_of_years_stands_beside_a_new_one(environment: Environment) -> None:
    table = table_of(history, environment)

    assert [row[0].partition(":")[0] for row in table.rows] == [
        "issue", "issue", "call-next", "call-next",
        "board after a change", "board after a change",
    ]  # fmt: skip
    assert {row[0].partition(": ")[2] for row in table.rows} == {
        "2,000 tickets of history, 500 waiting", "new, nearly empty",
    }  # fmt: skip
    assert [row[-1] for row in table.rows[1::2]] == ["1.00"] * 3
    assert len(table.targets) == 3


@pytest.mark.slow
def test_a_start_after_years_stands_beside_one_of_a_new_mall(
    environment: Environment,
) -> None:
    table = table_of(start, environment)

    assert [row[1] for row in table.rows] == ["1", "1", "1"]
    [target] = table.targets
    assert target.measured == "start to ready, 2,000 tickets of history"


@pytest.mark.slow
def test_the_memory_of_a_day_stands_beside_a_bare_server(
    environment: Environment,
) -> None:
    table = table_of(memory, environment)

    assert [row[0] for row in table.rows] == [
        "bare FastAPI, just started",
        "the product, just started",
        "bare FastAPI, with 300 sockets",
        "the product, with 300 sockets",
        "the product, with 300 sockets, after 50 visitors",
    ]
    assert "nan" not in table.text()


@pytest.mark.slow
def test_a_slow_disk_is_measured_or_said_to_be_left_out(
    environment: Environment,
) -> None:
    table = table_of(slow_disk, environment)

    assert table.rows or table.notes == ("Left out: there is no C compiler here.",)
    assert not [row for row in table.rows if "REFUSED" in row[0]]


@pytest.mark.slow
def test_a_touch_ends_in_a_whole_slip_and_stands_beside_its_parts(
    environment: Environment,
) -> None:
    table = table_of(paper, environment)

    assert len(table.rows) == 4
    assert min(int(row[1]) for row in table.rows) >= 1
    assert "nan" not in table.text()


@pytest.mark.slow
def test_a_dead_printer_stands_beside_one_that_is_well(
    environment: Environment,
) -> None:
    table = table_of(dead_printer, environment)

    assert [row[0].rpartition(" ")[2] for row in table.rows] == 2 * [
        "well", "silent", "gone",
    ]  # fmt: skip
    assert [row[-1] for row in table.rows if row[0].endswith("well")] == ["1.00"] * 2
    assert "nan" not in table.text()


def test_a_machine_without_a_compiler_leaves_the_slow_disk_out(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    table = table_of(slow_disk, environment)

    assert "Left out: there is no C compiler here." in table.text()


def test_a_run_prints_the_machine_and_then_each_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "PARTS", (slips,))

    status = run_bench(MOMENT)

    printed = capsys.readouterr().out
    assert status == 0
    assert printed.index("Python 3.") < printed.index("### Slip")
    assert printed.count("| slip on ") == 2


def test_a_part_is_measured_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "PARTS", (cpu_cost, slips))

    status = run_bench(MOMENT, part="slips")

    printed = capsys.readouterr().out
    assert status == 0
    assert "### Slip" in printed
    assert "main jobs" not in printed


def test_a_part_that_there_is_not_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_bench(MOMENT, part="speed") == 1
    assert "no part speed; there are cpu_cost, " in capsys.readouterr().out


def test_a_run_ends_with_its_goals_and_floors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def measure(environment: Environment, seconds: float) -> Table:
        target = Target("a start", "s", 2.0, 1.5, 2.5)
        return Table("Part", ("what",), [("a",)], targets=[target])

    monkeypatch.setattr(run, "PARTS", (measure, slips))

    run_bench(MOMENT)

    last = capsys.readouterr().out.split("### ")[-1]
    assert last.startswith("Goals and floors\n")
    assert "| a start  |  s | 2.00 |  1.5 |   2.5 |   floor |" in last


@pytest.mark.parametrize(
    ("value", "goal", "floor", "reached"),
    [
        (0.35, 0.35, 0.22, "goal"),
        (0.22, 0.35, 0.22, "floor"),
        (0.21, 0.35, 0.22, "NEITHER"),
        (50, 50, 100, "goal"),
        (100, 50, 100, "floor"),
        (101, 50, 100, "NEITHER"),
        (float("nan"), 50, 100, "-"),
    ],
)
def test_more_is_better_where_the_goal_lies_above_the_floor(
    value: float, goal: float, floor: float, reached: str
) -> None:
    assert Target("a", "b", value, goal, floor).reached() == reached


def test_a_run_replaces_the_last_one_in_the_manual(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "PARTS", (slips,))
    page = tmp_path / "figures.md"
    page.write_text("# Figures\n\n## The run\n\nold\n", encoding="utf-8")

    record(page, MOMENT)

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Figures\n\n## The run\n\n20")
    assert "### Slip" in text
    assert "old" not in text


def test_a_part_measured_again_stands_behind_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run, "PARTS", (slips,))
    page = tmp_path / "figures.md"
    again = "## Measured again: slips\n\nold\n\n## Measured again: paper\n\nkept\n"
    page.write_text(f"# Figures\n\n## The run\n\nwhole\n\n{again}", encoding="utf-8")

    record(page, MOMENT, "slips")

    run_kept, _, again = page.read_text(encoding="utf-8").partition("## Measured")
    assert run_kept == "# Figures\n\n## The run\n\nwhole\n\n"
    assert again.startswith(" again: paper\n\nkept\n\n## Measured again: slips\n\n20")
    assert "old" not in again
    with pytest.raises(ValueError, match="no part gone"):
        record(page, MOMENT, "gone")


def test_requests_that_were_refused_are_no_operations() -> None:
    sample = Sample(took=[0.001, 0.003, 0.002], seconds=0.5, refused=2)

    assert sample.rate == 6.0
    assert sample.quantile(0.5) == 2.0
    assert sample.quantile(0.99) == 3.0


def test_slices_of_a_run_add_up() -> None:
    total = Sample()
    total += Sample([0.001], 0.5, {"process": 0.002, "ledger": 0.001})
    total += Sample([0.002], 0.5, {"process": 0.004})

    assert total.rate == 2.0
    assert total.cpu_each() == pytest.approx(3000)
    assert total.cpu_each("ledger") == pytest.approx(500)


def test_a_table_is_markdown_with_its_notes() -> None:
    text = Table("T", ("what", "per s"), [("ours", "1,234")], ("A note.",)).text()

    assert text == (
        "### T\n\n| what | per s |\n| ---- | ----: |\n| ours | 1,234 |\n\nA note.\n"
    )


@pytest.mark.parametrize("size", [5, 125, 126, 65_535, 65_536])
def test_a_screen_reads_frames_of_any_length(size: int) -> None:
    text = b"x" * size
    short, middle = bytes((min(size, 127),)), b"\x7e" + size.to_bytes(8, "big")[-2:]
    head = short if size < 126 else middle
    if size > 65_535:
        head = b"\x7f" + size.to_bytes(8, "big")
    frame = b"\x81" + head + text

    assert first_frame(frame + b"\x81") == (0x81, text, b"\x81")
    assert first_frame(frame[:-1]) is None
