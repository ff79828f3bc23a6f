"""Which things of a mall read alike: visitors and staff take one for the other."""

from collections.abc import Iterable, Iterator

from app.importing.problems import MallWarning
from app.importing.schema import Mall
from app.queueing.site.name_reading import reading_of

Named = tuple[str, str | None]
"""Where a name stands, and the name."""


def names_alike(mall: Mall) -> Iterator[MallWarning]:
    """Return a warning for each name that reads like an earlier one of its kind.

    Counters are not among them: of two alike the file is refused, for there visitors
    are sent by the name alone. What is retired stands beside nothing for long.
    """
    for group in _groups(mall):
        first: dict[str, str] = {}
        for where, name in group:
            if not name:
                continue
            other = first.setdefault(reading_of(name), where)
            if other != where:
                yield MallWarning(where, f"{name} reads like {other}.")


def _groups(mall: Mall) -> Iterator[Iterable[Named]]:
    agencies = [each for each in mall.agencies if each.retired is None]
    for field in ("name", "name_en", "short_name"):
        yield [(f"agencies.{a.code}.{field}", getattr(a, field)) for a in agencies]
    for agency in agencies:
        services = [each for each in agency.services if each.retired is None]
        path = f"agencies.{agency.code}.services"
        for field in ("name", "name_en"):
            yield [(f"{path}.{s.code}.{field}", getattr(s, field)) for s in services]
    for field in ("name", "name_en"):
        yield [(f"zones.{z.code}.{field}", getattr(z, field)) for z in mall.zones]
    for kind in ("displays", "kiosks", "printers", "print_agents"):
        yield [(f"{kind}.{d.code}.name", d.name) for d in getattr(mall, kind)]
