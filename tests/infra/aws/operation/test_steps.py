"""The steps around the stacks, as a deployment calls them."""

from collections.abc import Iterator
from typing import Any

import pytest
from aws.certificate_manager import FakeAcm
from aws.code_build import IMAGE, FakeBuilds
from aws.secrets import PREFIX, secrets_client
from aws.small_assembly import write_assembly

from battleshiper.infra.aws.operation.account import Account as Identity
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.app_secrets import AppSecrets
from battleshiper.infra.aws.operation.stacks.manifest import read_assembly
from battleshiper.infra.aws.operation.steps import (
    AccountStep,
    AddressStep,
    BootstrapStep,
    CertificatesStep,
    EdgeStep,
    ImageStep,
    SecretsStep,
    after_the_stacks,
    before_the_stacks,
)
from battleshiper.infra.aws.stack.options import Options

OUTPUTS = {
    "Url": "https://ship.invalid",
    "PlatformRecord": "ship.invalid CNAME d1.cloudfront.net",
    "ImageRepository": IMAGE,
    "ImageTag": "new",
    "ImageBuilder": "builder",
    "GitHubPrivateKeySecret": f"{PREFIX}github-private-key",
    "GitHubWebhookSecret": f"{PREFIX}github-webhook-secret",
    "GitHubClientSecret": f"{PREFIX}github-client",
}


class Account:
    """Clients that a test gives."""

    def __init__(self, **clients: Any) -> None:
        self._clients = clients

    def of(self, service: str) -> Any:
        return self._clients[service]


class Quotas:
    """Knows who asks, and lets them have much."""

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "111111111111", "Arn": "arn:aws:iam::111111111111:user/me"}

    def get_service_quota(self, **_: str) -> dict[str, Any]:
        return {"Quota": {"Value": 1000.0}}

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": 1000}}


class Bootstrapped:
    """The parameters of a region with this version of the bootstrap, or none."""

    class exceptions:  # noqa: N801 - as botocore has them
        ParameterNotFound = KeyError

    def __init__(self, version: str | None = "21") -> None:
        self._version = version

    def get_parameter(self, **_: str) -> dict[str, Any]:
        if self._version is None:
            raise KeyError
        return {"Parameter": {"Value": self._version}}


@pytest.fixture
def secrets() -> Iterator[Any]:
    """The App's secrets, empty."""
    with secrets_client(("github-private-key", "github-webhook-secret", "github-client")) as client:
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
    step = SecretsStep(AppSecrets("key", "hush", "id\nsecret"), "eu-west-1", Account(secretsmanager=secrets))
    assert step.do(OUTPUTS, told.append)
    assert secrets.get_secret_value(SecretId=f"{PREFIX}github-webhook-secret")["SecretString"] == "hush"
    builds = FakeBuilds()
    builds.tags = {"new"}
    assert ImageStep(Account(ecr=builds, codebuild=builds, logs=builds)).do(OUTPUTS, told.append)
    assert len(told) == 3


def test_secrets_that_nobody_has_entered_are_the_operators(secrets) -> None:
    """The step does not fail, and does not say that nothing is left."""
    told: list[str] = []
    assert not SecretsStep(AppSecrets(), "eu-west-1", Account(secretsmanager=secrets)).do(OUTPUTS, told.append)
    assert any("put-secret-value --region eu-west-1" in line for line in told)


def test_nobody_asks_a_platform_whose_name_leads_nowhere() -> None:
    """Without patience, what is missing is shown, and that is all."""
    told: list[str] = []
    assert not AddressStep(patient=False).do(OUTPUTS, told.append)
    assert any(line.split() == ["ship.invalid", "CNAME", "d1.cloudfront.net"] for line in told)


def test_the_order_of_a_deployment() -> None:
    """Certificates are there before a region is bootstrapped, the App's secrets before anybody asks for an answer."""
    before = before_the_stacks(lambda region: Account(), None)
    assert [type(step) for step in before] == [AccountStep, CertificatesStep, BootstrapStep]
    after = after_the_stacks(AppSecrets(), "eu-west-1", Account(), patient=True)
    assert [type(step) for step in after] == [SecretsStep, EdgeStep, ImageStep, AddressStep]


def test_given_templates_name_their_certificates(tmp_path) -> None:
    """None is requested for them; the regions that they are for are bootstrapped, whatever the options say."""
    folder = write_assembly(tmp_path, certificates={"Queue": {"Type": "AWS::SQS::Queue"}})
    stacks = read_assembly(folder, Identity("111111111111"))
    regions: list[str] = []

    def clients_in(region: str) -> Account:
        regions.append(region)
        return Account(ssm=Bootstrapped())

    account, bootstrap = before_the_stacks(clients_in, stacks)
    assert isinstance(account, AccountStep)
    bootstrap.do(Options("ship.example.org", "example-sites.net", "1", "eu-central-1"), print)
    assert regions == ["eu-central-1", "us-east-1"]


def test_an_account_in_which_it_cannot_work() -> None:
    """What the doctor finds bad is told with its remedy; what a later step mends is not."""
    told: list[str] = []
    acm = FakeAcm()
    named = acm.add("ship.example.org", Status="EXPIRED")
    quotas = Quotas()
    account = Account(
        sts=quotas, ssm=Bootstrapped(None), acm=acm, route53=quotas, **{"service-quotas": quotas, "lambda": quotas}
    )
    options = Options("ship.example.org", "sites.invalid", "1", "eu-central-1", platform_certificate=named)
    with pytest.raises(OperationError, match=r"ship\.example\.org is EXPIRED") as caught:
        AccountStep(lambda region: account).do(options, told.append)
    assert "bootstrap" not in caught.value.message
    assert "! certificate: none for *.sites.invalid yet" in told
    told.clear()
    with pytest.raises(OperationError, match="EXPIRED"):
        AccountStep(lambda region: account, untold=("certificate",)).do(options, told.append)
    assert [line.split(":")[0] for line in told] == ["! DNS", "! DNS"]
