"""Whatever happens at GitHub, told in any order and more than once, while steps run in any order and more than once: in
the end everything stands as it should."""

import asyncio
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battleshiper.bot.commands.actions import Actions
from battleshiper.bot.commands.handler import CommandHandler
from battleshiper.bot.conversation import Access
from battleshiper.bot.fake_conversation import FakeConversation
from battleshiper.bot.pace import Pace
from battleshiper.bot.patience import Patience
from battleshiper.platform.builder.port import JobEnd, JobStatus
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.model.pull_request import outside_branch
from battleshiper.platform.pipeline.claims import ClaimRefusedError
from battleshiper.platform.store.port import Acceptance, ConflictError
from battleshiper.webhooks.event import VerifiedEvent
from battleshiper.webhooks.router import Router
from tests.platform.pipeline.conftest import REPOSITORY_ID, World

MAINTAINER, STRANGER = 101, 102
FORK = 9_001
ACTS = (
    "push main",
    "push next",
    "delete next",
    "open",
    "close",
    "reopen",
    "push fork",
    "close fork",
    "reopen fork",
    "approve",
    "approve by stranger",
)


@dataclass
class Hub:
    """GitHub: what is there, and what it tells of each change."""

    second: int = 1_700_000_000
    heads: dict[str, str] = field(default_factory=dict)
    shown: dict[str, bool] = field(default_factory=dict)
    """Which branches are to have a preview."""
    opened: dict[int, bool] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    pushed: list[tuple[str, str]] = field(default_factory=list)

    def act(self, act: str) -> None:
        """Let something happen, if it can."""
        self.second += 1
        match act.split():
            case ["push", "fork"]:
                self._push_fork()
            case ["push", branch]:
                self._push(branch, f"{len(self.told) + 1:040x}")
            case ["delete", "next"] if "next" in self.heads:
                self._push("next", "0" * 40)
                if self.opened.get(1):
                    self._pull(1, "closed")
            case ["open"] if "next" in self.heads and 1 not in self.opened:
                self._pull(1, "opened")
            case ["close"] if self.opened.get(1):
                self._pull(1, "closed")
            case ["reopen"] if self.opened.get(1) is False and "next" in self.heads:
                self._pull(1, "reopened")
            case ["close", "fork"] if self.opened.get(2):
                self._pull(2, "closed")
            case ["reopen", "fork"] if self.opened.get(2) is False:
                self._pull(2, "reopened")
            case ["approve"] if self.opened.get(2):
                self.approved.add(self.heads[outside_branch(2)])
                self._comment(MAINTAINER, "ada")
            case ["approve", "by", "stranger"] if self.opened.get(2):
                self._comment(STRANGER, "eve")

    def _push(self, branch: str, after: str) -> None:
        before = self.heads.pop(branch, "0" * 40)
        is_deletion = not after.strip("0")
        if not is_deletion:
            self.heads[branch] = after
            self.pushed.append((branch, after))
        self.shown[branch] = not is_deletion
        repository = {"id": REPOSITORY_ID, "full_name": "me/site", "default_branch": "main", "pushed_at": self.second}
        head = None if is_deletion else {"message": "Change", "author": {"name": "me"}}
        self.told.append(
            (
                "push",
                {
                    "ref": f"refs/heads/{branch}",
                    "before": before,
                    "after": after,
                    "repository": repository,
                    "head_commit": head,
                    "sender": {"id": 1},
                },
            )
        )
        if branch == "next" and self.opened.get(1) and not is_deletion:
            self._pull(1, "synchronize")

    def _push_fork(self) -> None:
        branch = outside_branch(2)
        self.heads[branch] = f"{len(self.told) + 1:039x}f"
        if self.opened.get(2) is not False:
            self._pull(2, "synchronize" if 2 in self.opened else "opened")

    def _pull(self, number: int, action: str) -> None:
        is_open = action != "closed"
        self.opened[number] = is_open
        branch = "next" if number == 1 else outside_branch(2)
        self.shown[branch] = is_open and branch in self.heads
        self.second += 1
        head = {
            "ref": "next" if number == 1 else "main",
            "sha": self.heads.get(branch, self.pushed[-1][1] if self.pushed else "0" * 40),
            "repo": {"id": REPOSITORY_ID if number == 1 else FORK},
        }
        pull = {"title": "A change", "state": "open" if is_open else "closed", "head": head, "updated_at": self.second}
        repository = {"id": REPOSITORY_ID, "full_name": "me/site", "default_branch": "main"}
        payload = {"action": action, "number": number, "pull_request": pull, "repository": repository}
        self.told.append(("pull_request", payload))

    def _comment(self, author: int, login: str) -> None:
        sha = self.heads[outside_branch(2)]
        comment = {
            "id": len(self.told) + 1,
            "body": f"/deploy {sha}",
            "created_at": self.second,
            "user": {"id": author, "login": login, "type": "User"},
        }
        repository = {"id": REPOSITORY_ID, "full_name": "me/site"}
        issue = {"number": 2, "pull_request": {}}
        self.told.append(
            ("issue_comment", {"action": "created", "issue": issue, "comment": comment, "repository": repository})
        )


