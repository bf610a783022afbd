"""Builds that fail: the cause and what to do about it, on GitHub and in the log, and nothing else stops."""

import json
from typing import Any


def package(checkout: Any, **scripts: str) -> None:
    """Make the checkout a Node project without dependencies."""
    (checkout.folder / "package.json").write_text(json.dumps({"name": "x", "private": True, "scripts": scripts}))


def fail(platform: Any, checkout: Any) -> dict[str, Any]:
    """Deploy what must fail, and return its deployment."""
    deployment: dict[str, Any] = platform.deploy(checkout)
    assert deployment["state"] == "failed", platform.log(deployment)
    return deployment


def test_wrong_command(platform) -> None:
    """A build command that fails is named with its exit code, and GitHub shows a failure that leads to the log."""
    checkout = platform.checkout("wrong-command")
    package(checkout, build="echo the cause >&2; exit 7")
    deployment = fail(platform, checkout)
    assert "7" in deployment["reason"]
    assert "the cause" in platform.log(deployment)
    statuses, shown = platform.shown("wrong-command", deployment["sha"], "failure")
    assert statuses[0]["target_url"].endswith(f"/deployments/{deployment['id']}")
    assert shown["log_url"] == statuses[0]["target_url"]


def test_missing_output(platform) -> None:
    """A build that leaves nothing is told which directories there are."""
    checkout = platform.checkout("missing-output")
    package(checkout, build="mkdir somewhere && echo x > somewhere/index.html")
    assert "somewhere" in fail(platform, checkout)["reason"]


def test_broken_settings(platform) -> None:
    """A fault in battleshiper.toml fails the deployment with its line."""
    checkout = platform.checkout("broken-settings", "plain-html")
    (checkout.folder / "battleshiper.toml").write_text('output_directory = "."\nbuild_comand = "x"\n')
    reason = fail(platform, checkout)["reason"]
    assert "build_comand" in reason
    assert "line 2" in reason


def test_symlink_in_output(platform) -> None:
    """A link out of the output is refused by name."""
    checkout = platform.checkout("linked", "plain-html")
    (checkout.folder / "passwd.txt").symlink_to("/etc/passwd")
    assert "passwd.txt" in fail(platform, checkout)["reason"]


def test_secrets_are_out_of_reach(platform) -> None:
    """A build sees no token, no other process, none of the platform's files or ports."""
    checkout = platform.checkout("curious")
    settings = platform.running.settings
    package(
        checkout,
        build="mkdir dist && (env; cat .git/config; cat /proc/*/environ; ps ax; "
        f"ls -la {settings.data_dir} /root /home; cat /proc/*/cmdline) > dist/index.html 2>&1; "
        f"node -e \"fetch('http://127.0.0.1:{settings.port}/healthz').then("
        "() => console.log('reached the platform'), () => console.log('kept apart'))\"",
    )
    site = platform.ready(checkout)
    seen = site.get("/").text
    assert "ghs_" not in seen
    assert "BATTLESHIPER_CLAIM" not in seen
    assert "battleshiper.db" not in seen
    log = platform.log(platform.client.get("/deployments", project="curious")[0])
    if not any("ports of this machine" in weakness for weakness in platform.running.weaknesses):
        assert "kept apart" in log.splitlines()
        assert "reached the platform" not in log.splitlines()


def test_fixed_by_the_next_push(platform) -> None:
    """After a failure the next push deploys as if nothing had been."""
    checkout = platform.checkout("fixed")
    package(checkout, build="exit 1")
    fail(platform, checkout)
    package(checkout, build="mkdir dist && echo fixed > dist/index.html")
    assert platform.ready(checkout).get("/").text == "fixed\n"
