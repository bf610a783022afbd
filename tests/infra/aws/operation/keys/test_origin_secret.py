"""A new origin secret, without a request that is refused."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import boto3
import pytest
from aws.patience import Patience
from aws.secrets import PREFIX, secrets_client
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.edge.router.gate import ORIGIN_HEADER
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.keys.origin_secret import OriginSecret

ID = "battleshiper/origin-secret"
START = datetime(2026, 1, 1, tzinfo=UTC)
KEPT_SECONDS = 300.0
"""How long a function goes on with what it has read."""


class NotFoundError(Exception):
    """There is no such version."""


class FakeSecret:
    """One secret in Secrets Manager, and what it has been."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self.exceptions = self
        self.ResourceNotFoundException = NotFoundError
        self.history: list[tuple[float, str, str | None]] = [(-1e9, "first", None)]

    def get_secret_value(self, *, SecretId: str, VersionStage: str = "AWSCURRENT") -> dict[str, Any]:  # noqa: N803
        assert SecretId == ID
        made_at, current, previous = self.history[-1]
        value = current if VersionStage == "AWSCURRENT" else previous
        if value is None:
            raise NotFoundError
        return {"SecretString": value, "CreatedDate": START + timedelta(seconds=max(made_at, 0.0))}

    def put_secret_value(self, *, SecretId: str, SecretString: str) -> None:  # noqa: N803
        assert SecretId == ID
        self.history.append((self._patience.now, SecretString, self.history[-1][1]))

    def taken(self, at: float) -> list[set[str | None]]:
        """Return what functions may take at a time: all that was there since the oldest of them last read it."""
        ends = [*(start for start, _, _ in self.history[1:]), 1e9]
        return [
            {now, before}
            for (start, now, before), end in zip(self.history, ends, strict=True)
            if start <= at and end > at - KEPT_SECONDS
        ]


class FakeCloudFront:
    """Distributions whose changes take a while; meanwhile some copies send the old secret, and some the new one."""

    def __init__(self, patience: Patience, seconds: float) -> None:
        self._patience = patience
        self._seconds = seconds
        self._configs = {each: self._config("first") for each in ("E1", "E2")}
        self._changed_at = dict.fromkeys(self._configs, -1e9)
        self.sent: list[tuple[float, float, str]] = []
        """From when to when a secret is sent."""
        self._since = dict.fromkeys(self._configs, -1e3)

    @staticmethod
    def _config(secret: str) -> dict[str, Any]:
        header = {"HeaderName": ORIGIN_HEADER, "HeaderValue": secret}
        other = {"HeaderName": "x-other", "HeaderValue": "kept"}
        code = {"Id": "code", "CustomHeaders": {"Quantity": 2, "Items": [other, header]}}
        return {"Origins": {"Quantity": 2, "Items": [{"Id": "objects", "CustomHeaders": {"Quantity": 0}}, code]}}

    @staticmethod
    def secret_in(config: dict[str, Any]) -> str:
        """Return the secret that a distribution sends."""
        assert config["Origins"]["Items"][1]["CustomHeaders"]["Items"][0]["HeaderValue"] == "kept"
        return config["Origins"]["Items"][1]["CustomHeaders"]["Items"][1]["HeaderValue"]

    def get_distribution_config(self, *, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"DistributionConfig": deepcopy(self._configs[Id]), "ETag": str(self._changed_at[Id])}

    def get_distribution(self, *, Id: str) -> dict[str, Any]:  # noqa: N803
        is_done = self._patience.now >= self._changed_at[Id] + self._seconds
        return {"Distribution": {"Status": "Deployed" if is_done else "InProgress"}}

    def update_distribution(self, *, Id: str, IfMatch: str, DistributionConfig: dict[str, Any]) -> None:  # noqa: N803
        assert IfMatch == str(self._changed_at[Id])
        now = self._patience.now
        self.sent.append((self._since[Id], now + self._seconds, self.secret_in(self._configs[Id])))
        self._since[Id] = self._changed_at[Id] = now
        self._configs[Id] = deepcopy(DistributionConfig)

    def everything_sent(self) -> list[tuple[float, float, str]]:
        """Return all secrets, each with the time in which it is sent."""
        left = [(self._since[each], self._patience.now, self.secret_in(found)) for each, found in self._configs.items()]
        return [*self.sent, *left]

    def now(self) -> set[str]:
        """Return what is sent when nothing more happens."""
        return {self.secret_in(config) for config in self._configs.values()}


