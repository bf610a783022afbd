"""What people ask for in the comments of pull requests."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from battleshiper.bot.commands.actions import Actions
from battleshiper.bot.commands.handler import CommandHandler
from battleshiper.bot.conversation import Access, Reaction
from battleshiper.bot.fake_conversation import FakeConversation
from battleshiper.bot.github import GitHubUnavailableError
from battleshiper.bot.pace import Pace
from battleshiper.bot.patience import Patience
from battleshiper.platform.builder.fake import FakeBuilder
from battleshiper.platform.bus.port import GiveUpError, RetryLaterError
from battleshiper.platform.logs.files import FileLogs
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.command import Command
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Deployment, Environment, State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.pull_request import PullRequest, outside_branch
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.operations import Operations
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.requests import CommandRequest, command_request
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.routes.sqlite import SqliteRoutes
from battleshiper.platform.store.port import Acceptance
from battleshiper.platform.tickets.gate import Gate
from battleshiper.platform.tickets.keys import KeyRing, verifying_keys
from battleshiper.platform.tickets.mint import Mint

HEAD, NEXT = "b" * 40, "c" * 40
ADA, EVE, MAX = 101, 102, 103
AT = 1_000


class Desk:
    """A project with a pull request, and people who comment on it."""

    def __init__(self, world: Any, folder: Path) -> None:
        self.world = world
        self.store = world.store
        self.builder = FakeBuilder()
        self.logs = FileLogs(folder / "logs", lambda: world.now)
        self.conversation = FakeConversation()
        self.conversation.people = {"ada": Access(ADA, True), "eve": Access(EVE, False)}
        ring = KeyRing.new()
        self.mint = Mint(ring, lambda: world.now).mint
        self.gate = Gate(lambda: verifying_keys(ring, world.now), self.store, lambda: world.now)
        objects = FolderObjects(folder / "objects")
        self.routing = Routing(self.store, objects, SqliteRoutes(world.database))
        world.add_project("shop")
        self.pull("next")
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not in the store."""
        world = self.world
        addresses = SiteAddresses("https", "example")
        operations = Operations(self.store, world, self.routing, self.builder, self.mint, addresses)
        actions = Actions(self.store, operations, self.logs, lambda: world.now)

        def clock() -> datetime:
            return world.now  # type: ignore[no-any-return]

        self.handler = CommandHandler(
            self.store, self.gate, self.conversation, actions, Patience(clock, Pace(clock, None)), clock
        )

    def pull(self, branch: str, sha: str = HEAD, at: int = AT) -> None:
        """Let GitHub tell of the pull request."""
        self.conversation.heads[3] = sha
        delivery = Delivery(f"d-{branch}-{sha}-{at}", "pull_request", None, self.world.now, ())
        told = Acceptance(delivery, pulls=[PullRequest(7, 3, branch, sha, True, at)])
        asyncio.run(self.store.decide_soon(delivery.id, lambda _: told))

    def ask(
        self, command: Command, argument: str = "", comment: int = 50, *, by: str = "ada", at: int = AT + 5
    ) -> Event:
        """Return the event of a comment."""
        ids = {"ada": ADA, "eve": EVE, "max": MAX}
        request = CommandRequest("shop", 7, 3, comment, at, ids[by], by, command, argument)
        return command_request(self.mint, request)

    def say(self, command: Command, argument: str = "", comment: int = 50, **more: Any) -> Event:
        """Comment, and let the command be handled."""
        event = self.ask(command, argument, comment, **more)
        self.handler.handle(event)
        return event

    def live(self, id_: str, *, branch: str = "main", sha: str = HEAD) -> Deployment:
        """Deploy a commit all the way."""
        is_main = branch == "main"
        environment = Environment.PRODUCTION if is_main else Environment.PREVIEW
        deployment = self.world.deploy(id_, sha=sha, branch=branch, environment=environment)
        for state in (State.BUILDING, State.DEPLOYING):
            deployment = self.store.advance(deployment, state)
        moving = ["shop-git-main", "shop"] if is_main else [f"shop-git-{branch}"]
        return self.store.go_live(deployment, own=f"shop-{id_}", moving=moving, url=f"https://{id_}", function=None)

    def wait(self, id_: str = "w1", sha: str = HEAD, at: int = AT) -> Deployment:
        """Let a commit from outside wait."""
        self.pull(outside_branch(3), sha, at)
        return self.world.deploy(
            id_,
            sha=sha,
            branch=outside_branch(3),
            environment=Environment.PREVIEW,
            state=State.AWAITING_APPROVAL,
            pushed_at=at,
        )

    @property
    def shown(self) -> str:
        """The id of the deployment that production shows."""
        return next(alias.deployment_id for alias in self.store.aliases() if alias.label == "shop")

    @property
    def answers(self) -> list[str]:
        """What was replied."""
        return [comment.body.partition("\n")[2].strip() for comment in self.conversation.comments]

    def reactions(self, comment: int = 50) -> list[Reaction]:
        """How the comment was reacted to."""
        return self.conversation.reactions.get(comment, [])


