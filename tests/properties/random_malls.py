"""Random malls: how Hypothesis draws one."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from tests.support.rules.custom_mall import CustomMall, HoursLine

# Tuesday 24 November 2026 in Jambi (UTC+7): before opening, open, and late
STARTS = (
    datetime(2026, 11, 24, 0, 10, tzinfo=UTC),
    datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    datetime(2026, 11, 24, 4, 40, tzinfo=UTC),
    datetime(2026, 11, 24, 16, 30, tzinfo=UTC),
)


HOURS_LINES = (
    HoursLine("site", None, "serving", "07:30", "15:00", "14:30"),
    HoursLine("site", None, "break", "12:00", "13:00"),
    HoursLine("site", None, "quiet", "11:30", "11:50"),
    HoursLine("agency", 1, "serving", "08:00", "14:00"),
    HoursLine("agency", 1, "issuing", "07:00", "13:00"),
    HoursLine("agency", 1, "break", "12:30", "13:30"),
    HoursLine("agency", 2, "break", "11:45", "12:15"),
    HoursLine("service", 1, "serving", "09:00", "11:30", "11:00"),
    HoursLine("service", 2, "serving", "08:00", "18:00"),
    HoursLine("service", 2, "issuing", "06:00", "08:30"),
    HoursLine("service", 2, "issuing", "13:00", "15:00"),
)
SOME_HOURS = st.lists(st.sampled_from(HOURS_LINES), unique=True, max_size=6)
SOME_HOLIDAYS = st.lists(
    st.tuples(
        st.sampled_from([date(2026, 11, 25), date(2026, 11, 26)]),
        st.sampled_from([None, 1]),
    ),
    unique=True,
    max_size=2,
)
POLICIES = st.fixed_dictionaries(
    {
        "recall_cooldown_seconds": st.sampled_from([0, 3]),
        "no_show_after_calls": st.sampled_from([1, 2]),
        "no_show_after_seconds": st.sampled_from([0, 10]),
        "requeue_after_tickets": st.integers(0, 3),
        "requeue_after_minutes": st.sampled_from([0, 5, 15]),
        "requeue_grace_minutes": st.sampled_from([2, 60]),
        "requeues_by_visitor": st.integers(0, 2),
        "undo_minutes": st.sampled_from([0, 5, 30, 240]),
        "officers_may_choose": st.booleans(),
        "head_start_minutes": st.fixed_dictionaries({"lansia": st.integers(0, 30)}),
    }
)


@st.composite
def malls(draw: st.DrawFn) -> CustomMall:
    """Return a mall of two or three agencies with overlapping counters."""
    agencies = draw(st.integers(2, 3))
    several = st.lists(st.integers(1, agencies), min_size=2, max_size=5)
    services = [
        (agency, draw(st.sampled_from(sorted({agency, 1}))))
        for agency in sorted(draw(several))
    ]
    ids = st.integers(1, len(services))
    serves = st.dictionaries(ids, st.sampled_from([0, 0, 300, 900]), min_size=1)
    counters = draw(st.lists(serves, min_size=2, max_size=4))
    learners = draw(st.sampled_from([None, None, agencies]))
    counters = [_one_kind(counter, services, learners) for counter in counters]
    always_open = draw(st.sampled_from([False, False, True]))
    return CustomMall(
        agencies=agencies,
        services=services,
        counters=counters,
        practice=frozenset(
            number
            for number, counter in enumerate(counters, start=1)
            if services[min(counter) - 1][0] == learners
        ),
        policy=draw(POLICIES),
        start=draw(st.sampled_from(STARTS)),
        is_always_open=always_open,
        hours=[] if always_open else draw(SOME_HOURS),
        holidays=[] if always_open else draw(SOME_HOLIDAYS),
        quotas=[] if always_open else draw(_some_quotas(len(services))),
        spare=draw(st.dictionaries(st.just(1), st.just((3, 5)))),
    )


def _one_kind(
    counter: dict[int, int], services: list[tuple[int, int]], learners: int | None
) -> dict[int, int]:
    """Let a counter serve in practice or in earnest, as an import wants it."""
    kind = services[min(counter) - 1][0] == learners
    return {
        service: seconds
        for service, seconds in counter.items()
        if (services[service - 1][0] == learners) is kind
    }


def _some_quotas(services: int) -> st.SearchStrategy[list[tuple[int, str, str, int]]]:
    parts = st.tuples(
        st.integers(1, services),
        st.sampled_from(["", "kiosk", "reception"]),
        st.sampled_from(["00:00", "08:00", "13:00"]),
        st.integers(0, 6),
    )
    return st.lists(parts, max_size=3, unique_by=lambda part: part[:3])
