"""The demo's story: what a user does in the first minutes, done for real and looked at from outside."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep
from typing import Any, Protocol

import httpx

from battleshiper.infra.local.demo.github import GitHubView
from battleshiper.infra.local.demo.repository import DemoRepository

_PAGE = "src/routes/+page.svelte"
_BUILD_SECONDS = 300.0
_REPORT_SECONDS = 20.0
_POLL_SECONDS = 0.05


class StoryError(Exception):
    """The story did not go as it should; the message says where and why."""


class Api(Protocol):
    """The platform's API, as the command line speaks it."""

    def get(self, path: str, **parameters: object) -> Any:
        """Return the answer to a GET."""
        ...

    def post(self, path: str, **parameters: object) -> Any:
        """Return the answer to a POST."""
        ...


class Narrator(Protocol):
    """Tells the story to whoever watches."""

    def begin(self, what: str) -> None:
        """A step begins."""
        ...

    def progress(self, what: str) -> None:
        """The step goes on."""
        ...

    def done(self, what: str) -> None:
        """The step has ended well."""
        ...


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story happens."""

    api: Api
    github: GitHubView
    repository: DemoRepository
    repository_name: str
    site_port: int
    """Where this machine serves the sites."""


class Story:
    """Push, see it live, push again, roll back."""

    def __init__(self, stage: Stage, narrator: Narrator) -> None:
        self._stage = stage
        self._narrator = narrator
        self._http = httpx.Client(timeout=30, trust_env=False)

    def run(self) -> dict[str, Any]:
        """Play it to the end and return what was seen; raises StoryError."""
        stage, narrator = self._stage, self._narrator
        narrator.begin("git push: a SvelteKit app, in which no line knows Battleshiper")
        stage.repository.create()
        start = monotonic()
        sha = stage.repository.push()
        narrator.done(f"pushed {sha[:7]} to main")
        first = self._follow(sha, start)
        page = self._fetch(first["url"])
        narrator.begin("GitHub: commit status and Deployment")
        statuses, deployment = self._reports(sha)
        shown = statuses[0]["target_url"], deployment["environment_url"]
        _expect(shown == (first["url"], first["url"]), f"GitHub leads to {shown} and not to {first['url']}.")
        narrator.done(f"{statuses[0]['context']}: {statuses[0]['description']}")

        narrator.begin("git push: another headline")
        stage.repository.change(_PAGE, _with_headline("Second push"), "Change the headline")
        second_start = monotonic()
        second_sha = stage.repository.push()
        narrator.done(f"pushed {second_sha[:7]} to main")
        second = self._follow(second_sha, second_start)
        changed = self._fetch(second["url"])
        _expect(_headline(changed.text) != _headline(page.text), "The second push did not change the page.")

        narrator.begin("Roll back, without a build")
        rollback_start = monotonic()
        stage.api.post(f"/projects/{first['project']}/rollback")
        restored = self._fetch(first["url"])
        rollback_ms = _milliseconds(rollback_start)
        _expect(_headline(restored.text) == _headline(page.text), "The rollback did not bring the first page back.")
        narrator.done(f"the first page is back after {rollback_ms} ms")
        return {
            "repository": stage.repository_name,
            "sha": sha,
            "production": {
                "state": first["state"],
                "url": first["url"],
                "http_status": page.status_code,
                "statuses": statuses,
                "deployment": deployment,
            },
            "second_push": {
                "state": second["state"],
                "url": second["url"],
                "http_status": changed.status_code,
                "changed": True,
            },
            "rollback": {"ms": rollback_ms, "restored": True},
            "timings_ms": first["timings_ms"],
        }

    def _follow(self, sha: str, start: float) -> dict[str, Any]:
        """Watch the commit's deployment until it is ready; raises StoryError when it ends otherwise."""
        self._narrator.begin("Build in a sandbox, publish")
        deployment: dict[str, Any] = {}
        said, next_line = "", 0
        for _ in _until(_BUILD_SECONDS):
            found = self._stage.api.get("/deployments", limit=20)
            deployment = next((each for each in found if each["sha"] == sha), {})
            if not deployment:
                continue
            log = self._stage.api.get(f"/deployments/{deployment['id']}/logs/build", start=next_line)
            next_line = log["next"]
            said = log["lines"][-1]["text"] if log["lines"] else said
            self._narrator.progress(f"{deployment['state']}  {said}")
            if deployment["finished"]:
                break
        _expect(bool(deployment), f"The platform has not heard of {sha[:7]}: the webhook did not arrive.")
        _expect(
            deployment["state"] == "ready",
            f"{sha[:7]} ended as {deployment['state']}: {deployment['reason'] or 'no reason was given'}",
        )
        ready = _milliseconds(start)
        self._narrator.done(f"live at {deployment['url']} after {ready / 1000:.1f} s")
        return {**deployment, "timings_ms": {**self._timings(deployment), "push_to_ready": ready}}

    def _timings(self, deployment: dict[str, Any]) -> dict[str, int | None]:
        return {
            "ack": self._stage.github.ack_milliseconds(),
            "queued_to_building": _between(deployment["created_at"], deployment["building_at"]),
            "build": _between(deployment["building_at"], deployment["deploying_at"]),
            "deploy": _between(deployment["deploying_at"], deployment["finished_at"]),
        }

    def _reports(self, sha: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        statuses: list[dict[str, Any]] = []
        deployment: dict[str, Any] | None = None
        for _ in _until(_REPORT_SECONDS):
            statuses, deployment = self._stage.github.statuses(sha), self._stage.github.deployment(sha)
            if statuses and statuses[0]["state"] == "success" and deployment and deployment["state"] == "success":
                return statuses, deployment
        raise StoryError(f"GitHub does not show success: statuses {statuses}, deployment {deployment}.")

    def _fetch(self, url: str) -> httpx.Response:
        """Get a site's page. `*.localhost` is this machine (RFC 6761 6.3), which not every resolver knows."""
        address = httpx.URL(url)
        host = f"{address.host}:{address.port}" if address.port else address.host
        here = address.copy_with(host="127.0.0.1", port=self._stage.site_port)
        try:
            answer = self._http.get(here, headers={"host": host})
        except httpx.HTTPError as error:
            raise StoryError(f"{url} did not answer: {error or type(error).__name__}.") from error
        _expect(answer.status_code == 200, f"{url} answered {answer.status_code}.")
        return answer


def _with_headline(text: str) -> Callable[[str], str]:
    def edit(source: str) -> str:
        return re.sub(r"<h1>.*?</h1>", f"<h1>{text}</h1>", source, count=1, flags=re.DOTALL)

    return edit


def _headline(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    _expect(found is not None, "The page has no headline.")
    return found.group(1) if found else ""


def _until(seconds: float) -> Iterator[None]:
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        yield
        sleep(_POLL_SECONDS)


def _milliseconds(start: float) -> int:
    return round((monotonic() - start) * 1000)


def _between(start: str | None, end: str | None) -> int | None:
    if start is None or end is None:
        return None
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() * 1000)


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise StoryError(otherwise)