class Town:
    """A platform whose every step is taken by hand."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.chance = chance
        self.world = World(folder)
        self.world.project()
        self.router = Router(None, self.world.mint)
        conversation = FakeConversation()
        conversation.people = {"ada": Access(MAINTAINER, True), "eve": Access(STRANGER, False)}
        world = self.world
        actions = Actions(world.store, world.operations, world.logs, world.clock)
        gate = world.settling._gate
        self.commands = CommandHandler(
            world.store, gate, conversation, actions, Patience(world.clock, Pace(world.clock, None)), world.clock
        )
        self.taken = 0
        self.waiting: list[Event] = self.world.published
        self.run: set[str] = set()
        self.most_live = 0

    def close(self) -> None:
        """Close what is open."""
        self.world.bus.close()
        self.world.database.close()

    def deliver(self, number: int, name: str, payload: dict[str, Any]) -> None:
        """Take a delivery, as the endpoint does."""
        event = VerifiedEvent(f"delivery-{number}", name, None, json.dumps(payload).encode())
        decide = self.router.read(event)

        def record(known: Any) -> Acceptance:
            plan = decide(known)
            delivery = Delivery(event.delivery_id, name, None, self.world.clock(), tuple(plan.decisions))
            return Acceptance(
                delivery,
                deployments=plan.deployments,
                events=plan.events,
                pulls=plan.pulls,
                retirements=plan.retirements,
                brought_back=plan.brought_back,
            )

        asyncio.run(self.world.store.decide_soon(event.delivery_id, record))

    def step(self) -> bool:
        """Take any step that can be taken; False when there is none."""
        self._collect()
        jobs = [each for each in self.world.builder.jobs if each not in self.run | self._canceled()]
        if not self.waiting and not jobs:
            return False
        if jobs and (not self.waiting or self.chance.random() < 0.5):
            self._build(self.chance.choice(jobs))
            return True
        event = self.waiting.pop(self.chance.randrange(len(self.waiting)))
        if self.chance.random() < 0.2:
            self.waiting.append(event)
        self._handle(event)
        self._check_live()
        return True

    def _canceled(self) -> set[str]:
        return set(self.world.builder.canceled)

    def _collect(self) -> None:
        rows = self.world.database.read(
            lambda connection: connection.execute(
                "SELECT sequence, id, type, detail, group_name FROM events WHERE sequence > ? ORDER BY sequence",
                (self.taken,),
            ).fetchall()
        )
        for sequence, event_id, kind, detail, group in rows:
            self.taken = sequence
            self.waiting.append(Event(EventType(kind), json.loads(detail), group, event_id))

    def _handle(self, event: Event) -> None:
        world = self.world
        handlers = {
            EventType.BUILD: world.building.build,
            EventType.DEPLOY: world.deploying.deploy,
            EventType.SETTLE: world.settling.settle,
            EventType.COMMAND: self.commands.handle,
        }
        if event.type not in handlers:
            return
        try:
            handlers[event.type](event)
        except ConflictError:
            self.waiting.append(event)

    def _build(self, deployment_id: str) -> None:
        """Run a job to its end, or let its machine die first."""
        self.run.add(deployment_id)
        world = self.world
        try:
            world.claims.spend(world.claims.issue(deployment_id))
        except ClaimRefusedError:
            return
        deployment = world.store.deployment(deployment_id)
        world.upload(deployment, {"client/index.html": deployment.commit.sha.encode()})
        end = JobEnd(
            deployment.id, deployment.project_id, world.builder.jobs[deployment_id].deploy_ticket, JobStatus.SUCCEEDED
        )
        self.waiting.append(Event(EventType.DEPLOY, end.to_detail()))

    def _check_live(self) -> None:
        """What is live never goes back by itself."""
        live = self.world.shown("site")
        if live is not None:
            number = self.world.store.deployment(live).number
            assert number >= self.most_live
            self.most_live = number


def check(town: Town, hub: Hub) -> None:
    """Hold what there is in the end against what GitHub has."""
    store = town.world.store
    deployments = store.deployments(town.world.project().id, limit=1000)
    for branch, sha in hub.pushed:
        ends = [each for each in deployments if (each.commit.branch, each.commit.sha) == (branch, sha)]
        assert ends, f"{sha} of {branch} was never decided on"
        assert all(each.state.is_final for each in ends)
        assert sum(each.building_at is not None and each.state is State.READY for each in ends) <= 1
    if "main" in hub.heads:
        live = store.deployment(town.world.shown("site") or "")
        assert live.commit.sha == hub.heads["main"]
    for branch, label in (("next", "site-git-next"), (outside_branch(2), None)):
        found = [each for each in deployments if each.commit.branch == branch]
        if label is not None:
            shown = town.world.shown(label)
            if hub.shown.get(branch):
                assert shown is not None, [(each.number, each.state, each.reason) for each in found]
                assert store.deployment(shown).commit.sha == hub.heads[branch]
            else:
                assert shown is None
            assert (town.world.routes.get(label) is None) is (shown is None)
    for each in deployments:
        if each.commit.is_outside and each.state is not State.AWAITING_APPROVAL:
            assert each.building_at is None or each.commit.sha in hub.approved
        if each.state is State.AWAITING_APPROVAL:
            assert each.commit.sha == hub.heads[outside_branch(2)]
            assert hub.opened[2]


@settings(max_examples=40)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=14), seed=st.integers(0, 2**32))
def test_in_order(tmp_path_factory: pytest.TempPathFactory, acts: list[str], seed: int) -> None:
    """Told as it happens, while the steps come in any order and more than once."""
    chance, hub = random.Random(seed), Hub()
    town = Town(tmp_path_factory.mktemp("town"), chance)
    try:
        told = 0
        for act in acts:
            hub.act(act)
            for number in range(told, len(hub.told)):
                town.deliver(number, *hub.told[number])
            told = len(hub.told)
            for _ in range(chance.randrange(6)):
                town.step()
        while town.step():
            pass
        check(town, hub)
    finally:
        town.close()


@settings(max_examples=40)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=12), seed=st.integers(0, 2**32))
def test_in_any_order(tmp_path_factory: pytest.TempPathFactory, acts: list[str], seed: int) -> None:
    """Told late, twice and in any order."""
    chance, hub = random.Random(seed), Hub()
    for act in acts:
        hub.act(act)
    town = Town(tmp_path_factory.mktemp("town"), chance)
    try:
        deliveries = list(enumerate(hub.told)) + chance.choices(list(enumerate(hub.told)), k=3) if hub.told else []
        chance.shuffle(deliveries)
        for number, told in deliveries:
            town.deliver(number, *told)
            for _ in range(chance.randrange(4)):
                town.step()
        while town.step():
            pass
        check(town, hub)
    finally:
        town.close()
