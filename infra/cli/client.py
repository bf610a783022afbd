"""Speaks to the running platform's API."""

from pathlib import Path
from typing import Any

import httpx

from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.kept_login import read_login
from battleshiper.infra.local.settings import Settings
from battleshiper.platform.model.address import is_loopback
from battleshiper.platform.secrets.files import secret_path
from battleshiper.platform.secrets.port import OPERATOR_TOKEN

_TIMEOUT_SECONDS = 30.0


class Client:
    """The API of one platform."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self._http = httpx.Client(
            base_url=f"{base_url}/api/v1",
            headers={"authorization": f"Bearer {token}"} if token else {},
            timeout=_TIMEOUT_SECONDS,
            trust_env=not is_loopback(base_url),  # no proxy is asked for what is on this machine
        )
        self._base_url = base_url

    @classmethod
    def for_settings(cls, settings: Settings) -> "Client":
        """Return the client for the platform that somebody has logged in to, else, as the operator, for the one that
        these settings describe; raises CommandError when that was never started."""
        login = read_login(settings.data_dir)
        if login is not None:
            return cls(login.url, login.token)
        path: Path = secret_path(settings.data_dir / "secrets", OPERATOR_TOKEN)
        try:
            token = path.read_text().strip()
        except FileNotFoundError as error:
            raise CommandError(
                f"There is no platform in {settings.data_dir} yet.", "Start it: battleshiper up"
            ) from error
        except OSError as error:
            raise CommandError(
                f"{path} cannot be read: {error.strerror}.", "Run this as the user who runs it."
            ) from error
        return cls(settings.own_url, token)

    @property
    def base_url(self) -> str:
        """Where the platform answers."""
        return self._base_url

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def get(self, path: str, **parameters: object) -> Any:
        """Return what the API answers to a GET; raises CommandError."""
        return self._ask("GET", path, parameters)

    def post(self, path: str, **parameters: object) -> Any:
        """Return what the API answers to a POST; raises CommandError."""
        return self._ask("POST", path, parameters)

    def post_text(self, path: str, body: str, **parameters: object) -> Any:
        """Return what the API answers to a POST of a text; raises CommandError."""
        return self._ask("POST", path, parameters, body)

    def put(self, path: str, body: str, **parameters: object) -> Any:
        """Return what the API answers to a PUT of a text; raises CommandError."""
        return self._ask("PUT", path, parameters, body)

    def patch(self, path: str, body: str) -> Any:
        """PATCH a body."""
        return self._ask("PATCH", path, {}, body)

    def delete(self, path: str, **parameters: object) -> Any:
        """Return what the API answers to a DELETE; raises CommandError."""
        return self._ask("DELETE", path, parameters)

    def _ask(self, method: str, path: str, parameters: dict[str, object], body: str | None = None) -> Any:
        given = {name: str(value) for name, value in parameters.items() if value is not None}
        try:
            answer = self._http.request(method, path, params=given, content=body)
        except httpx.HTTPError as error:
            hint = "Start it: battleshiper up" if is_loopback(self._base_url) else "Is the address right?"
            raise CommandError(f"No platform answers at {self._base_url} ({error}).", hint) from error
        try:
            told = answer.json()
        except ValueError as error:
            raise CommandError(
                f"{self._base_url} answered {answer.status_code}, and not as Battleshiper does.",
                "Is another program on this port? Set BATTLESHIPER_PORT.",
            ) from error
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise CommandError(
                f"{self._base_url} does not take the token: it has ended, or another took its place.",
                "Log in again: battleshiper login",
            )
        if answer.is_error:
            raise CommandError(told.get("detail", f"The platform answered {answer.status_code}."))
        return told
