"""What a visitor has chosen before the number is drawn, as an address holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.models.states import MAX_ID, Priority
from app.queueing.site.policy import MAX_SERVICES

MAX_OTHER_SERVICES: Final = MAX_SERVICES - 1
"""How many services an address can hold besides the one whose page is shown."""
MAX_PEOPLE: Final = 100
"""More than any site allows (``policy.people_max``); the page shows the site's own."""


@dataclass(frozen=True)
class Choices:
    """The services chosen so far, who comes, and what they need."""

    services: tuple[int, ...] = ()
    people: int = 1
    priority: Priority = Priority.REGULAR
    assistance: bool = False

    def query_values(self) -> dict[str, str]:
        """Return the query values of an address; the usual ones are left out."""
        values = {
            "with": ",".join(map(str, self.services)),
            "people": str(self.people) if self.people > 1 else "",
            "priority": "" if self.priority == Priority.REGULAR else self.priority,
            "assistance": "yes" if self.assistance else "",
        }
        return {name: value for name, value in values.items() if value}

    def without(self, service_id: int) -> "Choices":
        """Return the same without one service."""
        others = tuple(each for each in self.services if each != service_id)
        return replace(self, services=others)

    def with_service(self, service_id: int) -> "Choices":
        """Return the same with one service more, each at most once."""
        others = self.without(service_id)
        return replace(others, services=(*others.services, service_id))

    def with_people(self, people: int) -> "Choices":
        """Return the same for another number of people."""
        return replace(self, people=people)

    def toggle_priority(self, priority: Priority) -> "Choices":
        """Return the same in a priority class; in no class if it was in that one."""
        is_same = self.priority == priority
        return replace(self, priority=Priority.REGULAR if is_same else priority)

    def with_assistance(self, is_needed: bool) -> "Choices":
        """Return the same with or without a person's help."""
        return replace(self, assistance=is_needed)


def choices_from_query(query: Mapping[str, str]) -> Choices:
    """Read a choice from an address; what is not of the form is ignored."""
    services = [_number(value, MAX_ID) for value in query.get("with", "").split(",")]
    ids = tuple(dict.fromkeys(service_id for service_id in services if service_id))
    return Choices(
        services=ids[:MAX_OTHER_SERVICES],
        people=_number(query.get("people", ""), MAX_PEOPLE) or 1,
        priority=_priority(query.get("priority", "")),
        assistance=query.get("assistance") == "yes",
    )


def _number(value: str, largest: int) -> int | None:
    """Return a number from 1; the length is checked first, for ``int`` is slow."""
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(largest))):
        return None
    number = int(value)
    return number if 1 <= number <= largest else None


def _priority(value: str) -> Priority:
    return Priority(value) if value in set(Priority) else Priority.REGULAR
