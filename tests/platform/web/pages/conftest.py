"""The pages with one project, as its owner sees them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dashboard_scene import Scene
from front import COOKIE, URL
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.model.project import Project


class Desk:
    """A scene, and a browser to look at it with."""

    def __init__(self, folder: Path) -> None:
        self.scene = Scene(folder)
        self.store = self.scene.store
        self.project: Project = self.scene.add_project("site")
        self.client = self.browser()

    def page(self, path: str, status: int = 200) -> str:
        """Return a page's text."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def browser(self, **options: Any) -> TestClient:
        """Return the person's browser; `options` are those of the pages."""
        app = Starlette(routes=self.scene.routes(**options)) if options else self.scene.app
        return TestClient(app, follow_redirects=False, cookies={COOKIE: self.scene.cookie})

    def post(self, path: str, token: str | None = None, **fields: str) -> tuple[int, str]:
        """Send a form; return the status, and where it leads or what it says."""
        given = self.scene.entered.session.form_token if token is None else token
        answer = self.client.post(path, data={"form_token": given, **fields}, headers={"origin": URL})
        return answer.status_code, answer.headers.get("location", answer.text)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.scene.close()
