"""What GitHub shows while deployments come and go."""

import logging
from itertools import permutations
from typing import Any

import pytest

from battleshiper.bot.github import GitHubRefusedError, GitHubUnavailableError, StatusState
from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.model.deployment import Environment, State
from battleshiper.platform.model.event import Event, EventType

World = Any
"""The fixture's class; tests cannot import from conftest."""
SHA, OTHER = "a" * 40, "b" * 40


class Broken:
    """Raises an error for some methods, as often as told."""

    def __init__(self, error: BaseException, *methods: str, times: int = 10**6) -> None:
        self.error = error
        self.methods = methods
        self.times = times

    def __call__(self, method: str) -> None:
        """Fail, if this method is to fail."""
        if self.times > 0 and (not self.methods or method in self.methods):
            self.times -= 1
            raise self.error


def test_a_push_is_followed_from_queued_to_ready(world: World) -> None:
    """Each state is shown once, on the commit and on one GitHub Deployment of the branch."""
    deployment = world.deploy("d1")
    world.report("d1")
    for state in (State.BUILDING, State.DEPLOYING):
        deployment = world.store.advance(deployment, state)
        world.report("d1")
    world.wait(42)
    world.store.advance(deployment, State.READY, url="http://shop.localhost")
    world.report("d1")
    assert world.states == ["pending", "pending", "pending", "success"]
    assert world.deployment_states() == ["queued", "in_progress", "in_progress", "success"]
    [github_deployment] = world.github.deployments
    new = github_deployment.new
    assert (new.ref, github_deployment.sha, new.environment, new.is_production) == ("main", SHA, "production", True)
    sha, status = world.github.statuses[-1]
    assert (sha, status.context, status.description) == (SHA, "battleshiper/shop", "Ready in 42 s")
    assert status.target_url == "http://shop.localhost"
    assert world.github.statuses[0][1].target_url == "https://ship/d1"
    last = github_deployment.statuses[-1]
    assert (last.environment_url, last.log_url) == ("http://shop.localhost", "https://ship/d1")


def test_only_the_present_state_is_shown(world: World) -> None:
    """Events that come late, twice or after others change nothing: one report covers them all."""
    world.finish(world.deploy("d1"))
    for event in world.events * 2:
        world.reporter.report(event)
    assert world.states == ["success"]
    assert world.deployment_states() == ["success"]


@pytest.mark.parametrize(
    ("state", "status", "deployments"),
    [
        (State.FAILED, "failure", [["failure"]]),
        (State.CANCELED, "success", []),
        (State.SUPERSEDED, "success", []),
        (State.SKIPPED, "success", []),
    ],
)
def test_only_the_codes_own_failure_blocks_a_merge(
    world: World, state: State, status: str, deployments: list[Any]
) -> None:
    """Other ends succeed, with the reason, and make no GitHub Deployment of what was not built."""
    world.store.advance(world.deploy("d1"), state, reason="Because.")
    world.report("d1")
    assert world.states == [status]
    assert world.github.statuses[0][1].description == "Because."
    assert list(map(world.deployment_states, range(len(world.github.deployments)))) == deployments


def test_a_skipped_push_ends_its_commit_at_once(world: World) -> None:
    """One final status with the reason, whole, that leads to the deployment; and no GitHub Deployment."""
    world.deploy("d1", state=State.SKIPPED, reason="Skipped: the commit message says [skip ci]")
    for event in world.events * 2:
        world.reporter.report(event)
    [(sha, status)] = world.github.statuses
    assert (sha, status.state, status.context) == (SHA, StatusState.SUCCESS, "battleshiper/shop")
    assert status.description == "Skipped: the commit message says [skip ci]"
    assert status.target_url == "https://ship/d1"
    assert world.github.deployments == []


def test_what_was_superseded_while_it_was_built_becomes_inactive(world: World) -> None:
    """A GitHub Deployment that was begun is ended, without a site's address."""
    deployment = world.deploy("d1")
    world.report("d1")
    world.store.advance(deployment, State.SUPERSEDED, reason="Superseded by bbbbbbb.")
    world.report("d1")
    assert world.deployment_states() == ["queued", "inactive"]
    assert world.states == ["pending", "success"]


def test_a_crash_after_the_call_makes_no_second_github_deployment(world: World) -> None:
    """What was created before we died is found again by its payload."""

    class Killed(BaseException):
        pass

    world.deploy("d1")
    world.github.after = Broken(Killed(), "create_deployment")
    with pytest.raises(Killed):
        world.report("d1")
    world.github.after = lambda _: None
    world.reporter = world.restarted()
    world.report("d1")
    assert len(world.github.deployments) == 1
    assert world.deployment_states() == ["queued"]


