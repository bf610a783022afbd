"""The API of the platform on AWS, as its operator."""

from dataclasses import dataclass, field

import httpx

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.health import remedy_for, unreached


@dataclass(frozen=True, slots=True)
class TicketKeys:
    """Which keys tickets have. Their ids are no secrets."""

    signing: str
    verifying: dict[str, str] = field(default_factory=dict)
    """Earlier keys, each with the time until which its tickets are good."""


class PlatformApi:
    """Speaks to it through its address, as everybody has to."""

    def __init__(self, http: httpx.Client, url: str, token: str) -> None:
        self._http = http
        self._url = url
        self._token = token

    def rotate_keys(self) -> TicketKeys:
        """Have tickets signed with a fresh key from now on; raises OperationError."""
        try:
            answer = self._http.post(
                f"{self._url}/api/v1/keys/rotate", headers={"authorization": f"Bearer {self._token}"}
            )
        except httpx.HTTPError as error:
            raise unreached(self._url, error) from error
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise OperationError(
                "The platform does not take the operator's token.",
                "Was it changed just now? Functions take a new one within five minutes: try again then.",
            )
        if answer.is_success:
            try:
                said = answer.json()
                return TicketKeys(said["signing"], {each["key"]: each["until"] for each in said["verifying"]})
            except (ValueError, KeyError, TypeError):
                pass
        raise OperationError(
            f"The keys are not changed: {self._url} answers {answer.status_code}, not as Battleshiper does.",
            remedy_for(answer),
        )
