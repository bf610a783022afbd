"""The desk: one operator, each state once, each code once."""

from datetime import UTC, datetime, timedelta

import pytest

from battleshiper.bot.fake_visitor import FakeVisitor
from battleshiper.bot.github import GitHubUnavailableError
from battleshiper.infra.local.connect.desk import ConnectError, Desk
from battleshiper.infra.local.connect.office import plan_app
from battleshiper.infra.local.kept_app import KeptApp


class Office:
    """A desk, and what went over it. The clock is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, tzinfo=UTC)
        self.github = FakeVisitor("good")
        self.kept: list[KeptApp] = []
        plan = plan_app("https://ship.example.org", "https://github.example")
        self.desk = Desk(plan, "https://api.example", self.github, self.kept.append, lambda: self.now)


@pytest.fixture
def office() -> Office:
    """A desk where nobody was yet."""
    return Office()


def test_the_key_opens_once(office: Office) -> None:
    """The first who brings it is the operator; a wrong key spends nothing, and nobody else is known."""
    desk = office.desk
    assert desk.admit("wrong") is None
    assert desk.admit("") is None
    assert not desk.knows("")
    session = desk.admit(desk.key)
    assert session is not None
    assert desk.admit(desk.key) is None
    assert desk.knows(session)
    assert not desk.knows("")
    assert not desk.knows("ü")
    assert not desk.knows(desk.key)


def test_a_code_with_our_state(office: Office) -> None:
    """The App is kept with the GitHub that it is of."""
    app = office.desk.finish(office.desk.begin(), "good")
    assert office.kept == [app] == [office.desk.app]
    assert (app.app_id, app.url, app.api_url) == (7, "https://github.example", "https://api.example")
    assert (app.private_key, app.webhook_secret) == ("key", "webhook's")
    assert "key" not in repr(app).replace("private_key", "")


def test_a_state_that_is_not_ours(office: Office) -> None:
    """The code is not even tried: it would be somebody else's App."""
    office.desk.begin()
    for state in ("", "other"):
        with pytest.raises(ConnectError, match="did not begin here"):
            office.desk.finish(state, "good")
    assert office.github.asked == []


def test_a_state_is_good_once_and_for_an_hour(office: Office) -> None:
    """Also when what came with it was no good."""
    state, late = office.desk.begin(), office.desk.begin()
    with pytest.raises(ConnectError, match="does not know this code"):
        office.desk.finish(state, "bad")
    with pytest.raises(ConnectError, match="did not begin here"):
        office.desk.finish(state, "good")
    office.now += timedelta(hours=1, seconds=1)
    with pytest.raises(ConnectError, match="hour ago"):
        office.desk.finish(late, "good")
    assert office.kept == []


def test_states_do_not_pile_up(office: Office) -> None:
    """Who opens the page again and again ends the oldest tries, and the newest stay good."""
    states = [office.desk.begin() for _ in range(500)]
    with pytest.raises(ConnectError):
        office.desk.finish(states[0], "good")
    assert office.desk.finish(states[-1], "good").app_id == 7


def test_no_code(office: Office) -> None:
    """Nothing is asked of GitHub without one."""
    with pytest.raises(ConnectError, match="no code"):
        office.desk.finish(office.desk.begin(), "")
    assert office.github.asked == []


def test_a_github_that_is_down(office: Office) -> None:
    """It is said, and the same code is good later, for the operator who types it."""
    office.github.error = GitHubUnavailableError("GitHub did not answer in time")
    with pytest.raises(ConnectError, match="did not answer in time"):
        office.desk.take("good")
    office.github.error = None
    assert office.desk.take("good").slug == "ship"


def test_an_app_without_a_webhook(office: Office) -> None:
    """Where GitHub makes no secret there is one all the same: the platform never runs with an empty one."""
    office.github.webhook_secret = None
    assert len(office.desk.take("good").webhook_secret) == 64
