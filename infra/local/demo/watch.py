"""What is seen from outside: deployments as the API tells of them, GitHub's marks on commits, and the sites."""

import re
from datetime import datetime
from time import monotonic
from typing import Any

import httpx

from battleshiper.infra.local.demo.stage import Narrator, Stage, StoryError, expect, milliseconds_since, until

_BUILD_SECONDS = 300.0
_REPORT_SECONDS = 20.0


class Watch:
    """Looks, and waits for what is to be seen. Raises StoryError when it is not."""

    def __init__(self, stage: Stage, narrator: Narrator) -> None:
        self._stage = stage
        self._narrator = narrator
        self._http = httpx.Client(timeout=30, trust_env=False)

    def follow(self, sha: str, start: float | None = None) -> dict[str, Any]:
        """Watch the commit's deployment until it is ready, and return it with how long everything took, since `start`
        where that is told."""
        start = monotonic() if start is None else start
        self._narrator.begin("Build in a sandbox, publish")
        deployment: dict[str, Any] = {}
        said, next_line = "", 0
        for _ in until(_BUILD_SECONDS):
            deployment = self.find(sha) or {}
            if not deployment:
                continue
            log = self._stage.api.get(f"/deployments/{deployment['id']}/logs/build", start=next_line)
            next_line = log["next"]
            said = log["lines"][-1]["text"] if log["lines"] else said
            self._narrator.progress(f"{deployment['state']}  {said}")
            if deployment["finished"]:
                break
        expect(bool(deployment), f"The platform has not heard of {sha[:7]}: the webhook did not arrive.")
        expect(
            deployment["state"] == "ready",
            f"{sha[:7]} ended as {deployment['state']}: {deployment['reason'] or 'no reason was given'}",
        )
        ready = milliseconds_since(start)
        self._narrator.done(f"live at {deployment['url']} after {ready / 1000:.1f} s")
        return {**deployment, "timings_ms": {**self._timings(deployment), "push_to_ready": ready}}

    def find(self, sha: str) -> dict[str, Any] | None:
        """Return the commit's newest deployment, None while there is none."""
        found = self._stage.api.get("/deployments", limit=20)
        return next((each for each in found if each["sha"] == sha), None)

    def reports(self, sha: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return the commit's statuses on GitHub and its Deployment there, once both show success."""
        statuses: list[dict[str, Any]] = []
        deployment: dict[str, Any] | None = None
        for _ in until(_REPORT_SECONDS):
            statuses, deployment = self._stage.github.statuses(sha), self._stage.github.deployment(sha)
            if statuses and statuses[0]["state"] == "success" and deployment and deployment["state"] == "success":
                return statuses, deployment
        raise StoryError(f"GitHub does not show success: statuses {statuses}, deployment {deployment}.")

    def fetch(self, url: str) -> httpx.Response:
        """Get a site's page."""
        answer = self.visit(url)
        expect(answer.status_code == 200, f"{url} answered {answer.status_code}.")
        return answer

    def visit(self, url: str) -> httpx.Response:
        """Return what a site answers. `*.localhost` is this machine (RFC 6761 6.3), which not every resolver knows."""
        address = httpx.URL(url)
        host = f"{address.host}:{address.port}" if address.port else address.host
        here = address.copy_with(host="127.0.0.1", port=self._stage.site_port)
        try:
            return self._http.get(here, headers={"host": host})
        except httpx.HTTPError as error:
            raise StoryError(f"{url} did not answer: {error or type(error).__name__}.") from error

    def wait_for_headline(self, url: str, text: str) -> None:
        """Wait until a site's page has this headline."""
        for _ in until(_REPORT_SECONDS):
            if headline(self.fetch(url).text) == text:
                return
        raise StoryError(f"{url} does not show {text!r}.")

    def _timings(self, deployment: dict[str, Any]) -> dict[str, int | None]:
        return {
            "ack": self._stage.github.ack_milliseconds(),
            "queued_to_building": _between(deployment["created_at"], deployment["building_at"]),
            "build": _between(deployment["building_at"], deployment["deploying_at"]),
            "deploy": _between(deployment["deploying_at"], deployment["finished_at"]),
        }


def headline(page: str) -> str:
    """Return a page's headline; raises StoryError when it has none."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    if found is None:
        raise StoryError("The page has no headline.")
    return re.sub(r"<!--.*?-->", "", found[1]).strip()


def _between(start: str | None, end: str | None) -> int | None:
    if start is None or end is None:
        return None
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() * 1000)
