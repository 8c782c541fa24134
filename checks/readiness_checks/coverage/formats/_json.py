"""What the formats in JSON share: strict models that ignore what they do not need."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from readiness.text import first_mistake
from readiness_checks.coverage.measured import Count, malformed

Number = Annotated[int, Field(ge=0)]
"""How many, or how often."""
LineNumber = Annotated[int, Field(ge=1)]
_Value = TypeVar("_Value")


class Model(BaseModel):
    """A part of a report."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


def validated(name: str, adapter: TypeAdapter[_Value], document: Any) -> _Value:
    """A document as a format says it is.

    Raises:
        CheckError: It is not.
    """
    try:
        return adapter.validate_python(document)
    except ValidationError as error:
        raise malformed(name, first_mistake(error)) from error


def count(name: str, what: str, covered: int, total: int) -> Count:
    """A count that a report gives as two numbers.

    Raises:
        CheckError: There are more covered than there are.
    """
    if covered > total:
        raise malformed(name, f"{what[:200]} has more covered than there are: {covered} of {total}")
    return Count(covered, total)
