"""What GitHub shows about a commit, asked over its REST API as any App would ask."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt

from battleshiper.infra.local.settings import GitHubApp

_READ = {"statuses": "read", "deployments": "read", "contents": "read"}


class GitHubView:
    """A reader of one repository's commits."""

    def __init__(self, github: GitHubApp, repository: str) -> None:
        self._github = github
        self._repository = repository
        self._http = httpx.Client(base_url=github.api_url, timeout=10, trust_env=False)
        self._token: str | None = None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def statuses(self, sha: str) -> list[dict[str, Any]]:
        """Return the commit's statuses, the newest of each context first.

        https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
        """
        found = self._get(f"/repos/{self._repository}/commits/{sha}/status")["statuses"]
        return [{key: status[key] for key in ("context", "state", "description", "target_url")} for status in found]

    def deployment(self, sha: str) -> dict[str, Any] | None:
        """Return the commit's newest deployment with its newest status, None while there is none.

        https://docs.github.com/en/rest/deployments/statuses
        """
        deployments = self._get(f"/repos/{self._repository}/deployments", sha=sha)
        if not deployments:
            return None
        number = deployments[0]["id"]
        statuses = self._get(f"/repos/{self._repository}/deployments/{number}/statuses")
        latest = statuses[0] if statuses else {}
        return {
            "environment": deployments[0]["environment"],
            "state": latest.get("state", "pending"),
            "environment_url": latest.get("environment_url"),
            "log_url": latest.get("log_url"),
        }

    def ack_milliseconds(self) -> int | None:
        """Return how long the platform took to answer the latest push's webhook, as GitHub measured it.

        https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
        """
        deliveries = self._http.get("/app/hook/deliveries", headers=self._app())
        deliveries.raise_for_status()
        durations = [each["duration"] for each in deliveries.json() if each["event"] == "push"]
        return round(durations[0] * 1000) if durations else None

    def _get(self, path: str, **parameters: str) -> Any:
        if self._token is None:
            self._token = self._make_token()
        answer = self._http.get(path, params=parameters, headers={"authorization": f"Bearer {self._token}"})
        answer.raise_for_status()
        return answer.json()

    def _app(self) -> dict[str, str]:
        now = datetime.now(UTC)
        claims = {"iss": str(self._github.app_id), "iat": now - timedelta(minutes=1), "exp": now + timedelta(minutes=5)}
        return {"authorization": f"Bearer {jwt.encode(claims, self._github.private_key, algorithm='RS256')}"}

    def _make_token(self) -> str:
        app = self._app()
        installation = self._http.get(f"/repos/{self._repository}/installation", headers=app)
        installation.raise_for_status()
        path = f"/app/installations/{installation.json()['id']}/access_tokens"
        made = self._http.post(path, headers=app, json={"permissions": _READ})
        made.raise_for_status()
        return str(made.json()["token"])
