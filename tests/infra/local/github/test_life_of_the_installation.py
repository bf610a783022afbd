"""What the owner does with the App, and what the App is told of it."""

from typing import Any

import pytest

SITE = "me/site"
TOKENS = "/app/installations/5001/access_tokens"


@pytest.fixture
def pushed(person: Any) -> Any:
    """Return a person whose main is at `me/site`."""
    person.commit("a", "a")
    person.push("main")
    return person


def test_a_suspended_app_can_do_nothing_and_hears_nothing(
    pushed: Any, owner: Any, app: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """Tokens are refused, old and new, until the suspension ends."""
    owner.suspend()
    owner.suspend()
    event = hook.wait("installation", 2)[1].payload
    openapi.check_event("installation-suspend", event)
    assert event["installation"]["suspended_at"]
    assert app.ask("POST", TOKENS, {}).status_code == 403
    refused = installation.ask("GET", f"/repos/{SITE}")
    assert (refused.status_code, refused.json()["message"]) == (403, "This installation has been suspended")
    assert "403" in pushed.git("ls-remote", pushed.remote(installation.token), check=False)
    assert app.get("/app/installations/5001")["suspended_by"]["login"] == "me"
    pushed.commit("a", "unheard")
    pushed.push("main")
    owner.unsuspend()
    openapi.check_event("installation-unsuspend", hook.wait("installation", 3)[2].payload)
    assert installation.get(f"/repos/{SITE}")["name"] == "site"
    assert app.get("/app/installations/5001")["suspended_at"] is None
    assert len(hook.of("push")) == 1


def test_the_app_suspends_itself(app: Any, hook: Any) -> None:
    """And takes that back, over the API."""
    path = "/app/installations/5001/suspended"
    for method in ("PUT", "DELETE"):
        assert app.ask(method, path).status_code == 204
    assert app.ask("PUT", path.replace("5001", "1")).status_code == 404
    actions = [received.payload["action"] for received in hook.wait("installation", 3)]
    assert actions == ["created", "suspend", "unsuspend"]


def test_an_uninstalled_app_is_gone_until_it_is_installed_again(
    pushed: Any, owner: Any, app: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """Its tokens with it; the new installation has all repositories."""
    owner.uninstall()
    event = hook.wait("installation", 2)[1].payload
    openapi.check_event("installation-deleted", event)
    assert [one["full_name"] for one in event["repositories"]] == [SITE]
    for path in ("/app/installations/5001", f"/repos/{SITE}/installation", "/users/me/installation"):
        assert app.ask("GET", path).status_code == 404
    assert app.ask("POST", TOKENS, {}).status_code == 404
    assert installation.ask("GET", f"/repos/{SITE}").status_code == 401
    pushed.push("main:unheard")
    with pytest.raises(Exception, match="not installed"):
        owner.uninstall()
    owner.install()
    again = hook.wait("installation", 3)[2].payload
    openapi.check_event("installation-created", again)
    assert [one["full_name"] for one in again["repositories"]] == [SITE]
    token = app.post(TOKENS, {})["token"]
    assert type(app)(app.standin, app.openapi, token).get(f"/repos/{SITE}")["name"] == "site"
    assert len(hook.of("push")) == 1
    assert app.ask("DELETE", "/app/installations/5001").status_code == 204


def test_repositories_are_taken_from_the_app_and_given_back(
    pushed: Any, owner: Any, ada: Any, as_person: Any, app: Any, installation: Any, hook: Any, openapi: Any
) -> None:
    """From the first on that is taken, new ones stay out."""
    owner.remove_from_app(SITE)
    removed = hook.wait("installation_repositories", 2)[1].payload
    openapi.check_event("installation-repositories-removed", removed)
    assert (removed["repository_selection"], removed["repositories_removed"][0]["full_name"]) == ("selected", SITE)
    assert installation.ask("GET", f"/repos/{SITE}").status_code == 404
    assert app.ask("GET", f"/repos/{SITE}/installation").status_code == 404
    assert app.ask("POST", TOKENS, {"repositories": ["site"]}).status_code == 422
    pushed.push("main", name="new")
    pushed.push("main:unheard")
    assert installation.get("/installation/repositories")["total_count"] == 0
    owner.add_to_app("me/new")
    added = hook.wait("installation_repositories", 3)[2].payload
    openapi.check_event("installation-repositories-added", added)
    assert added["repositories_added"][0]["full_name"] == "me/new"
    assert installation.get("/installation/repositories")["repositories"][0]["name"] == "new"
    assert [received.payload["repository"]["full_name"] for received in hook.of("push")] == [SITE]
    number = as_person(owner).get(f"/repos/{SITE}")["id"]
    chosen = f"/user/installations/5001/repositories/{number}"
    assert as_person(ada).ask("PUT", chosen).status_code == 404
    assert installation.ask("PUT", chosen).status_code == 403
    assert as_person(ada).get("/user/installations")["total_count"] == 0
    assert installation.ask("GET", "/user/installations").status_code == 403


def test_the_owner_grants_more(make_standin: Any, hook: Any, openapi: Any) -> None:
    """What the App asked for later is its own when the owner accepts."""
    from battleshiper.infra.local.github.person import Person, RefusedError

    standin = make_standin(permissions={"metadata": "read"})
    owner = Person.owner(standin.url, standin.data_dir)
    with pytest.raises(RefusedError, match="not supported"):
        owner.accept_permissions({"statuses": "admin"})
    owner.accept_permissions({"statuses": "write"})
    event = hook.wait("installation", 2)[1].payload
    openapi.check_event("installation-new-permissions-accepted", event)
    assert event["installation"]["permissions"] == {"metadata": "read", "statuses": "write"}
