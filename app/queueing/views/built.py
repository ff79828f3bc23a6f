"""Models of pydantic made of values that need no look."""

from typing import Any, TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)


def built(model: type[Model], fields: dict[str, Any]) -> Model:
    """Return a model of these fields: all of its own, each of its type already.

    They come of rows that were read or written just now. ``model_construct`` does the
    same and costs twice a validation; the answer to each ticket is two such models.
    """
    made = model.__new__(model)
    object.__setattr__(made, "__dict__", fields)
    object.__setattr__(made, "__pydantic_fields_set__", set(fields))
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made
