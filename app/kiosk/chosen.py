"""What a visitor has chosen before the number is drawn, as an address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.models.states import LARGEST_ID, Priority
from app.queueing.issuing import MAX_SERVICES

BESIDES: Final = MAX_SERVICES - 1
"""How many services an address can hold besides the one whose page is shown."""
MOST_PEOPLE: Final = 100
"""More than any site allows (``policy.people_max``); the page shows the site's own."""


@dataclass(frozen=True)
class Chosen:
    """The services chosen so far, who comes, and what they need."""

    services: tuple[int, ...] = ()
    people: int = 1
    priority: Priority = Priority.REGULAR
    assistance: bool = False

    def said(self) -> dict[str, str]:
        """Return what an address has to say of it; the usual goes unsaid."""
        words = {
            "with": ",".join(map(str, self.services)),
            "people": str(self.people) if self.people > 1 else "",
            "priority": "" if self.priority == Priority.REGULAR else self.priority,
            "assistance": "yes" if self.assistance else "",
        }
        return {name: word for name, word in words.items() if word}

    def besides(self, service_id: int) -> "Chosen":
        """Return the same without one service."""
        rest = tuple(each for each in self.services if each != service_id)
        return replace(self, services=rest)

    def adding(self, service_id: int) -> "Chosen":
        """Return the same with one service more, each at most once."""
        rest = self.besides(service_id)
        return replace(rest, services=(*rest.services, service_id))

    def for_people(self, people: int) -> "Chosen":
        """Return the same for another number of people."""
        return replace(self, people=people)

    def as_class(self, priority: Priority) -> "Chosen":
        """Return the same in a priority class; in no class if it was in that one."""
        is_off = self.priority == priority
        return replace(self, priority=Priority.REGULAR if is_off else priority)

    def helped(self, is_wanted: bool) -> "Chosen":
        """Return the same with or without a person's help."""
        return replace(self, assistance=is_wanted)


def chosen_in(query: Mapping[str, str]) -> Chosen:
    """Read a choice from an address; what is not of the form counts as not said."""
    services = [_number(word, LARGEST_ID) for word in query.get("with", "").split(",")]
    known = tuple(dict.fromkeys(each for each in services if each))
    return Chosen(
        services=known[:BESIDES],
        people=_number(query.get("people", ""), MOST_PEOPLE) or 1,
        priority=_priority(query.get("priority", "")),
        assistance=query.get("assistance") == "yes",
    )


def _number(word: str, largest: int) -> int | None:
    """Return a number from 1; the length is asked first, for ``int`` is slow."""
    if not (word.isascii() and word.isdigit() and len(word) <= len(str(largest))):
        return None
    number = int(word)
    return number if 1 <= number <= largest else None


def _priority(word: str) -> Priority:
    return Priority(word) if word in set(Priority) else Priority.REGULAR
