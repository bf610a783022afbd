"""The steps around the stacks, as a deployment calls them."""

from collections.abc import Iterator
from typing import Any

import pytest
from aws.certificate_manager import FakeAcm
from aws.code_build import IMAGE, FakeBuilds
from aws.secrets import PREFIX, secrets_client

from battleshiper.infra.aws.operation.account_steps import AddressStep, CertificatesStep, ImageStep, SecretsStep
from battleshiper.infra.aws.operation.setup.app_secrets import AppSecrets
from battleshiper.infra.aws.stack.options import Options

OUTPUTS = {
    "Url": "https://ship.invalid",
    "PlatformRecord": "ship.invalid CNAME d1.cloudfront.net",
    "ImageRepository": IMAGE,
    "ImageTag": "new",
    "ImageBuilder": "builder",
    "GitHubPrivateKeySecret": f"{PREFIX}github-private-key",
    "GitHubWebhookSecret": f"{PREFIX}github-webhook-secret",
}


class Account:
    """Clients that a test gives."""

    def __init__(self, **clients: Any) -> None:
        self._clients = clients

    def of(self, service: str) -> Any:
        return self._clients[service]


@pytest.fixture
def secrets() -> Iterator[Any]:
    """The App's secrets, empty."""
    with secrets_client(("github-private-key", "github-webhook-secret")) as client:
        yield client


def test_certificates_are_asked_for_where_cloudfront_looks() -> None:
    """In us-east-1, wherever the platform is."""
    acm, regions = FakeAcm(), []
    arns = [acm.add("ship.example.org", Status="ISSUED"), acm.add("*.example-sites.net", Status="ISSUED")]

    def clients_in(region: str) -> Account:
        regions.append(region)
        return Account(acm=acm)

    made = CertificatesStep(clients_in).do(Options("ship.example.org", "example-sites.net", "1", "eu-west-1"), print)
    assert [made.platform_certificate, made.sites_certificate] == arns
    assert regions == ["us-east-1"]


def test_secrets_and_image(secrets) -> None:
    """Both go by the stack's outputs."""
    told: list[str] = []
    SecretsStep(AppSecrets("key", "hush"), "eu-west-1", Account(secretsmanager=secrets)).do(OUTPUTS, told.append)
    assert secrets.get_secret_value(SecretId=f"{PREFIX}github-webhook-secret")["SecretString"] == "hush"
    builds = FakeBuilds()
    builds.tags = {"new"}
    ImageStep(Account(ecr=builds, codebuild=builds, logs=builds)).do(OUTPUTS, told.append)
    assert len(told) == 2


def test_nobody_asks_a_platform_whose_name_leads_nowhere() -> None:
    """Without patience, what is missing is shown, and that is all."""
    told: list[str] = []
    AddressStep(patient=False).do(OUTPUTS, told.append)
    assert any(line.split() == ["ship.invalid", "CNAME", "d1.cloudfront.net"] for line in told)
