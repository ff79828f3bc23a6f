"""The form by which a number is taken: the fields of one showing of a service."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.kiosk.choices import MAX_PEOPLE, Choices
from app.models.states import MAX_ID, Priority
from app.queueing.site.policy import MAX_SERVICES

Id = Annotated[int, Field(ge=1, le=MAX_ID)]


class TicketForm(BaseModel):
    """What the page sent; whatever is not of its form is refused, never guessed.

    The number is of the first service's series.
    """

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    service_id: Annotated[list[Id], Field(min_length=1, max_length=MAX_SERVICES)]
    people: Annotated[int, Field(ge=1, le=MAX_PEOPLE)] = 1
    priority: Priority = Priority.REGULAR
    assistance: bool = False

    def choices(self) -> Choices:
        """Return what the visitor chose."""
        return Choices(
            tuple(self.service_id), self.people, self.priority, self.assistance
        )