def test_every_call_may_lose_its_answer(world: World) -> None:
    """Whichever call's answer is lost, the end is the same: one GitHub Deployment, and the right state on both."""
    for number, method in enumerate(["set_status", "create_deployment", "set_deployment_status"], 1):
        sha = str(number) * 40
        world.github.heads["main"] = sha
        world.finish(world.deploy(f"d{number}", sha=sha))
        world.github.after = Broken(GitHubUnavailableError("timeout"), method, times=1)
        with pytest.raises(RetryLaterError):
            world.report(f"d{number}")
        world.wait(300)
        world.report(f"d{number}")
        assert len(world.github.deployments) == number
        assert world.deployment_states(number - 1)[-1] == "success"
        assert world.github.statuses[-1][1].state is StatusState.SUCCESS


def test_the_newest_attempt_has_the_commits_status(world: World) -> None:
    """A redeploy's status is not overwritten by the late report of the attempt before it."""
    first = world.deploy("d1")
    second = world.deploy("d2")
    world.store.advance(first, State.FAILED, reason="npm ended with 1.")
    world.finish(second)
    world.report("d2")
    world.report("d1")
    assert world.states == ["success"]
    assert [deployment.new.deployment_id for deployment in world.github.deployments] == ["d2", "d1"]
    assert world.deployment_states(1) == ["failure"]


def test_one_production_site_is_active_in_whatever_order_reports_come(world: World) -> None:
    """The newest ready production deployment is active, the others are not, for every order of their reports."""
    for round_number, order in enumerate(permutations(range(3))):
        project = world.add_project(f"p{round_number}", repository_id=100 + round_number)
        shas = [f"{round_number}{index}" * 20 for index in range(3)]
        ids = [f"r{round_number}n{index}" for index in range(3)]
        for identifier, sha in zip(ids, shas, strict=True):
            world.finish(world.deploy(identifier, sha=sha, project=project))
        for index in order:
            world.report(ids[index])
        last = {
            deployment.new.deployment_id: deployment.statuses[-1].state.value for deployment in world.github.deployments
        }
        assert [last[identifier] for identifier in ids] == ["inactive", "inactive", "success"]


def test_a_site_that_is_replaced_while_we_speak_ends_inactive(world: World) -> None:
    """A newer site that goes live between our look and our call does not leave two active ones."""
    older = world.deploy("d1")
    newer = world.deploy("d2", sha=OTHER)
    world.finish(older)

    def overtake(method: str) -> None:
        world.github.before = lambda _: None
        world.finish(newer)
        world.report("d2")

    world.github.before = overtake
    world.report("d1")
    last = {found.new.deployment_id: found.statuses[-1].state.value for found in world.github.deployments}
    assert last == {"d1": "inactive", "d2": "success"}


def test_previews_do_not_touch_each_other(world: World) -> None:
    """Previews of the same and of other branches stay active: each is served at its own address."""
    for number, branch in enumerate(["feature", "feature", "other"]):
        identifier = f"d{number}"
        sha = f"{number}" * 40
        world.github.heads[branch] = sha
        world.finish(world.deploy(identifier, sha=sha, branch=branch, environment=Environment.PREVIEW))
        world.report(identifier)
    assert [world.deployment_states(index) for index in range(3)] == [["success"]] * 3
    new = world.github.deployments[0].new
    assert (new.environment, new.is_production) == ("preview", False)


def test_what_has_expired(world: World) -> None:
    """Its GitHub Deployment becomes inactive, says why and names no site; the commit's status stays."""
    world.finish(world.deploy("d1", branch="feature", environment=Environment.PREVIEW))
    world.report("d1")
    world.expire("d1")
    world.report("d1")
    assert world.deployment_states() == ["success", "inactive"]
    last = world.github.deployments[0].statuses[-1]
    assert (last.description, last.environment_url) == ("Expired: redeploy builds it again", None)
    assert world.states == ["success"]


def test_what_has_expired_unseen(world: World) -> None:
    """GitHub, which was never told of it, gets no Deployment of it any more."""
    world.finish(world.deploy("d1", branch="feature", environment=Environment.PREVIEW))
    world.expire("d1")
    world.report("d1")
    assert (world.github.deployments, world.github.statuses) == ([], [])


def test_a_branch_that_moved_on_gets_a_deployment_of_the_commit(world: World) -> None:
    """The ref is the commit when the branch is gone or elsewhere."""
    world.github.heads["main"] = OTHER
    world.deploy("d1")
    world.report("d1")
    [made] = world.github.deployments
    assert (made.new.ref, made.sha) == (SHA, SHA)


