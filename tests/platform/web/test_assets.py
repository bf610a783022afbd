"""The pages' static files have names that change with what is in them."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from battleshiper.platform.web.assets import Assets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one file."""
    (tmp_path / "style.css").write_text("body { color: red }")
    return tmp_path


def test_another_content_has_another_name(folder: Path) -> None:
    """A browser that keeps the old file for ever asks for the new one."""
    before = Assets(folder).url("style.css")
    (folder / "style.css").write_text("body { color: blue }")
    after = Assets(folder).url("style.css")
    assert before != after
    assert before.startswith("/static/style-")
    assert before.endswith(".css")


def test_a_file_is_served_under_its_name_and_may_be_kept(folder: Path) -> None:
    """What is linked is served with its media type, for a year."""
    assets = Assets(folder)
    answer = TestClient(Starlette(routes=assets.routes())).get(assets.url("style.css"))
    assert answer.text == "body { color: red }"
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/static/style.css", "/static/style-0000000000.css", "/static/..%2fsecret"])
def test_any_other_name_is_missing(folder: Path, path: str) -> None:
    """Neither the bare name nor another version's leads to the file, and no path leaves the folder."""
    assert TestClient(Starlette(routes=Assets(folder).routes())).get(path).status_code == 404


def test_an_unknown_file_cannot_be_linked(folder: Path) -> None:
    """A template with a wrong name fails where it is tested, not in the browser."""
    with pytest.raises(KeyError):
        Assets(folder).url("missing.css")
