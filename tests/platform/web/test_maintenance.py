"""The part of the API that keeps the platform itself well."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from front import Front
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.bus.port import DeadLetter
from battleshiper.platform.database.database import Database
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.objects.folder import FolderObjects
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.routes.sqlite import SqliteRoutes
from battleshiper.platform.secrets.files import FileSecrets
from battleshiper.platform.store.sqlite.store import SqliteStore
from battleshiper.platform.tickets.rotation import RotatingKeys
from battleshiper.platform.web.maintenance import Maintenance

TOKEN = "operator"


class Letters:
    """Dead letters in a list, newest first."""

    def __init__(self) -> None:
        self.letters: list[DeadLetter] = []

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        return self.letters[:limit]

    def revive(self, event_id: str) -> bool:
        before = len(self.letters)
        self.letters = [letter for letter in self.letters if letter.event.id != event_id]
        return len(self.letters) < before

    def forget_dead_letters(self, before: datetime, limit: int) -> int:
        raise NotImplementedError


class Office:
    """The endpoints with what they act on."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "battleshiper.db")
        self.letters = Letters()
        self.routes = SqliteRoutes(self.database)
        self.keys = RotatingKeys(FileSecrets(folder / "secrets"), _now)
        store = SqliteStore(self.database, lambda *_: None, _now)
        routing = Routing(store, FolderObjects(folder / "objects"), self.routes)
        guard = Front(store, _now).guard
        maintenance = Maintenance(self.letters, self.keys, routing, Administration(store, _now), guard)
        self.client = TestClient(Starlette(routes=[*maintenance.routes(), guard.rest()]))

    def ask(self, method: str, path: str, token: str = TOKEN) -> tuple[int, object]:
        answer = self.client.request(method, f"/api/v1{path}", headers={"authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()

    def bury(self, number: int) -> None:
        detail = {"project": "p1", "deployment": "d1", "ticket": "a ticket", "deploy_ticket": "another ticket"}
        event = Event(EventType.BUILD, detail, id=f"e{number}")
        died_at = datetime(2026, 5, number, tzinfo=UTC)
        self.letters.letters.insert(0, DeadLetter(event, "OSError: No space left", 10, died_at))


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.database.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/dead-letters"),
        ("POST", "/dead-letters/retry"),
        ("POST", "/dead-letters/e1/retry"),
        ("POST", "/keys/rotate"),
        ("POST", "/routes/rebuild"),
    ],
)
def test_only_for_the_operator(office: Office, method: str, path: str) -> None:
    """Without the operator's token nothing is told and nothing is done."""
    office.bury(1)
    signing = set(office.keys.verifying().by_kid)
    assert office.ask(method, path, token="wrong")[0] == 401
    assert len(office.letters.letters) == 1
    assert set(office.keys.verifying().by_kid) == signing


def test_dead_letters(office: Office) -> None:
    """They are told newest first with what happened, and without the tickets that they carry."""
    office.bury(1)
    office.bury(2)
    _, letters = office.ask("GET", "/dead-letters?limit=1")
    assert letters == [
        {
            "id": "e2",
            "event": "battleshiper.build",
            "project": "p1",
            "deployment": "d1",
            "error": "OSError: No space left",
            "attempts": 10,
            "died_at": "2026-05-02T00:00:00.000+00:00",
        }
    ]


def test_one_of_them_again(office: Office) -> None:
    """One is handled again, and one that is not there is said not to be."""
    office.bury(1)
    office.bury(2)
    assert office.ask("POST", "/dead-letters/e1/retry") == (200, {"retried": ["e1"]})
    assert [letter.event.id for letter in office.letters.letters] == ["e2"]
    status, told = office.ask("POST", "/dead-letters/e1/retry")
    assert (status, told["detail"]) == (404, "There is no dead letter 'e1'.")  # type: ignore[index]


def test_all_of_them_again(office: Office) -> None:
    """All are handled again in the order in which they died."""
    for number in (1, 2, 3):
        office.bury(number)
    assert office.ask("POST", "/dead-letters/retry") == (200, {"retried": ["e1", "e2", "e3"]})
    assert office.letters.letters == []


def test_keys(office: Office) -> None:
    """The key is changed, and the answer says which one signs and until when the other is good; neither is shown."""
    (before,) = office.keys.verifying().by_kid
    status, answer = office.ask("POST", "/keys/rotate")
    assert status == 200
    assert [key["key"] for key in answer["verifying"]] == [before]
    assert set(office.keys.verifying().by_kid) == {before, answer["signing"]}
    assert "PRIVATE" not in str(answer)


def test_routes(office: Office) -> None:
    """Routes are what the store says, and nothing else is left."""
    office.routes.write({"stranger": "{}"})
    assert office.ask("POST", "/routes/rebuild") == (200, {"hostnames": 0})
    assert office.routes.get("stranger") is None
