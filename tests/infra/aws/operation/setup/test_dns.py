"""DNS records that are entered elsewhere."""

import pytest
from aws.patience import Patience
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.dns import Dns, Record, concrete, is_apex, records_in, table
from battleshiper.infra.aws.operation.setup.resolution import Place

OUTPUTS = {
    "Url": "https://ship.example.org",
    "PlatformRecord": "ship.example.org CNAME d1.cloudfront.net",
    "SitesRecord": "*.example-sites.net CNAME d2.cloudfront.net",
}
RIGHT = Place(is_right=True, addresses=("192.0.2.1",))


class FakeLookup:
    """Names lead where a test says, judged by their ends."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.asked: list[tuple[str, str]] = []

    def find(self, name: str, target: str) -> Place:
        self.asked.append((name, target))
        return next((place for end, place in self.places.items() if name.endswith(end)), Place())


class Desk:
    """An operator with a resolver and time."""

    def __init__(self) -> None:
        self.lookup = FakeLookup()
        self.patience = Patience()

    def follow(self, outputs=OUTPUTS, *, patient: bool = True) -> bool:
        return Dns(self.lookup, self.patience.waiting, self.patience.told.append).follow(outputs, patient=patient)


@pytest.fixture
def desk() -> Desk:
    """One."""
    return Desk()


def test_records_are_shown_and_waited_for(desk) -> None:
    """Each is shown as it is to be entered, and told when it is there."""
    desk.patience.after(60, lambda: desk.lookup.places.update({"ship.example.org": RIGHT}))
    desk.patience.after(400, lambda: desk.lookup.places.update({".example-sites.net": RIGHT}))
    assert desk.follow()
    rows = [line.split() for line in desk.patience.told if " CNAME " in line]
    assert rows == [
        ["ship.example.org", "CNAME", "d1.cloudfront.net"],
        ["*.example-sites.net", "CNAME", "d2.cloudfront.net"],
    ]
    assert [line for line in desk.patience.told if line.endswith("leads to the platform.")] == [
        "ship.example.org leads to the platform.",
        "*.example-sites.net leads to the platform.",
    ]
    assert "may remember" in desk.patience.text


def test_a_wildcard_is_asked_for_by_a_fresh_name_each_time(desk) -> None:
    """No resolver remembers that there was nothing at it."""
    desk.patience.after(40, lambda: desk.lookup.places.update({"": RIGHT}))
    assert desk.follow()
    below = [name for name, target in desk.lookup.asked if target == "d2.cloudfront.net"]
    assert len(below) > 2
    assert len(set(below)) == len(below)
    assert all(name.count(".") == 2 and "*" not in name for name in below)


def test_what_is_right_is_not_told(desk) -> None:
    """A later deployment is silent, and one with zones of its own has nothing to look for."""
    desk.lookup.places = {"": RIGHT}
    assert desk.follow()
    assert desk.follow({"Url": "https://ship.example.org"})
    assert desk.patience.told == []


def test_nobody_waits_when_told_so(desk) -> None:
    """The records are shown, and what to do later."""
    assert not desk.follow(patient=False)
    assert desk.patience.now == 0
    assert "d1.cloudfront.net" in desk.patience.text
    assert "Deploy again" in desk.patience.text


def test_an_interruption_ends_the_wait_alone(desk) -> None:
    """The deployment is done: the operator hears what is left."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    desk.patience.after(60, interrupt)
    assert not desk.follow()
    assert "Deploy again" in desk.patience.told[-1]


def test_it_gives_up(desk) -> None:
    """After half an hour the step fails, as nobody reaches the platform; the error names what is left."""
    desk.patience.after(60, lambda: desk.lookup.places.update({"ship.example.org": RIGHT}))
    with pytest.raises(
        OperationError, match=r"After 30 min, still not at the platform: \*\.example-sites\.net\."
    ) as caught:
        desk.follow()
    assert desk.patience.now == 1800
    assert "Deploy again" in caught.value.remedy


def test_a_record_of_somebody_else_is_named(desk) -> None:
    """Where a name leads elsewhere, the operator hears where."""
    desk.lookup.places = {"ship.example.org": Place(addresses=("203.0.113.9",)), ".example-sites.net": RIGHT}
    desk.follow(patient=False)
    assert "  ship.example.org leads to 203.0.113.9 now: change or remove that record." in desk.patience.told


def test_the_top_of_a_domain_can_have_no_cname(desk) -> None:
    """The operator hears what does instead."""
    desk.follow({"PlatformRecord": "example.org CNAME d1.cloudfront.net"}, patient=False)
    assert "ALIAS or ANAME" in desk.patience.text


@pytest.mark.parametrize("name", ["example.org", "example.co.uk", "example.com.au"])
def test_tops(name) -> None:
    """These are what registries sell; a name below one, or a wildcard, is none."""
    assert is_apex(name)
    assert not is_apex(f"ship.{name}")
    assert not is_apex(f"*.{name}")


def test_a_short_name_below_a_country_is_no_top() -> None:
    """Only what registries sell names below counts."""
    assert not is_apex("ship.example.de")


@given(st.lists(st.tuples(st.text("abc.", min_size=1), st.text("xyz.", min_size=1)), min_size=1))
def test_tables_keep_every_name_whole(pairs) -> None:
    """However long, a record is on one line, its parts with blanks between, aligned."""
    records = [Record(name, value) for name, value in pairs]
    head, *rows = table(records)
    assert head.split() == ["Name", "Type", "Value"]
    assert [row.split() for row in rows] == [[each.name, "CNAME", each.value] for each in records]
    assert len({row.index(" CNAME ") for row in rows}) == 1


def test_records_are_read_from_the_outputs() -> None:
    """As the stack writes them; a domain with a zone of ours has none."""
    assert records_in(OUTPUTS) == [
        Record("ship.example.org", "d1.cloudfront.net"),
        Record("*.example-sites.net", "d2.cloudfront.net"),
    ]
    assert records_in({"Url": "x", "SitesRecord": ""}) == []
    assert concrete("ship.example.org") == "ship.example.org"
