"""The pages with one project, as its owner sees them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_scene import TOKEN, Scene
from starlette.testclient import TestClient

from battleshiper.platform.model.project import Project


class Desk:
    """A scene, and a browser to look at it with."""

    def __init__(self, folder: Path) -> None:
        self.scene = Scene(folder)
        self.store = self.scene.store
        self.project: Project = self.scene.add_project("site")
        self.client = TestClient(self.scene.app, follow_redirects=False)

    def page(self, path: str, status: int = 200) -> str:
        """Return a page's text."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, path: str, token: str = TOKEN, **fields: str) -> tuple[int, str]:
        """Send a form; return the status, and where it leads or what it says."""
        answer = self.client.post(path, data={"csrf_token": token, **fields})
        return answer.status_code, answer.headers.get("location", answer.text)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.scene.close()
