"""DNS records that are entered elsewhere: shown, and waited for until they lead to the platform."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.resolution import Lookup, Place
from battleshiper.infra.aws.operation.waiting import Hint, Tell, Waiting, duration

_LONGEST_SECONDS = 1800.0
_OUTPUTS = ("PlatformRecord", "SitesRecord")
_LATER = "Deploy again when you have entered what is missing: it looks again."
_HINTS = (
    Hint(300.0, "The resolver of this machine may remember for up to an hour that there was nothing."),
    Hint(900.0, "Are the name servers that you entered it at those that the domain's registrar names?"),
)
_SECOND_LEVELS = ("ac", "co", "com", "edu", "gov", "net", "or", "org")


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


class Dns:
    """Follows the records that the stack's outputs name."""

    def __init__(self, lookup: Lookup, waiting: Waiting, tell: Tell, longest_seconds: float = _LONGEST_SECONDS) -> None:
        self._lookup = lookup
        self._waiting = waiting
        self._tell = tell
        self._longest_seconds = longest_seconds

    def follow(self, outputs: Mapping[str, str], *, patient: bool = True) -> bool:
        """Tell whether all records lead where they have to. What does not is shown, as it is to be entered, and waited
        for unless `patient` is false; an interruption (Ctrl-C) ends the wait and no more. Raises OperationError after
        half an hour."""
        wanted = records_in(outputs)
        missing = self._missing(wanted)
        if not missing:
            return True
        self._tell("Enter these records at your DNS:")
        for line in table(list(missing)):
            self._tell(line)
        self._tell(f"  {ADVICE}")
        for record, place in missing.items():
            if is_apex(record.name):
                self._tell(f"  {_APEX.format(name=record.name, value=record.value)}")
            if place.is_elsewhere:
                self._tell(f"  {record.name} leads to {place} now: change or remove that record.")
        if not patient:
            self._tell(_LATER)
            return False
        return self._wait(list(missing))

    def _wait(self, records: list[Record]) -> bool:
        def look() -> bool | None:
            left = self._missing(records)
            for record in [each for each in records if each not in left]:
                self._tell(f"{record.name} leads to the platform.")
                records.remove(record)
            return None if left else True

        names = " and ".join(record.name for record in records)
        try:
            if self._waiting.until(look, f"{names} to lead to the platform", most=self._longest_seconds, hints=_HINTS):
                return True
        except KeyboardInterrupt:
            self._tell(_LATER)
            return False
        left = ", ".join(record.name for record in records)
        raise OperationError(f"After {duration(self._longest_seconds)}, still not at the platform: {left}.", _LATER)

    def _missing(self, records: list[Record]) -> dict[Record, Place]:
        places = {record: self._lookup.find(concrete(record.name), record.value) for record in records}
        return {record: place for record, place in places.items() if not place.is_right}


_APEX = (
    "{name} looks like the top of its domain, where DNS allows no CNAME: enter an ALIAS or ANAME record with the same "
    "value, or have the CNAME “flattened”, if your DNS does that. If it does none of these, take a name below it, such "
    "as ship.{name}, or move the domain to Route 53 and name its zone."
)


def records_in(outputs: Mapping[str, str]) -> list[Record]:
    """Return the records that the stack could not make itself."""
    parts = [outputs[name].split() for name in _OUTPUTS if outputs.get(name)]
    return [Record.of(name, value) for name, _, value in parts]


def concrete(name: str) -> str:
    """Return a name to ask for: below a wildcard a fresh one, about which no resolver remembers anything."""
    return name.replace("*", f"check-{token_hex(4)}", 1)


def is_apex(name: str) -> bool:
    """Tell whether a name is likely the top of a zone, judged by what registries sell names below."""
    labels = name.split(".")
    if labels[0] == "*":
        return False
    below_a_country = len(labels) == 3 and len(labels[2]) == 2 and labels[1] in _SECOND_LEVELS
    return len(labels) == 2 or below_a_country