def test_a_branch_that_moves_while_we_ask_is_noticed(world: World) -> None:
    """The Deployment of the wrong commit ends, and the right commit gets one."""
    world.deploy("d1")

    def push(method: str) -> None:
        if method == "create_deployment":
            world.github.heads["main"] = OTHER

    world.github.before = push
    world.report("d1")
    stray, made = world.github.deployments
    assert (stray.sha, [status.state.value for status in stray.statuses]) == (OTHER, ["inactive"])
    assert (made.sha, [status.state.value for status in made.statuses]) == (SHA, ["queued"])
    assert world.store.report("d1").github_deployment_id == made.id


def test_projects_of_one_repository_have_contexts_and_environments_of_their_own(world: World) -> None:
    """Two projects on one commit do not overwrite each other."""
    world.add_project("docs", root_directory="docs")
    world.deploy("d1")
    world.deploy("d2", project="docs")
    world.report("d1")
    world.report("d2")
    assert {status.context for _, status in world.github.statuses} == {"battleshiper/shop", "battleshiper/docs"}
    names = [deployment.new.environment for deployment in world.github.deployments]
    assert names == ["production – shop", "production – docs"]  # noqa: RUF001 - a dash is meant


def test_while_github_is_down_nothing_is_lost(world: World) -> None:
    """Reports wait longer and longer, other reports do not even try, and in the end everything is shown."""
    deployment = world.deploy("d1")
    world.github.before = Broken(GitHubUnavailableError("GitHub cannot be reached"))
    waits = []
    for _ in range(14):
        with pytest.raises(RetryLaterError) as caught:
            world.report("d1")
        waits.append(caught.value.seconds)
        world.wait(caught.value.seconds)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5, 300)
    with pytest.raises(RetryLaterError):
        world.report("d1")
    world.deploy("d2", sha=OTHER)
    calls = len(world.github.calls)
    with pytest.raises(RetryLaterError):
        world.report("d2")
    assert len(world.github.calls) == calls
    assert world.store.deployment("d1") == deployment
    world.github.before = lambda _: None
    world.wait(300)
    world.report("d1")
    world.report("d2")
    assert world.states == ["pending", "pending"]


def test_a_limit_is_obeyed_and_stops_only_its_installation(world: World) -> None:
    """GitHub's own pause is kept, without a call in between."""
    world.deploy("d1")
    limit = GitHubUnavailableError("secondary rate limit", status=403, retry_after=120)
    world.github.before = Broken(limit, times=1)
    for _ in range(2):
        with pytest.raises(RetryLaterError) as caught:
            world.report("d1")
        assert caught.value.seconds == 120
    assert world.github.calls == ["set_status"]
    world.wait(120)
    world.report("d1")
    assert world.states == ["pending"]


def test_a_refused_status_does_not_keep_the_github_deployment_away(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What GitHub refuses for good is logged with what to check, counts as reported, and touches nothing else."""
    world.finish(world.deploy("d1"))
    world.github.before = Broken(GitHubRefusedError("Resource not accessible by integration", status=403), "set_status")
    with caplog.at_level(logging.WARNING):
        world.report("d1")
        world.report("d1")
    assert world.deployment_states() == ["success"]
    assert world.github.calls.count("set_status") == 1
    [record] = caplog.records
    assert "statuses:write" in record.getMessage()
    assert world.store.deployment("d1").state is State.READY


def test_a_refused_github_deployment_does_not_keep_the_status_away(world: World) -> None:
    """The commit's status stands even where Deployments may not be made; nothing loops."""
    world.finish(world.deploy("d1"))
    world.github.before = Broken(GitHubRefusedError("gone", status=404), "deployments_of")
    world.report("d1")
    world.report("d1")
    assert world.states == ["success"]
    assert world.github.calls == ["set_status", "deployments_of"]


def test_what_was_deleted_meanwhile_is_not_reported(world: World) -> None:
    """An event of a deployment that is gone is done."""
    world.report("never")
    world.deploy("d1")
    world.store.delete_project("shop")
    world.report("d1")
    assert world.github.calls == []


def test_an_event_without_a_deployment_is_given_up(world: World) -> None:
    """What is not one of our events goes to the dead letters."""
    with pytest.raises(GiveUpError):
        world.reporter.report(Event(EventType.DEPLOYMENT_CHANGED, {}))


def test_github_is_asked_as_the_projects_installation(world: World) -> None:
    """Every call names the installation, the repository's id and its present name."""
    world.finish(world.deploy("d1"))
    world.report("d1")
    assert {(access.installation_id, access.repository_id, access.full_name) for access in world.github.accesses} == {
        (50, 7, "me/shop")
    }
