"""What `battleshiper aws deploy` does around the stacks: what is needed before there can be one, and what makes a
platform of it. A new step goes into one of the two lists at the end."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import httpx

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.examination import BOOTSTRAP, CERTIFICATE, examine
from battleshiper.infra.aws.operation.setup.app_secrets import AppSecrets, SecretEntry
from battleshiper.infra.aws.operation.setup.bootstrap import Bootstrap, Run, run_in
from battleshiper.infra.aws.operation.setup.build_image import BuildImage
from battleshiper.infra.aws.operation.setup.certificates import Certificates
from battleshiper.infra.aws.operation.setup.dns import Dns
from battleshiper.infra.aws.operation.setup.edge import EdgeFunctions
from battleshiper.infra.aws.operation.setup.health import Health
from battleshiper.infra.aws.operation.setup.resolution import Resolution
from battleshiper.infra.aws.operation.stacks.manifest import PlannedStack
from battleshiper.infra.aws.operation.waiting import Tell, Waiting
from battleshiper.infra.aws.stack.names import CERTIFICATES_REGION, regions_of
from battleshiper.infra.aws.stack.options import Options
from battleshiper.infra.local.diagnosis import Verdict

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_TIMEOUT_SECONDS = 20.0


class Preparation(Protocol):
    """A step before the templates are made, such as getting what they name."""

    @property
    def title(self) -> str: ...

    def do(self, options: Options, tell: Tell) -> Options:
        """Do it, and return the options that the templates are made with. Safe to repeat; raises OperationError."""
        ...


class Conclusion(Protocol):
    """A step after the stacks are there."""

    @property
    def title(self) -> str: ...

    def do(self, outputs: Mapping[str, str], tell: Tell) -> bool:
        """Do it, knowing what the stacks tell, and return whether nothing is left to the operator; what is left is
        told. Safe to repeat; raises OperationError."""
        ...


class AccountStep:
    """Whether the platform can work in the account, as the doctor says. Weak findings called `untold` are of no matter
    here."""

    title = "Account"

    def __init__(self, clients_in: "Callable[[str], Clients]", untold: Collection[str] = ()) -> None:
        self._clients_in = clients_in
        self._untold = untold

    def do(self, options: Options, tell: Tell) -> Options:
        """Return the same options; raises OperationError where something stops a deployment that it does not mend."""
        findings = list(examine(options, self._clients_in))
        for each in findings:
            if each.verdict is Verdict.WEAK and each.name not in self._untold:
                tell(f"! {each.name}: {each.found}")
        bad = [each for each in findings if each.verdict is Verdict.BAD and each.name != BOOTSTRAP]
        if bad:
            told = "\n  ".join(f"{each.name}: {each.found}. {each.remedy}" for each in bad)
            raise OperationError(
                f"The platform cannot be deployed like this.\n  {told}", "See `battleshiper aws doctor`."
            )
        return options


class CertificatesStep:
    """The certificates that the options name none for."""

    title = "Certificates"

    def __init__(self, clients_in: "Callable[[str], Clients]") -> None:
        self._clients_in = clients_in

    def do(self, options: Options, tell: Tell) -> Options:
        """Return the options with certificates; raises OperationError."""
        return Certificates(self._clients_in(CERTIFICATES_REGION).of("acm"), Waiting(tell), tell).provide(options)


class BootstrapStep:
    """What the CDK needs in each region that a stack goes to."""

    title = "Bootstrap"

    def __init__(
        self,
        clients_in: "Callable[[str], Clients]",
        regions: Callable[[Options], Iterable[str]] = regions_of,
        run: Run = run_in,
    ) -> None:
        self._regions = regions
        self._bootstrap = Bootstrap(clients_in, run)

    def do(self, options: Options, tell: Tell) -> Options:
        """Bootstrap what is not, and return the same options; raises OperationError."""
        self._bootstrap.provide(self._regions(options), tell)
        return options


class SecretsStep:
    """The GitHub App's secrets. Whoever makes this has read them, so that a wrong one is refused before anything is
    deployed."""

    title = "The GitHub App's secrets"

    def __init__(self, given: AppSecrets, region: str, clients: "Clients") -> None:
        self._given = given
        self._region = region
        self._clients = clients

    def do(self, outputs: Mapping[str, str], tell: Tell) -> bool:
        """Enter them, or tell how; raises OperationError."""
        return SecretEntry(self._clients.of("secretsmanager"), self._region, tell).enter(self._given, outputs)


class EdgeStep:
    """Whether CloudFront can run the edge functions."""

    title = "The edge functions"

    def __init__(self, clients: "Clients") -> None:
        self._clients = clients

    def do(self, outputs: Mapping[str, str], tell: Tell) -> bool:
        """Try them; raises OperationError."""
        return EdgeFunctions(self._clients.of("cloudfront"), tell).check(outputs)


class ImageStep:
    """The image that builds run in."""

    title = "The build image"

    def __init__(self, clients: "Clients") -> None:
        self._clients = clients

    def do(self, outputs: Mapping[str, str], tell: Tell) -> bool:
        """Have it made where it is not there; raises OperationError."""
        ecr, codebuild, logs = (self._clients.of(service) for service in ("ecr", "codebuild", "logs"))
        BuildImage(ecr, codebuild, logs, Waiting(tell), tell).provide(outputs)
        return True


class AddressStep:
    """The DNS records, and whether the platform answers. `patient` waits for the records; without it what is missing
    is shown."""

    title = "DNS and the first answer"

    def __init__(self, *, patient: bool) -> None:
        self._patient = patient

    def do(self, outputs: Mapping[str, str], tell: Tell) -> bool:
        """Follow the records, then ask the platform how it is; raises OperationError."""
        url = outputs["Url"]
        with httpx.Client(timeout=_TIMEOUT_SECONDS) as http:
            waiting = Waiting(tell)
            if not Dns(Resolution(http), waiting, tell).follow(outputs, patient=self._patient):
                return False
            Health(http, waiting).check(url)
        tell(f"{url} answers.")
        return True


def before_the_stacks(
    clients_in: "Callable[[str], Clients]", given: Sequence[PlannedStack] | None
) -> tuple[Preparation, ...]:
    """Return the steps before, in order. `given` are stacks whose templates are made already: they name their
    certificates."""
    if given is None:
        return AccountStep(clients_in), CertificatesStep(clients_in), BootstrapStep(clients_in)
    regions = sorted({stack.region for stack in given})
    return AccountStep(clients_in, untold=(CERTIFICATE,)), BootstrapStep(clients_in, lambda _: regions)


def after_the_stacks(secrets: AppSecrets, region: str, clients: "Clients", *, patient: bool) -> tuple[Conclusion, ...]:
    """Return the steps after, in order; `clients` are the region's."""
    return SecretsStep(secrets, region, clients), EdgeStep(clients), ImageStep(clients), AddressStep(patient=patient)
