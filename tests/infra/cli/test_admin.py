"""The `admin` commands, against a platform that runs."""

import json

import pytest

from battleshiper.platform.model.account import Identity


@pytest.fixture
def ada(books) -> int:
    """Somebody who has signed in, by number."""
    return books.store.welcome(Identity(2001, "ada", "Ada [bold]L.")).id


def test_people_and_their_roles(shell, ada: int) -> None:
    """They are listed, given roles and signed out, and all of it is in the audit log."""
    listed = json.loads(shell.run("admin", "users", "ada", "--json").stdout)
    assert [(each["id"], each["roles"]) for each in listed] == [(ada, [])]
    assert "Ada [bold]L." in shell.run("admin", "users").stdout
    given = json.loads(shell.run("admin", "roles", str(ada), "support", "maintainer", "--json").stdout)
    assert given["roles"] == ["maintainer", "support"]
    assert "a user like any other" in shell.run("admin", "roles", str(ada)).stdout
    assert "signed out everywhere" in shell.run("admin", "sign-out", str(ada)).stdout
    log = json.loads(shell.run("admin", "audit", "--json").stdout)
    assert [each["action"] for each in log[:3]] == ["sessions.end", "roles.set", "roles.set"]
    assert "the operator" in shell.run("admin", "audit").stdout


def test_mistakes(shell, ada: int) -> None:
    """A role that there is not, and somebody who is not there."""
    wrong = shell.run("admin", "roles", str(ada), "king")
    assert (wrong.returncode, "There is no role 'king'" in wrong.stderr) == (1, True)
    nobody = shell.run("admin", "sign-out", "1")
    assert (nobody.returncode, "There is no account" in nobody.stderr) == (1, True)


def test_an_invitation(shell, running) -> None:
    """A link below the platform's address."""
    answer = json.loads(shell.run("admin", "invite", "--json").stdout)
    assert answer["url"].startswith(f"{running.base_url}/invitations/")
    assert f"{running.base_url}/invitations/" in shell.run("admin", "invite").stdout


def test_subscriptions(shell) -> None:
    """They are made, given and shown with what was used."""
    assert "nothing is limited" in shell.run("admin", "subscriptions", "list").stdout
    made = shell.run("admin", "subscriptions", "set", "small", "daily_builds=3", "projects=1", "--json")
    assert json.loads(made.stdout) == {"name": "small", "limits": {"daily_builds": 3, "projects": 1}}
    assert "daily_builds=3" in shell.run("admin", "subscriptions", "list").stdout
    given = json.loads(shell.run("admin", "subscriptions", "give", "77", "small", "--json").stdout)
    assert given["subscription"] == "small"
    shown = shell.run("admin", "subscriptions", "usage", "77").stdout
    assert "daily_builds" in shown
    assert "Subscription small" in shown
    for arguments, said in (
        (("set", "small", "daily_builds"), "is no limit"),
        (("set", "small", "king=1"), "whole numbers for some of daily_builds"),
        (("give", "77", "none"), "There is no subscription 'none'"),
    ):
        done = shell.run("admin", "subscriptions", *arguments)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
