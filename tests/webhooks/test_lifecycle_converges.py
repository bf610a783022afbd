"""Whatever order GitHub's word on installations and repositories comes in, and however often, the end is the same."""

import asyncio
import json
import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from battleshiper.platform.bus.sqlite.queue import put
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.project import Access, Project
from battleshiper.platform.store.port import Acceptance, Known
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.webhooks.event import VerifiedEvent
from battleshiper.webhooks.router import Router

NOW = datetime(2026, 1, 2, tzinfo=UTC)
REPOSITORY = 7
OWNERS = {1: "octocat", 2: "acme"}
STEPS = ("install", "uninstall", "suspend", "unsuspend", "add", "remove", "rename", "branch", "archive", "transfer")

Told = tuple[str, dict[str, Any]]


@dataclass
class History:
    """One repository and the App at GitHub; every step is a second later, and tells what GitHub tells."""

    second: int = 1_700_000_000
    owner: int = 1
    installed: dict[int, int] = field(default_factory=dict)
    """The installation of each account."""
    suspended: dict[int, int] = field(default_factory=dict)
    """Since when an installation is suspended."""
    changed: dict[int, int] = field(default_factory=dict)
    """When an installation last changed, as GitHub tells it."""
    sees: set[int] = field(default_factory=set)
    """The installations that may see the repository."""
    newest: int = 0
    name: str = "shop"
    branch: str = "main"
    is_archived: bool = False
    told: list[Told] = field(default_factory=list)

    def step(self, kind: str) -> None:
        """Let something happen, if it can."""
        self.second += 1
        installation = self.installed.get(self.owner)
        if kind == "install" and installation is None:
            self.newest += 1
            self.installed[self.owner] = self.newest
            self._change(self.newest)
            self.sees.add(self.newest)
            self._tell_installation("created", self.newest, repositories=[self._named()])
        elif kind == "transfer":
            self._transfer()
        elif installation is not None:
            self._step(kind, installation)

    def access(self) -> Access:
        """Return what the project's access is in truth."""
        installation = self.installed.get(self.owner)
        if installation is None:
            return Access.UNINSTALLED
        if installation not in self.sees:
            return Access.REMOVED
        if installation in self.suspended:
            return Access.SUSPENDED
        return Access.ARCHIVED if self.is_archived else Access.GRANTED

    def _step(self, kind: str, installation: int) -> None:
        is_able = installation not in self.suspended
        if kind == "uninstall":
            del self.installed[self.owner]
            self.sees.discard(installation)
            # Its time stays as it was: nothing of the installation was changed.
            self._tell_installation("deleted", installation, repositories=[self._named()])
        elif kind == "suspend" and is_able:
            self.suspended[installation] = self.second
            self._change(installation)
            self._tell_installation("suspend", installation)
        elif kind == "unsuspend" and not is_able:
            del self.suspended[installation]
            # So does GitHub: the time is that of the suspension.
            self._tell_installation("unsuspend", installation)
        elif kind == "add" and is_able and installation not in self.sees:
            self.sees.add(installation)
            self._tell_repositories("added", installation)
        elif kind == "remove" and is_able and installation in self.sees:
            self.sees.discard(installation)
            self._tell_repositories("removed", installation)
        elif is_able and installation in self.sees:
            self._change_repository(kind, installation)

    def _change_repository(self, kind: str, installation: int) -> None:
        if kind == "rename":
            self.name = f"shop-{self.second}"
            self._tell_repository("renamed", installation)
        elif kind == "branch":
            self.branch = f"branch-{self.second}"
            self._tell_repository("edited", installation)
        elif kind == "archive":
            self.is_archived = not self.is_archived
            self._tell_repository("archived" if self.is_archived else "unarchived", installation)

    def _transfer(self) -> None:
        """Move the repository to the other account, where that has the App and it can act."""
        other = 3 - self.owner
        before, after = self.installed.get(self.owner), self.installed.get(other)
        if before is None or after is None or after in self.suspended or before not in self.sees:
            return
        self.owner = other
        self.sees = {after}
        self._tell_repository("transferred", after)
        self.second += 1
        self._tell_repositories("removed", before)

    def _change(self, installation: int) -> None:
        self.changed[installation] = self.second

    def _named(self) -> dict[str, Any]:
        return {"id": REPOSITORY, "full_name": f"{OWNERS[self.owner]}/{self.name}"}

    def _installation(self, installation: int) -> dict[str, Any]:
        account = next((owner for owner, each in self.installed.items() if each == installation), self.owner)
        suspended = self.suspended.get(installation)
        return {
            "id": installation,
            "account": {"id": account, "login": OWNERS[account], "type": "Organization"},
            "updated_at": self.changed[installation],
            "suspended_at": None if suspended is None else _moment(suspended),
        }

    def _tell_installation(self, action: str, installation: int, **more: Any) -> None:
        self.told.append(("installation", {"action": action, "installation": self._installation(installation), **more}))

    def _tell_repositories(self, action: str, installation: int) -> None:
        self._change(installation)
        told = {"action": action, "installation": self._installation(installation)}
        self.told.append(("installation_repositories", {**told, f"repositories_{action}": [self._named()]}))

    def _tell_repository(self, action: str, installation: int) -> None:
        repository = {
            **self._named(),
            "default_branch": self.branch,
            "archived": self.is_archived,
            "updated_at": _moment(self.second),
        }
        self.told.append(
            ("repository", {"action": action, "repository": repository, "installation": {"id": installation}})
        )


def _moment(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def end_of(told: list[Told]) -> Project:
    """Return the project as it is when all of that was told; GitHub is never asked."""
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "battleshiper.db")
        store = SqliteStore(database, lambda connection, events: put(connection, events, 0), lambda: NOW)
        router = Router(None, lambda _: "ticket")
        for number, (name, payload) in enumerate(told):
            text = json.dumps(payload).encode()
            decide = router.read(VerifiedEvent(str(number), name, None, text))

            def record(known: Known, number: int = number, decide: Any = decide) -> Acceptance:
                plan = decide(known)
                delivery = Delivery(str(number), "told", None, NOW, tuple(plan.decisions))
                return Acceptance(
                    delivery,
                    plan.installations,
                    plan.projects,
                    events=plan.events,
                    grants=plan.grants,
                    repositories=plan.repositories,
                )

            asyncio.run(store.decide_soon(str(number), record))
            for project in store.projects():
                if number % 3 == 0:  # its step comes sooner or later, too
                    store.follow(project.id)
        (project,) = store.projects()
        project = store.follow(project.id)
        database.close()
    return project


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=14), st.integers(0, 2**32))
def test_the_order_does_not_matter(steps: list[str], seed: int) -> None:
    """In order, or shuffled with some of it twice: the project is what it is at GitHub, under its one id."""
    history = History()
    for step in ("install", *steps):
        history.step(step)
    chance = random.Random(seed)
    shuffled = [*history.told, *chance.choices(history.told, k=3)]
    chance.shuffle(shuffled)
    in_order, in_any_order = end_of(history.told), end_of(shuffled)
    assert in_order.access is history.access()
    same = {"id": "", "name": "", "installation_id": 0}
    assert replace(in_any_order, **same) == replace(in_order, **same)
    if in_order.access is not Access.UNINSTALLED:
        assert in_any_order.installation_id == in_order.installation_id == history.installed[history.owner]
