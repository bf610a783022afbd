"""A project's settings by the API."""

import json
from datetime import timedelta

from front import ADA
from web_desk import TOKEN, Web

from battleshiper.platform.model.access_token import Scope
from battleshiper.platform.model.reach import Permission


def ask(web: Web, method: str, content: bytes | str | None = None, token: str = TOKEN):
    """Use the API."""
    headers = {"authorization": f"Bearer {token}"}
    return web.client.request(method, "/api/v1/projects/site/settings", headers=headers, content=content)


def test_settings_are_changed(web: Web) -> None:
    """Those that are named; the answer has them all."""
    assert set(ask(web, "GET").json().values()) == {None, "all"}
    changed = ask(web, "PATCH", json.dumps({"build_command": "make", "production_branch": "next"}))
    assert (changed.status_code, changed.json()) == (200, ask(web, "GET").json())
    assert changed.json()["build_command"] == "make"
    assert web.store.project("p").production_branch == "next"
    assert ask(web, "PATCH", json.dumps({"build_command": None})).json()["build_command"] is None


def test_mistakes_change_nothing(web: Web) -> None:
    """Each names the field, or says what to send."""
    for body, said in (
        ('{"node_version": "latest", "build_command": "make"}', "node_version must be"),
        ("[]", "Send a JSON object"),
        ("{", "Send a JSON object"),
        (b"\xff", "Send a JSON object"),
        ("[" * 50_000, "Send a JSON object"),
        (" " * 100_001, "Send a JSON object"),
    ):
        answer = ask(web, "PATCH", body)
        assert (answer.status_code, said in answer.json()["detail"]) == (400, True)
    assert set(ask(web, "GET").json().values()) == {None, "all"}


def test_who_only_reads_changes_nothing(web: Web) -> None:
    """And sees what is told."""
    web.front.admit(ADA, r7=Permission.READ)
    token = web.front.tokens.issue(ADA.id, "test", list(Scope), timedelta(days=1))[1]
    assert ask(web, "GET", token=token).status_code == 200
    assert ask(web, "PATCH", '{"build_command": "make"}', token).status_code == 403
