"""The steps around the stacks, as `battleshiper aws deploy` takes them: what is needed before there can be a stack, and
what makes a platform of one. Each may be repeated, and an interrupted one is carried on by the next deployment."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import httpx

from battleshiper.infra.aws.operation.setup.app_secrets import AppSecrets, SecretEntry
from battleshiper.infra.aws.operation.setup.build_image import BuildImage
from battleshiper.infra.aws.operation.setup.certificates import Certificates
from battleshiper.infra.aws.operation.setup.dns import Dns
from battleshiper.infra.aws.operation.setup.health import Health
from battleshiper.infra.aws.operation.setup.resolution import Resolution
from battleshiper.infra.aws.operation.waiting import Tell, Waiting
from battleshiper.infra.aws.stack.names import CERTIFICATES_REGION
from battleshiper.infra.aws.stack.options import Options

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_TIMEOUT_SECONDS = 20.0


class CertificatesStep:
    """Before the stacks: the certificates that the options name none for."""

    title = "Certificates"
    settles: frozenset[str] = frozenset()
    """None of the doctor's findings: what this mends is no obstacle to the doctor, and a certificate that the options
    name is not looked at here."""

    def __init__(self, clients_in: "Callable[[str], Clients]") -> None:
        self._clients_in = clients_in

    def do(self, options: Options, tell: Tell) -> Options:
        """Return the options with certificates; raises OperationError."""
        return Certificates(self._clients_in(CERTIFICATES_REGION).of("acm"), Waiting(tell), tell).provide(options)


class SecretsStep:
    """After the stacks: the GitHub App's secrets. Whoever makes this has read them, so that a wrong one is refused
    before anything is deployed."""

    title = "The GitHub App's secrets"

    def __init__(self, given: AppSecrets, region: str, clients: "Clients") -> None:
        self._given = given
        self._region = region
        self._clients = clients

    def do(self, outputs: Mapping[str, str], tell: Tell) -> None:
        """Enter them, or tell how; raises OperationError."""
        SecretEntry(self._clients.of("secretsmanager"), self._region, tell).enter(self._given, outputs)


class ImageStep:
    """After the stacks: the image that builds run in."""

    title = "The build image"

    def __init__(self, clients: "Clients") -> None:
        self._clients = clients

    def do(self, outputs: Mapping[str, str], tell: Tell) -> None:
        """Have it made where it is not there; raises OperationError."""
        ecr, codebuild, logs = (self._clients.of(service) for service in ("ecr", "codebuild", "logs"))
        BuildImage(ecr, codebuild, logs, Waiting(tell), tell).provide(outputs)


class AddressStep:
    """After everything: the DNS records, and whether the platform answers. `patient` waits for the records; without it
    what is missing is shown."""

    title = "DNS"

    def __init__(self, *, patient: bool) -> None:
        self._patient = patient

    def do(self, outputs: Mapping[str, str], tell: Tell) -> None:
        """Follow the records, then ask the platform how it is; raises OperationError."""
        with httpx.Client(timeout=_TIMEOUT_SECONDS) as http:
            waiting = Waiting(tell)
            if Dns(Resolution(http), waiting, tell).follow(outputs, patient=self._patient):
                Health(http, waiting).check(outputs["Url"])
                tell(f"{outputs['Url']} answers.")
