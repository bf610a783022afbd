"""Every event that GitHub has, as it sends it: in any order, twice, and damaged."""

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from npm_package import bring
from starlette.types import ASGIApp

from battleshiper.platform.model.deployment import Commit, Environment, Origin, State
from battleshiper.platform.store.sqlite.store import SqliteStore

EXAMPLES = Path(__file__).parent / "examples"
HOSTS = ("api.github.com", "ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35")
WRONG = (None, 7, -1, 2**63, 1.5, True, "", "\0", "text", "\ud800", [], [None], {}, {"id": 1})
_DAMAGED = 3
"""How many damaged copies of each payload are sent."""

Sent = tuple[str, dict[str, Any]]


@pytest.fixture(scope="session")
def examples() -> list[Sent]:
    """GitHub's own examples: the event's name and its payload."""
    files = bring(EXAMPLES, *(f"@octokit/webhooks-examples/{host}/index.json" for host in HOSTS))
    found = [
        (event["name"], payload)
        for file in files
        for event in json.loads(file.read_text("utf-8"))
        for payload in event["examples"]
    ]
    assert len(found) > 300
    return found


def damaged(payload: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return a copy with a few fields missing or wrong, mostly such as are looked at."""
    copy: dict[str, Any] = json.loads(json.dumps(payload))
    for _ in range(chance.randint(1, 3)):
        place: Any = copy
        while True:
            key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
            if not (isinstance(place[key], dict | list) and place[key]) or chance.random() < 0.3:
                break
            place = place[key]
        if chance.random() < 0.3 and isinstance(place, dict):
            del place[key]
        else:
            place[key] = chance.choice(WRONG)
        if not copy:
            break
    return copy


def deliver_all(app: ASGIApp, hub: Any, sent: list[Sent], prefix: str = "storm") -> list[httpx.Response]:
    """Send payloads, several at a time, and return the answers in their order."""

    async def deliver() -> list[httpx.Response]:
        limit = asyncio.Semaphore(8)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://platform.example") as client:

            async def post(number: int, event: str, payload: dict[str, Any]) -> httpx.Response:
                body = json.dumps(payload).encode()
                headers = hub.headers(event, body, f"{prefix}-{number}")
                async with limit:
                    first = await client.post("/webhooks/github", content=body, headers=headers)
                    again = await client.post("/webhooks/github", content=body, headers=headers)
                assert again.status_code == {202: 200}.get(first.status_code, first.status_code)
                return first

            return await asyncio.gather(*(post(number, *each) for number, each in enumerate(sent)))

    return asyncio.run(deliver())


def check_store(store: SqliteStore, sent: list[Sent]) -> None:
    """Nothing is deployed but what a push or a pull request of the project's own repository has named, nothing from
    outside is built, and no commit twice."""
    named = set(_commits(sent))
    projects = {project.id: project for project in store.projects()}
    seen: set[tuple[str, Commit]] = set()
    for deployment in store.deployments(limit=100_000):
        commit = deployment.commit
        project = projects[deployment.project_id]
        assert (project.repository_id, commit.sha) in named
        assert deployment.origin in (Origin.PUSH, Origin.PULL_REQUEST)
        if commit.is_outside:
            assert deployment.state is State.AWAITING_APPROVAL
            assert deployment.environment is Environment.PREVIEW
        assert (project.id, commit) not in seen
        seen.add((project.id, commit))


def _commits(sent: list[Sent]) -> Iterator[tuple[int, str]]:
    for event, payload in sent:
        repository = payload.get("repository")
        if isinstance(repository, dict) and event == "push":
            yield repository.get("id"), payload.get("after")  # type: ignore[misc]
        if isinstance(repository, dict) and event == "pull_request":
            yield repository.get("id"), payload["pull_request"]["head"]["sha"]


@pytest.fixture
def known(app: ASGIApp, hub: Any, examples: list[Sent], store: SqliteStore) -> list[Sent]:
    """The examples, with a project for each repository that any of them is about."""
    repositories = {
        (repository["id"], repository["full_name"])
        for _, payload in examples
        if isinstance(repository := payload.get("repository"), dict) and "full_name" in repository
    }
    body = hub.installation("created", sorted(repositories))
    (answer,) = deliver_all(app, hub, [("installation", json.loads(body))], "installed")
    assert answer.status_code == 202
    assert len(store.projects()) > 5
    return examples


@pytest.mark.parametrize("seed", range(2))
def test_every_event_is_recorded(app: ASGIApp, hub: Any, known: list[Sent], store: SqliteStore, seed: int) -> None:
    """Whatever it is, it is taken once, with a reason for what was decided on it."""
    sent = random.Random(seed).sample(known, len(known))
    answers = deliver_all(app, hub, [*sent, *sent])
    assert {answer.status_code for answer in answers} == {202}
    for answer in answers:
        decisions = answer.json()["decisions"]
        assert decisions
        assert all(decision["reason"] for decision in decisions)
    recorded = store.deliveries(limit=100_000)
    assert len(recorded) == len(answers) + 1
    check_store(store, sent)
    assert any(deployment.state is State.QUEUED for deployment in store.deployments())


@pytest.mark.parametrize("seed", range(2))
def test_damaged_events_do_no_harm(app: ASGIApp, hub: Any, known: list[Sent], store: SqliteStore, seed: int) -> None:
    """Each is recorded, or refused with what is wrong with it; the platform fails at none."""
    chance = random.Random(seed)
    sent = [(event, damaged(payload, chance)) for event, payload in known * _DAMAGED]
    chance.shuffle(sent)
    answers = deliver_all(app, hub, sent)
    assert {answer.status_code for answer in answers} == {202, 400}
    for answer in answers:
        told = answer.json()
        assert told["decisions"] if answer.status_code == 202 else told["error"]
    assert len(store.deliveries(limit=100_000)) == 1 + sum(answer.status_code == 202 for answer in answers)
    for deployment in store.deployments(limit=100_000):
        assert not deployment.commit.is_outside or deployment.state is State.AWAITING_APPROVAL
