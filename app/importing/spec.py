"""What every group of fields of the import file keeps to."""

from collections import Counter
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

MAX_NAME_CHARACTERS = 120
Item = TypeVar("Item", bound=str)


class Spec(BaseModel):
    """A group of fields; a field that nobody knows is a mistake, not a remark."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_fields(cls, fields: Any) -> Any:
        """Take ``fee:`` with nothing behind it as if it were not there."""
        if not isinstance(fields, dict):
            return fields
        known_fields = cls.model_fields
        return {
            key: value
            for key, value in fields.items()
            # an unknown field is a mistake also when it is empty
            if value is not None or key not in known_fields
        }


def no_repeats(items: list[Item]) -> list[Item]:
    """Return the items; raise ValueError when one is named twice."""
    for item, times in Counter(items).items():
        if times > 1:
            raise ValueError(f"names {item} more than once")
    return items


Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME_CHARACTERS)]