DONE, REFUSED = [Reaction.SEEN, Reaction.DONE], [Reaction.SEEN, Reaction.REFUSED]


@pytest.fixture
def desk(world: Any, tmp_path: Path) -> Desk:
    return Desk(world, tmp_path)


@pytest.mark.parametrize("by", ["eve", "max"])
@pytest.mark.parametrize("command", list(Command))
def test_only_who_may_write_is_heard(desk: Desk, command: Command, by: str) -> None:
    """Everybody else gets a reaction and nothing more: strangers do not make the bot talk."""
    desk.live("p1")
    waiting = desk.wait()
    before = desk.store.deployments(limit=100)
    desk.say(command, by=by)
    assert desk.reactions() == [Reaction.REFUSED]
    assert desk.answers == []
    assert desk.store.deployments(limit=100) == before
    assert desk.store.deployment(waiting.id).state is State.AWAITING_APPROVAL


def test_a_name_is_nobody(desk: Desk) -> None:
    """Who has taken the name of somebody that may write may not: the number counts."""
    desk.wait()
    desk.conversation.people["ada"] = Access(999, True)
    desk.say(Command.DEPLOY)
    assert desk.reactions() == [Reaction.REFUSED]


def test_a_fork_is_approved(desk: Desk) -> None:
    """The waiting deployment is queued, and its build asked for in the same step."""
    waiting = desk.wait()
    event = desk.say(Command.DEPLOY)
    assert desk.store.deployment(waiting.id).state is State.QUEUED
    builds = [each for each in desk.world.events if each.type is EventType.BUILD]
    assert [each.detail["deployment"] for each in builds] == [waiting.id]
    assert (desk.reactions(), desk.answers) == (DONE, [])
    desk.handler.handle(event)
    assert len([each for each in desk.world.events if each.type is EventType.BUILD]) == 1


@pytest.mark.parametrize("argument", [HEAD, HEAD[:7], HEAD[:12].upper()])
def test_a_commit_can_be_named(desk: Desk, argument: str) -> None:
    """By seven digits at least, of exactly the newest commit."""
    waiting = desk.wait()
    desk.say(Command.DEPLOY, argument)
    assert desk.store.deployment(waiting.id).state is State.QUEUED


@pytest.mark.parametrize("argument", [NEXT, HEAD[:6], "b", "bbbbbbbc", "production"])
def test_another_commit_is_not_approved(desk: Desk, argument: str) -> None:
    """What was looked at is not what is there now: the answer tells what to write."""
    waiting = desk.wait()
    desk.say(Command.DEPLOY, argument)
    assert desk.store.deployment(waiting.id).state is State.AWAITING_APPROVAL
    assert desk.reactions() == REFUSED
    assert "`/deploy bbbbbbb`" in desk.answers[0]


def test_a_commit_after_the_comment_is_not_approved(desk: Desk) -> None:
    """Somebody pushes after the maintainer has looked: the leave is not for that, unless it names the commit."""
    waiting = desk.wait(at=AT + 10)
    desk.say(Command.DEPLOY, at=AT + 9)
    assert desk.store.deployment(waiting.id).state is State.AWAITING_APPROVAL
    assert "came after your comment" in desk.answers[0]
    desk.say(Command.DEPLOY, HEAD[:7], comment=51, at=AT + 9)
    assert desk.store.deployment(waiting.id).state is State.QUEUED


