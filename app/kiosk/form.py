"""The form by which a number is taken: the fields of one showing of a service."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.kiosk.chosen import MOST_PEOPLE, Chosen
from app.models.states import LARGEST_ID, Priority
from app.queueing.issuing import MAX_SERVICES

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class NumberForm(BaseModel):
    """What the page sent; whatever is not of its form is refused, never guessed.

    The number is of the first service's series.
    """

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    service_id: Annotated[list[Id], Field(min_length=1, max_length=MAX_SERVICES)]
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)] = 1
    priority: Priority = Priority.REGULAR
    assistance: bool = False

    def chosen(self) -> Chosen:
        """Return what the visitor chose."""
        return Chosen(
            tuple(self.service_id), self.people, self.priority, self.assistance
        )
