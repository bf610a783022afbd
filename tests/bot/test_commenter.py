"""The one comment on a pull request: written, edited, found again."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from battleshiper.bot.comment import MARKER
from battleshiper.bot.commenter import Commenter
from battleshiper.bot.fake_conversation import FakeComment, FakeConversation
from battleshiper.bot.github import GitHubRefusedError, GitHubUnavailableError
from battleshiper.bot.patience import Patience
from battleshiper.bot.pull_view import PullView
from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Environment, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.project import Surface
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.requests import pull_changed
from battleshiper.platform.store.port import Acceptance

HEAD, NEXT = "b" * 40, "c" * 40


class Desk:
    """A project with a pull request, and what comments on it."""

    def __init__(self, world: Any, folder: Path) -> None:
        self.world = world
        self.conversation = FakeConversation()
        self.logs = FileLogs(folder / "logs", lambda: world.now)
        self.objects = FolderObjects(folder / "objects")
        world.add_project("shop")
        self.tell(pulls=[PullRequest(7, 3, "next", HEAD, True, 100)])
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not in the store."""
        store, world = self.world.store, self.world
        addresses = SiteAddresses("https", "example")
        view = PullView(store, self.objects, self.logs, addresses, lambda each: f"https://ship/{each.id}")
        self.commenter = Commenter(store, self.conversation, view, Patience(lambda: world.now, world.pace))

    def tell(self, **brought: Any) -> None:
        """Record a delivery with what it brings."""
        delivery = Delivery(f"d{id(brought)}-{len(brought)}", "pull_request", None, self.world.now, ())
        asyncio.run(self.world.store.decide_soon(delivery.id, lambda _: Acceptance(delivery, **brought)))

    def preview(self, id_: str = "x1", sha: str = HEAD, state: State = State.QUEUED, **more: Any) -> Any:
        """Deploy a commit of the pull request."""
        return self.world.deploy(id_, sha=sha, branch="next", environment=Environment.PREVIEW, state=state, **more)

    def follow(self) -> None:
        """Handle the event that something has changed."""
        self.commenter.comment(pull_changed(7, 3))

    @property
    def bodies(self) -> list[str]:
        """What the comments say."""
        return [comment.body for comment in self.conversation.comments]


@pytest.fixture
def desk(world: Any, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path)


def test_one_comment_follows(desk: Desk) -> None:
    """It is written once and edited from then on, and not touched when there is nothing new to say."""
    deployment = desk.preview()
    desk.follow()
    desk.follow()
    assert len(desk.bodies) == 1
    assert "⏳ Queued" in desk.bodies[0]
    desk.world.store.advance(deployment, State.BUILDING)
    desk.follow()
    assert len(desk.bodies) == 1
    assert "🔨 Building" in desk.bodies[0]
    assert desk.conversation.calls == ["comments_of", "create_comment", "edit_comment"]


@pytest.mark.parametrize("state", [State.SKIPPED, State.SUPERSEDED, State.CANCELED, State.AWAITING_APPROVAL])
def test_nothing_built_is_nothing_to_say(desk: Desk, state: State) -> None:
    """No comment at all."""
    desk.follow()
    desk.preview(state=state, reason="Not built.")
    desk.follow()
    assert desk.conversation.calls == []


def test_it_is_found_again(desk: Desk) -> None:
    """A commenter that died before it remembered its comment edits it."""
    desk.preview()
    desk.conversation.after = _fail(GitHubUnavailableError("lost"), "create_comment")
    with pytest.raises(RetryLaterError):
        desk.follow()
    desk.conversation.after = lambda _: None
    desk.restart()
    desk.follow()
    assert len(desk.bodies) == 1


def test_a_copied_marker_misleads_nobody(desk: Desk) -> None:
    """Only what our App wrote is edited."""
    desk.conversation.comments = [FakeComment(1, 3, f"{MARKER}\nfake", is_ours=False), FakeComment(2, 3, "Thanks!")]
    desk.preview()
    desk.follow()
    assert desk.bodies[:2] == [f"{MARKER}\nfake", "Thanks!"]
    assert len(desk.bodies) == 3