def test_a_comment_that_overtook_a_push_is_for_no_older_commit(desk: Desk) -> None:
    """Its author has looked at what we have not heard of yet: it waits for that, and is no leave for what came before,
    unless that is named."""
    waiting = desk.wait()
    desk.conversation.heads[3] = NEXT
    now = int(desk.world.now.timestamp())
    event = desk.ask(Command.DEPLOY, at=now)
    with pytest.raises(RetryLaterError):
        desk.handler.handle(event)
    desk.world.now += timedelta(minutes=2)
    desk.handler.handle(event)
    assert desk.store.deployment(waiting.id).state is State.AWAITING_APPROVAL
    assert desk.reactions() == REFUSED
    desk.say(Command.DEPLOY, HEAD[:7], comment=51, at=now)
    assert desk.store.deployment(waiting.id).state is State.QUEUED


def test_what_is_deployed_already(desk: Desk) -> None:
    """It is said what builds it again."""
    desk.live("x1", branch="next")
    desk.say(Command.DEPLOY)
    assert desk.reactions() == REFUSED
    assert "`/redeploy` builds it again" in desk.answers[0]


def test_what_was_skipped_is_deployed(desk: Desk) -> None:
    """Who asks for it gets it, whatever kept it from being built before; once."""
    desk.world.deploy("x1", branch="next", sha=HEAD, environment=Environment.PREVIEW, state=State.SKIPPED)
    event = desk.say(Command.DEPLOY)
    desk.handler.handle(event)
    found = desk.store.deployments("shop", branch="next")
    assert [each.state for each in found] == [State.QUEUED, State.SKIPPED]
    assert desk.reactions() == DONE


def test_what_no_push_told_of_is_deployed(desk: Desk) -> None:
    """The pull request names the commit."""
    desk.say(Command.DEPLOY)
    (made,) = desk.store.deployments("shop", branch="next")
    assert (made.commit.sha, made.state, made.environment) == (HEAD, State.QUEUED, Environment.PREVIEW)


def test_redeploy_once(desk: Desk) -> None:
    """The newest deployment's commit is built again, however often the event comes; a fork's stays a fork's."""
    desk.live("x1", branch="next")
    event = desk.say(Command.REDEPLOY)
    desk.handler.handle(event)
    assert len(desk.store.deployments("shop", branch="next")) == 2
    desk.say(Command.REDEPLOY, comment=51)
    assert len(desk.store.deployments("shop", branch="next")) == 3
    assert desk.reactions(51) == DONE


def test_a_fork_is_not_redeployed_without_leave(desk: Desk) -> None:
    """What waits was never deployed."""
    desk.wait()
    desk.say(Command.REDEPLOY)
    assert desk.reactions() == REFUSED
    assert len(desk.store.deployments("shop")) == 1


def test_cancel(desk: Desk) -> None:
    """What is under way ends, with who wanted it; done again it is done."""
    building = desk.store.advance(
        desk.world.deploy("x1", branch="next", environment=Environment.PREVIEW), State.BUILDING
    )
    event = desk.say(Command.CANCEL)
    ended = desk.store.deployment(building.id)
    assert (ended.state, ended.reason) == (State.CANCELED, "Canceled by ada.")
    desk.handler.handle(event)
    assert desk.reactions() == DONE
    desk.say(Command.CANCEL, comment=51, by="ada")


def test_nothing_to_cancel(desk: Desk) -> None:
    """It is said."""
    desk.say(Command.CANCEL)
    assert (desk.reactions(), len(desk.answers)) == (REFUSED, 1)


def test_rollback_goes_back_once(desk: Desk) -> None:
    """However often the event comes, production shows the deployment before, and not the one before that."""
    for number in range(3):
        desk.live(f"p{number}", sha=f"{number}" * 40)
    event = desk.say(Command.ROLLBACK)
    assert desk.shown == "p1"
    desk.handler.handle(event)
    desk.handler.handle(event)
    assert desk.shown == "p1"
    assert desk.answers == ["Production of shop shows again `1111111`."]
    desk.say(Command.ROLLBACK, "production", comment=51)
    assert desk.shown == "p0"
    last = desk.say(Command.ROLLBACK, comment=52)
    assert desk.reactions(52) == REFUSED
    desk.handler.handle(last)
    assert desk.reactions(52) == REFUSED