class Desk:
    """An operator with both, and time."""

    def __init__(self, seconds: float = 240.0) -> None:
        self.patience = Patience()
        self.secret = FakeSecret(self.patience)
        self.cloudfront = FakeCloudFront(self.patience, seconds)

    def rotate(self) -> None:
        OriginSecret(
            self.secret,
            self.cloudfront,
            self.patience.waiting,
            self.patience.told.append,
            lambda: START + timedelta(seconds=self.patience.now),
        ).rotate(ID, ["E1", "E2"])

    def is_never_refused(self) -> bool:
        """Tell whether at all times every function took whatever CloudFront sent."""
        times = sorted({at for start, end, _ in self.cloudfront.everything_sent() for at in (start, end)})
        moments = [*times, *((first + second) / 2 for first, second in pairwise(times))]
        moments += [start + extra for start, _, _ in self.secret.history[1:] for extra in (0.0, 1.0, KEPT_SECONDS)]
        return all(
            sent in taken
            for at in moments
            for start, end, sent in self.cloudfront.everything_sent()
            if start <= at < end
            for taken in self.secret.taken(at)
        )


def test_the_new_one_alone_is_good_in_the_end() -> None:
    """CloudFront sends it, and the old one is neither the one of now nor the one before."""
    desk = Desk()
    desk.rotate()
    _, current, previous = desk.secret.history[-1]
    assert desk.cloudfront.now() == {current}
    assert previous == current != "first"
    assert len(current) == 48
    assert current.isalnum()
    assert desk.is_never_refused()
    assert 360 <= desk.patience.now < 1200
    assert current not in desk.patience.text


@given(st.lists(st.floats(1.0, 900.0), max_size=4), st.sampled_from([20.0, 240.0, 700.0]))
def test_nothing_is_refused_however_often_it_is_interrupted(interruptions, seconds) -> None:
    """Whenever the operator ends the command and types it again, at once or much later."""
    desk = Desk(seconds)

    def interrupt() -> None:
        raise KeyboardInterrupt

    for after in interruptions:
        desk.patience.after(desk.patience.now + after, interrupt)
        try:
            desk.rotate()
        except KeyboardInterrupt:
            continue
    if desk.secret.history[-1][1] != desk.secret.history[-1][2]:
        desk.patience._later.clear()
        desk.rotate()
    assert desk.cloudfront.now() == {desk.secret.history[-1][1]}
    assert desk.is_never_refused()


def test_the_check_above_sees_a_refusal() -> None:
    """A secret that is put in haste is one that functions refuse."""
    desk = Desk()
    desk.secret.put_secret_value(SecretId=ID, SecretString="second")
    desk.secret.put_secret_value(SecretId=ID, SecretString="third")
    desk.patience.now = 600.0
    assert not desk.is_never_refused()


def test_what_is_broken_is_mended_at_once() -> None:
    """Where functions take nothing that CloudFront sends, nobody waits for them."""
    desk = Desk(20.0)
    for value in ("second", "third"):
        desk.secret.put_secret_value(SecretId=ID, SecretString=value)
    desk.rotate()
    assert desk.cloudfront.now() == {"third"}
    assert desk.patience.now < 60
    assert "interrupted" in desk.patience.text


def test_cloudfront_does_not_come_to_rest() -> None:
    """The operator hears that the same command goes on."""
    desk = Desk(1e6)
    with pytest.raises(OperationError, match="still deploying") as raised:
        desk.rotate()
    assert "same command again" in raised.value.remedy


def test_calls_are_as_aws_takes_them() -> None:
    """An emulator takes the requests; its copies are there at once."""
    with secrets_client(("origin-secret",)) as secrets:
        secrets.put_secret_value(SecretId=ID, SecretString="first")
        keys = {"aws_access_key_id": "AKIATEST", "aws_secret_access_key": "secret"}
        cloudfront = boto3.client("cloudfront", region_name="us-east-1", **keys)
        distribution = cloudfront.create_distribution(DistributionConfig=distribution_config("first"))["Distribution"]
        patience = Patience()
        OriginSecret(
            secrets,
            cloudfront,
            patience.waiting,
            patience.told.append,
            lambda: datetime.now(UTC) + timedelta(seconds=patience.now),
        ).rotate(PREFIX + "origin-secret", [distribution["Id"]])
        current = secrets.get_secret_value(SecretId=ID)["SecretString"]
        assert current != "first"
        assert secrets.get_secret_value(SecretId=ID, VersionStage="AWSPREVIOUS")["SecretString"] == current
        sent = cloudfront.get_distribution_config(Id=distribution["Id"])["DistributionConfig"]["Origins"]["Items"][0]
        assert sent["CustomHeaders"]["Items"] == [{"HeaderName": ORIGIN_HEADER, "HeaderValue": current}]


def distribution_config(secret: str) -> dict[str, Any]:
    """Return a distribution with one origin."""
    header = {"HeaderName": ORIGIN_HEADER, "HeaderValue": secret}
    origin = {
        "Id": "code",
        "DomainName": "api.example.org",
        "CustomHeaders": {"Quantity": 1, "Items": [header]},
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    return {
        "CallerReference": "x",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "code",
            "ViewerProtocolPolicy": "https-only",
            "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        },
    }
