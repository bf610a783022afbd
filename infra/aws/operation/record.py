"""DNS records that an operator has to enter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is to be entered. Names are whole, without a dot at their ends."""

    name: str
    value: str
    type: str = "CNAME"

    @classmethod
    def of(cls, name: str, value: str) -> "Record":
        """Return the record of names that may end in a dot."""
        return cls(name.rstrip("."), value.rstrip("."))


ADVICE = (
    "Where your DNS page adds the domain to a name by itself, leave it off the name; in a zone file, end names and "
    "values with a dot."
)
"""Without it, the record is `_x.example.org.example.org`
(https://docs.aws.amazon.com/acm/latest/APIReference/API_DomainValidation.html)."""


def table(records: Sequence[Record]) -> Iterator[str]:
    """Yield the lines of a table, each on one line however long, so that all can be copied."""
    rows = [("Name", "Type", "Value"), *((each.name, each.type, each.value) for each in records)]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, kind, value in rows:
        yield f"  {name:<{first}}  {kind:<{second}}  {value}"
