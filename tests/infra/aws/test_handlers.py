"""The entry points: each is put together from its environment alone, and loads only what it needs."""

import json
import subprocess
import sys

import pytest

from battleshiper.infra.aws.variables import Variable

TOLD = {name.value: "1" for name in Variable}
_LOADED = "import json, sys, battleshiper.infra.aws.handlers.{0} as made; print(json.dumps([*sys.modules]))"


def loaded(name: str) -> set[str]:
    """Return the modules that a fresh process has after importing an entry point, without any network or secret."""
    environment = {
        **TOLD,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(name)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("name", ["webhook", "router", "build", "deploy", "delete"])
def test_without_github(name: str) -> None:
    """What never speaks to GitHub needs neither its client nor the pages' templates, nor boto3 around botocore."""
    assert not loaded(name) & {"githubkit", "httpx", "jinja2", "boto3", "battleshiper.bot.connection"}


def test_the_webhook_starts_light() -> None:
    """What a push waits for loads no more of AWS's library than its errors, and none of the other heavy ones."""
    modules = loaded("webhook")
    assert {name for name in modules if name.partition(".")[0] == "botocore"} <= {
        "botocore",
        "botocore.exceptions",
        *(name for name in modules if name.startswith("botocore.vendored")),
    }
    assert not modules & {"anyio", "awscrt", "dateutil", "jwt", "pydantic", "urllib3"}


@pytest.mark.parametrize("name", ["web", "init", "report", "sweep"])
def test_github_loads_with_the_first_call(name: str) -> None:
    """Those that speak to GitHub are put together without a secret, and without its client, which takes half a
    second."""
    modules = loaded(name)
    assert "battleshiper.bot.connection" in modules
    assert "githubkit" not in modules
