"""A new origin secret: what CloudFront sends to the platform's origins, so that they answer nobody else.

No request is refused meanwhile. The functions take the secret of now and the one before, within five minutes of a
change; so a new one is put first, CloudFront is told minutes later, and the old one goes when every copy of CloudFront
sends the new one. It is CloudFront itself that is told: CloudFormation puts the secret into the template's reference
only when the distribution's own lines change, and then it is the same secret
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).
"""

import secrets
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from battleshiper.edge.router.gate import ORIGIN_HEADER
from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.waiting import Tell, Waiting

if TYPE_CHECKING:
    from types_boto3_cloudfront.client import CloudFrontClient
    from types_boto3_secretsmanager.client import SecretsManagerClient

LEARNT = timedelta(minutes=6)
"""When every function knows a new secret: `Fresh` keeps the one before for five minutes."""
_LONGEST_SECONDS = 1800.0
_LENGTH = 48
_AGAIN = "Type the same command again: it goes on from there."


@dataclass(frozen=True, slots=True)
class Versions:
    """The secret in Secrets Manager."""

    current: str = field(repr=False)
    previous: str = field(repr=False)
    made_at: datetime


def is_under_way(sent: set[str], versions: Versions) -> bool:
    """Tell whether CloudFront has yet to be told of the current secret: a change was interrupted. A second new secret
    would push out the one that it still sends."""
    return sent != {versions.current}


class OriginSecret:
    """Changes it. An interrupted change is carried on."""

    def __init__(
        self,
        secrets: "SecretsManagerClient",
        cloudfront: "CloudFrontClient",
        waiting: Waiting,
        tell: Tell,
        clock: Callable[[], datetime],
    ) -> None:
        self._secrets = secrets
        self._cloudfront = cloudfront
        self._waiting = waiting
        self._tell = tell
        self._clock = clock

    def rotate(self, secret_id: str, distributions: Sequence[str]) -> None:
        """Return when the new secret alone is good, after about a quarter of an hour; raises OperationError."""
        versions = self._read(secret_id)
        sent = {value for each in distributions for value in self._sent(each)}
        if not sent:
            raise OperationError("No distribution sends the origin secret.", "Deploy the stack again.")
        if is_under_way(sent, versions):
            self._tell("A change of the origin secret was interrupted: going on.")
        else:
            self._wait_for_copies(distributions)
            self._put(secret_id, _new_secret())
            versions = self._read(secret_id)
        if sent <= {versions.current, versions.previous}:
            self._wait_for_functions(versions.made_at)
        for each in distributions:
            self._send(each, versions.current)
        self._wait_for_copies(distributions)
        # A second version with the same value: it makes the old one neither the one of now nor the one before.
        self._put(secret_id, versions.current)
        self._tell("CloudFront sends a new origin secret; the old one is good for at most five minutes more.")

    def _read(self, secret_id: str) -> Versions:
        with asking("read the origin secret"):
            current = self._secrets.get_secret_value(SecretId=secret_id)
            try:
                previous = self._secrets.get_secret_value(SecretId=secret_id, VersionStage="AWSPREVIOUS")
            except self._secrets.exceptions.ResourceNotFoundException:
                return Versions(current["SecretString"], "", current["CreatedDate"])
        return Versions(current["SecretString"], previous["SecretString"], current["CreatedDate"])

    def _put(self, secret_id: str, value: str) -> None:
        with asking("put a new origin secret"):
            self._secrets.put_secret_value(SecretId=secret_id, SecretString=value)

    def _sent(self, distribution: str) -> list[str]:
        with asking(f"look at the distribution {distribution}"):
            config = self._cloudfront.get_distribution_config(Id=distribution)["DistributionConfig"]
        return [header["HeaderValue"] for header in _headers(config)]

    def _send(self, distribution: str, secret: str) -> None:
        with asking(f"tell the distribution {distribution} the new secret"):
            found: Any = self._cloudfront.get_distribution_config(Id=distribution)
            config = found["DistributionConfig"]
            stale = [header for header in _headers(config) if header["HeaderValue"] != secret]
            for header in stale:
                header["HeaderValue"] = secret
            if stale:
                self._cloudfront.update_distribution(Id=distribution, IfMatch=found["ETag"], DistributionConfig=config)

    def _wait_for_functions(self, made_at: datetime) -> None:
        def look() -> bool | None:
            return True if self._clock() >= made_at + LEARNT else None

        # A clock that is wrong here does not matter: this is as long as it takes from now on.
        self._waiting.until(look, "the functions to learn the new origin secret", most=LEARNT.total_seconds())

    def _wait_for_copies(self, distributions: Sequence[str]) -> None:
        def look() -> bool | None:
            with asking("look at the distributions"):
                states = [
                    self._cloudfront.get_distribution(Id=each)["Distribution"]["Status"] for each in distributions
                ]
            return True if all(state == "Deployed" for state in states) else None

        if not self._waiting.until(look, "every copy of CloudFront", most=_LONGEST_SECONDS):
            raise OperationError("CloudFront is still deploying a change.", _AGAIN)


def _headers(config: Any) -> Iterator[Any]:
    """Yield the headers of a distribution's origins that have the secret."""
    for origin in config["Origins"]["Items"]:
        for header in origin.get("CustomHeaders", {}).get("Items", ()):
            if header["HeaderName"].lower() == ORIGIN_HEADER:
                yield header


def _new_secret() -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(_LENGTH))