def test_who_deletes_it_is_left_alone_until_the_next_commit(desk: Desk) -> None:
    """It does not come back by itself."""
    deployment = desk.preview()
    desk.follow()
    desk.conversation.comments.clear()
    deployment = desk.world.store.advance(deployment, State.BUILDING)
    desk.follow()
    desk.world.store.advance(deployment, State.DEPLOYING)
    desk.follow()
    assert desk.bodies == []
    desk.tell(pulls=[PullRequest(7, 3, "next", NEXT, True, 101)])
    desk.preview("x2", NEXT)
    desk.follow()
    assert len(desk.bodies) == 1


def test_a_failure_shows_the_log(desk: Desk) -> None:
    """Its end, masked."""
    deployment = desk.preview()
    desk.logs.append("x1", LogKind.BUILD, "$ npm run build\nerror: API_KEY=abcd1234 is wrong")
    desk.world.store.advance(deployment, State.FAILED, reason="The build failed.")
    desk.follow()
    assert "```text\n$ npm run build\nerror: API_KEY=*** is wrong\n```" in desk.bodies[0]


def test_the_end_is_told(desk: Desk) -> None:
    """A closed pull request's comment says that the preview is gone."""
    desk.preview()
    desk.follow()
    desk.tell(retirements=[Retirement(7, "next", "Pull request #3 was merged.", 101)])
    desk.follow()
    assert "Pull request #3 was merged." in desk.bodies[0]


def test_the_comment_can_be_switched_off(desk: Desk) -> None:
    """A project that does not want it has no row in it."""
    desk.preview()
    desk.world.store.set_surfaces("shop", frozenset({Surface.STATUS}))
    desk.follow()
    assert desk.conversation.calls == []


@pytest.mark.parametrize("method", ["comments_of", "create_comment", "edit_comment"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_github_is_out_of_reach(desk: Desk, method: str, when: str) -> None:
    """It is tried again later, and there is one comment in the end that says how things stand."""
    deployment = desk.preview()
    setattr(desk.conversation, when, _fail(GitHubUnavailableError("down"), method))
    for state in (State.BUILDING, State.DEPLOYING):
        _try(desk)
        deployment = desk.world.store.advance(deployment, state)
    _try(desk)
    setattr(desk.conversation, when, lambda _: None)
    desk.restart()
    desk.follow()
    assert len(desk.bodies) == 1
    assert "🚀 Deploying" in desk.bodies[0]


@pytest.mark.parametrize("method", ["comments_of", "create_comment", "edit_comment"])
def test_what_github_refuses_is_let_be(desk: Desk, method: str, caplog: pytest.LogCaptureFixture) -> None:
    """A locked conversation or a missing permission is logged, and holds nothing up."""
    deployment = desk.preview()
    desk.conversation.before = _fail(GitHubRefusedError("GitHub answered 403", status=403), method)
    desk.follow()
    desk.world.store.advance(deployment, State.BUILDING)
    desk.follow()
    assert "refuses the comment on pull request #3" in caplog.text


@pytest.mark.parametrize("detail", [{}, {"repository": "x", "number": "3"}])
def test_nonsense_is_given_up(desk: Desk, detail: dict[str, str]) -> None:
    """An event that names no pull request can never be handled."""
    with pytest.raises(GiveUpError):
        desk.commenter.comment(Event(EventType.PULL_CHANGED, detail))


def test_an_unknown_pull_request_is_nothing_to_do(desk: Desk) -> None:
    """It may be of a repository whose project is gone."""
    desk.commenter.comment(replace(pull_changed(7, 3), detail={"repository": "7", "number": "4"}))
    assert desk.conversation.calls == []


def _try(desk: Desk) -> None:
    desk.world.now += desk.world.now - desk.world.now.replace(year=desk.world.now.year - 1)
    try:
        desk.follow()
    except RetryLaterError:
        desk.restart()


def _fail(error: Exception, method: str) -> Callable[[str], None]:
    def fail(called: str) -> None:
        if called == method:
            raise error

    return fail