def test_a_rollback_to_the_first_is_done_when_it_comes_again(desk: Desk) -> None:
    """There is nothing before it then, and that is no failure."""
    desk.live("p0")
    desk.live("p1", sha=NEXT)
    event = desk.say(Command.ROLLBACK)
    desk.conversation.reactions.clear()
    desk.handler.handle(event)
    assert (desk.shown, desk.reactions()) == ("p0", DONE)


def test_promote(desk: Desk) -> None:
    """The pull request's preview becomes production."""
    desk.live("p0")
    desk.live("x1", branch="next", sha=NEXT)
    desk.say(Command.PROMOTE)
    assert desk.shown == "x1"
    assert desk.answers == ["Production of shop now shows `ccccccc`."]


def test_outsiders_are_not_promoted(desk: Desk) -> None:
    """Their builds have had nothing that production needs."""
    desk.live("p0")
    desk.pull(outside_branch(3))
    desk.live("x1", branch=outside_branch(3))
    desk.say(Command.PROMOTE)
    assert (desk.shown, desk.reactions()) == ("p0", REFUSED)
    assert "Merge it instead" in desk.answers[0]


def test_refusals_read_well_on_github(desk: Desk) -> None:
    """Nobody there has the command line."""
    desk.live("x1", branch="next")
    for number, command in enumerate((Command.ROLLBACK, Command.PROMOTE)):
        desk.say(command, comment=number + 1)
    assert desk.answers == ["shop has no production deployment yet."] * 2


def test_logs(desk: Desk) -> None:
    """The end of the newest log, masked, in a block of code."""
    desk.say(Command.LOGS)
    desk.world.deploy("x1", branch="next", environment=Environment.PREVIEW)
    desk.logs.append("x1", LogKind.BUILD, "one\n```\nTOKEN=abcd1234")
    desk.say(Command.LOGS, comment=51)
    assert desk.answers[0] == "There is no build log of this pull request yet."
    assert desk.answers[1].endswith("````text\none\n```\nTOKEN=***\n````")


def test_help(desk: Desk) -> None:
    """Every command is in it."""
    desk.say(Command.HELP)
    assert all(f"`/{command}`" in desk.answers[0] for command in Command)


def test_several_projects(desk: Desk) -> None:
    """A command is for all of them, and the answer tells which is which."""
    desk.world.add_project("docs", root_directory="docs")
    desk.live("p0")
    desk.live("p1", sha=NEXT)
    desk.say(Command.ROLLBACK)
    assert desk.reactions() == DONE
    assert "**shop**: Production of shop shows again" in desk.answers[0]
    assert "**docs**: docs has no production deployment yet." in desk.answers[0]


@pytest.mark.parametrize("method", ["access_of", "react", "comments_of", "create_comment"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("command", [Command.ROLLBACK, Command.REDEPLOY, Command.PROMOTE])
def test_a_step_that_dies_is_done_once(desk: Desk, command: Command, when: str, method: str) -> None:
    """Wherever GitHub fails: tried again, it was done once, answered once, and reacted to as it ended."""
    for number in range(3):
        desk.live(f"p{number}", sha=f"{number}" * 40)
    desk.live("x1", branch="next")
    event = desk.ask(command)
    setattr(desk.conversation, when, _fail_once(method))
    for _ in range(3):
        try:
            desk.handler.handle(event)
        except RetryLaterError:
            desk.restart()
    assert desk.shown == {Command.ROLLBACK: "p1", Command.PROMOTE: "x1"}.get(command, "p2")
    assert len(desk.store.deployments("shop", limit=100)) == (5 if command is Command.REDEPLOY else 4)
    assert desk.reactions() == DONE
    assert len(desk.answers) <= 1


def test_it_takes_a_ticket(desk: Desk) -> None:
    """An event that nobody signed for is given up."""
    event = desk.ask(Command.ROLLBACK)
    for detail in ({}, {**event.detail, "ticket": "x"}, {**event.detail, "command": "rm"}):
        with pytest.raises(GiveUpError):
            desk.handler.handle(replace(event, detail=detail))
    assert desk.conversation.calls == []


def _fail_once(method: str) -> Callable[[str], None]:
    left = [method]

    def fail(called: str) -> None:
        if called in left:
            left.remove(called)
            raise GitHubUnavailableError("down")

    return fail
