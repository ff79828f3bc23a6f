"""What the fields of an import file must be to each other.

These look at nodes and not at the validated mall, so that they speak up
together with the schema and every wrong line is named at once.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from app.importing.nodes import Node
from app.importing.problems import Problem
from app.models.states import DisplayLayout
from app.queueing.site.name_reading import reading_of

LISTS_WITH_CODES = ("agencies", "sound_spaces", "zones", "counters", "printers")

_NEVER = "9999-12-31"
"""Dates are compared as texts: written YYYY-MM-DD they sort as the days do."""

TRUE_TEXTS = ("true", "yes", "on", "1", "t", "y")
"""What pydantic takes for true, in small letters."""


def cross_problems(root: Node) -> Iterator[Problem]:
    """Name each line that contradicts another one."""
    for name in LISTS_WITH_CODES:
        yield from _check_repeated(root.each(name), "code")
    for agency in root.each("agencies"):
        yield from _check_repeated(agency.each("services"), "code")
    # one list: all are rows of one table, in which a code is unique
    devices = (root.each(name) for name in ("displays", "kiosks", "print_agents"))
    yield from _check_repeated(chain.from_iterable(devices), "code")
    # called aloud and shown: of two alike, visitors would go to the wrong one
    yield from _check_alike_names(root.each("counters"))
    yield from _check_prefixes(root)
    yield from _check_spare_rolls(root)
    yield from _check_references(root)
    yield from _check_served(root)
    yield from _check_retired(root)
    yield from _check_practice(root)
    yield from _check_cooldowns(root)
    yield from _check_english(root)
    yield from _check_printers(root)
    yield from _check_speakers(root)
    yield from _check_layouts(root)


def _check_repeated(nodes: Iterable[Node], key: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for node in nodes:
        field = node.get(key)
        if field.text in first:
            line = first[field.text]
            yield _problem(field, f"{field.text} is already used on line {line}")
        elif field.text:
            first[field.text] = field.line


def _check_alike_names(nodes: Iterable[Node]) -> Iterator[Problem]:
    """Let no two be the same to whoever reads them: blanks and case tell nothing."""
    first: dict[str, Node] = {}
    for node in nodes:
        field = node.get("name")
        if not field.text:
            continue
        other = first.setdefault(reading_of(field.text), field)
        if other is field:
            continue
        cause = f"is already used on line {other.line}"
        if other.text != field.text:
            cause = f"reads like {other.text} on line {other.line}"
        yield _problem(field, f"{field.text} {cause}")


def _check_prefixes(root: Node) -> Iterator[Problem]:
    """Let only the services of one agency share a prefix: it is one series."""
    owner_of_prefix: dict[str, Node] = {}
    for agency in root.each("agencies"):
        own = agency.get("prefix")
        for service in agency.each("services"):
            field = service.get("prefix")
            if not field.text and not own.text:
                yield _problem(service, "has no prefix, and neither has its agency")
        for field in [own, *(node.get("prefix") for node in agency.each("services"))]:
            if (
                field.text
                and owner_of_prefix.setdefault(field.text, agency) is not agency
            ):
                other = owner_of_prefix[field.text]
                yield _problem(
                    field,
                    f"{field.text} is already the prefix of {other.get('code').text}"
                    f" (line {other.line})",
                )


def _check_spare_rolls(root: Node) -> Iterator[Problem]:
    """Let a roll stand beside the prefix of its series, and once."""
    rolls: dict[str, Node] = {}
    for agency in root.each("agencies"):
        for owner in [agency, *agency.each("services")]:
            roll, prefix = owner.get("spare_roll"), owner.get("prefix").text
            if roll.value is None:
                continue
            if not prefix:
                yield _problem(roll, "stands only beside a prefix")
            elif prefix in rolls:
                line = rolls[prefix].line
                yield _problem(roll, f"{prefix} already has its roll on line {line}")
            # the first stands, so that each later one is named against it
            rolls.setdefault(prefix, roll)


def _check_references(root: Node) -> Iterator[Problem]:
    of_zones = [node.get("sound_space") for node in root.each("zones")]
    of_kiosks = [node.get("printer") for node in root.each("kiosks")]
    to_zones = [node.get("zone") for node in root.each("counters")]
    for display in root.each("displays"):
        to_zones += display.each("zones")
    of_displays = [node.get("counter") for node in root.each("displays")]
    yield from _check_codes_exist(root, "counters", of_displays)
    yield from _check_codes_exist(root, "sound_spaces", of_zones)
    yield from _check_codes_exist(root, "zones", to_zones)
    of_agents = [node.get("printer") for node in root.each("print_agents")]
    siblings = [node.get("sibling") for node in root.each("printers")]
    yield from _check_codes_exist(root, "printers", of_kiosks + of_agents + siblings)


def _check_codes_exist(root: Node, name: str, fields: list[Node]) -> Iterator[Problem]:
    codes = {node.get("code").text for node in root.each(name)}
    for field in fields:
        if field.text and field.text not in codes:
            yield _problem(field, f"{field.text} is not among the {name}")


def _check_speakers(root: Node) -> Iterator[Problem]:
    """Let a display speak where it stands: it is sent the calls of its zones alone."""
    speakers = [space.get("speaker") for space in root.each("sound_spaces")]
    yield from _check_codes_exist(root, "displays", speakers)
    space_of = {
        zone.get("code").text: zone.get("sound_space").text
        for zone in root.each("zones")
    }
    spaces_of = {
        display.get("code").text: {
            space_of.get(zone.text) for zone in display.each("zones")
        }
        for display in root.each("displays")
    }
    for space in root.each("sound_spaces"):
        field, code = space.get("speaker"), space.get("code").text
        if field.text in spaces_of and code not in spaces_of[field.text]:
            yield _problem(field, f"{field.text} shows no zone of {code}")


def _check_layouts(root: Node) -> Iterator[Problem]:
    """Let a display of one counter name it, and show its zone."""
    zone_of = {
        counter.get("code").text: counter.get("zone").text
        for counter in root.each("counters")
    }
    for display in root.each("displays"):
        layout, counter = display.get("layout"), display.get("counter")
        is_of_counter = layout.text == DisplayLayout.COUNTER
        if is_of_counter and not counter.text:
            yield _problem(layout, "names no counter")
        if counter.text and not is_of_counter:
            yield _problem(counter, "is shown by layout: counter alone")
        zones = [zone.text for zone in display.each("zones")]
        if zone_of.get(counter.text, zones[0] if zones else "") not in zones:
            yield _problem(counter, f"{counter.text} is in none of its zones")


def _check_served(root: Node) -> Iterator[Problem]:
    """Let every counter serve what exists, and every service have a counter."""
    offered = _offered(root)
    served: set[str] = set()
    for counter in root.each("counters"):
        served_here = set[str]().union(
            *(offered.get(field.text, ()) for field in counter.each("services"))
        )
        yield from _counter_problems(counter, offered, served_here)
        served |= served_here
    for agency in root.each("agencies"):
        for service in agency.each("services"):
            if service.get("code").text and _ref(agency, service) not in served:
                yield _problem(service, "no counter serves this service")


def _check_retired(root: Node) -> Iterator[Problem]:
    """Let no service outlive the last counter that serves it."""
    offered = _offered(root)
    last_day: dict[str, str] = {}
    for counter in root.each("counters"):
        for field in counter.each("services"):
            for ref in offered.get(field.text, ()):
                day = counter.get("retired").text or _NEVER
                last_day[ref] = max(last_day.get(ref, ""), day)
    for agency in root.each("agencies"):
        for service in agency.each("services"):
            ends = [agency.get("retired").text, service.get("retired").text]
            end = min(filter(None, ends), default=_NEVER)
            last = last_day.get(_ref(agency, service), _NEVER)
            if last < end:
                yield _problem(service, f"from {last} on no counter serves it")


def _check_practice(root: Node) -> Iterator[Problem]:
    """Keep practice apart: invented visitors must not meet real ones."""
    zones = {node.get("code").text for node in root.each("zones") if _is_practice(node)}
    for display in root.each("displays"):
        for field in display.each("zones"):
            if field.text in zones:
                yield _problem(field, f"{field.text} is for practice and not shown")
    # by agency: its services may share one series of numbers
    kind_of: dict[str, bool] = {}
    for counter in root.each("counters"):
        is_practice = counter.get("zone").text in zones
        for field in counter.each("services"):
            agency = field.text.partition("/")[0]
            if kind_of.setdefault(agency, is_practice) is not is_practice:
                yield _problem(field, f"{agency} is served in practice and in earnest")


def _check_cooldowns(root: Node) -> Iterator[Problem]:
    """Let no kiosk have a cool-down for what no kiosk gives."""
    for agency in root.each("agencies"):
        for service in agency.each("services"):
            field = service.get("kiosk_cooldown_seconds")
            if field.value is not None and _is_true(service.get("reception_only")):
                yield _problem(field, "stands only where kiosks give numbers")


def _check_english(root: Node) -> Iterator[Problem]:
    """Let English stand beside Indonesian: most visitors read that."""
    for agency in root.each("agencies"):
        for service in agency.each("services"):
            for name in ("fee", "documents"):
                field = service.get(f"{name}_en")
                if field.value is not None and service.get(name).value is None:
                    yield _problem(field, f"stands only beside {name}")


def _check_printers(root: Node) -> Iterator[Problem]:
    """Let every printer be reached in one way, and have another for a sibling."""
    agent_fields: dict[str, Node] = {}
    for agent in root.each("print_agents"):
        field = agent.get("printer")
        if field.text in agent_fields:
            line = agent_fields[field.text].line
            yield _problem(field, f"{field.text} has its print agent on line {line}")
        elif field.text:
            agent_fields[field.text] = field
    for printer in root.each("printers"):
        code, sibling = printer.get("code").text, printer.get("sibling")
        has_address = printer.get("address").value is not None
        if code and not has_address and code not in agent_fields:
            yield _problem(printer, "needs an address or a print agent")
        if code and sibling.text == code:
            yield _problem(sibling, "a printer is no sibling of itself")


def _is_practice(zone: Node) -> bool:
    return _is_true(zone.get("practice"))


def _is_true(field: Node) -> bool:
    return field.text.lower() in TRUE_TEXTS


def _counter_problems(
    counter: Node, offered: dict[str, set[str]], served_here: set[str]
) -> Iterator[Problem]:
    for field in counter.each("services"):
        if field.text and field.text not in offered:
            yield _problem(field, f"{field.text} is no agency or AGENCY/SERVICE")
    for key, field in counter.fields("head_start_minutes").items():
        if not offered.get(key, set()) & served_here:
            yield _problem(field, f"{key} is not served at this counter")


def _offered(root: Node) -> dict[str, set[str]]:
    """Return what each ``AGENCY`` and ``AGENCY/SERVICE`` stands for."""
    offered: dict[str, set[str]] = {}
    for agency in root.each("agencies"):
        refs = {_ref(agency, service) for service in agency.each("services")}
        offered[agency.get("code").text] = refs
        offered.update({ref: {ref} for ref in refs})
    return offered


def _ref(agency: Node, service: Node) -> str:
    return f"{agency.get('code').text}/{service.get('code').text}"


def _problem(node: Node, cause: str) -> Problem:
    return Problem(node.line, node.where, cause)
