"""What an operator decides about the platform on AWS, before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

_PREFIX = "BATTLESHIPER_"


class OptionsError(ValueError):
    """Something is missing or cannot be; `problems` has one sentence for each, naming the variable."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problems))


@dataclass(frozen=True, slots=True)
class Options:
    """One platform. Each field is read from the variable of its name in capitals, with `BATTLESHIPER_` before it."""

    platform_domain: str
    """Where the platform itself answers, such as `deploy.example.com`."""
    sites_domain: str
    """Sites answer one label below it. A domain of its own: tenants' pages must not share cookies with the platform."""
    github_app_id: str
    region: str
    """Where everything is but what AWS has in one place only. Read from `AWS_REGION` where it is not named."""
    github_url: str = "https://github.com"
    github_api_url: str = "https://api.github.com"
    administrators: str = ""
    """GitHub's numeric ids of those who get every role when they sign in, with commas between."""
    platform_certificate: str = ""
    """ARN of a certificate in us-east-1, where CloudFront looks for them
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html)."""
    sites_certificate: str = ""
    """The same, for `*.` the sites' domain."""
    platform_zone: str = ""
    """Id of the Route 53 hosted zone in this account that `platform_domain` is in. Its record, and the certificate if
    none is named, are made there."""
    sites_zone: str = ""
    """The same, for the sites' domain."""
    alarm_email: str = ""
    """Who is told of alarms and of the budget; nobody when empty."""
    monthly_budget_usd: int = 100
    retention_days: int = 30
    """How long logs, deliveries and deployments that were never ready are kept."""
    preview_days: int = 30
    """How long previews are kept after they were last shown."""
    production_deployments: int = 10
    """How many production deployments of each project are kept, to go back to."""
    most_vcpus: int = 64
    """How many virtual processors builds may use at once; the account's Fargate quota is a bound of its own."""

    @property
    def base_url(self) -> str:
        """The platform's address."""
        return f"https://{self.platform_domain}"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Options":
        """Read the options; raises OptionsError with everything that is wrong at once."""
        problems: list[str] = []
        values: dict[str, str | int] = {}
        for field in fields(cls):
            variable = _PREFIX + field.name.upper()
            given = environment.get(variable, "").strip()
            if not given and field.name == "region":
                given = next((environment[name] for name in _REGIONS if environment.get(name)), "")
            if given:
                values[field.name] = _number(field.name, given, problems) if field.type is int else given
        for name, what in _REQUIRED.items():
            if not values.get(name):
                problems.append(f"Set {_PREFIX}{name.upper()} to {what}.")
        if any(not part.strip().isdecimal() for part in str(values.get("administrators") or 0).split(",")):
            problems.append(f"{_PREFIX}ADMINISTRATORS must be numeric ids with commas between.")
        platform, sites = str(values.get("platform_domain", "")), str(values.get("sites_domain", ""))
        if platform and (platform == sites or platform.endswith(f".{sites}") or sites.endswith(f".{platform}")):
            problems.append(
                f"{_PREFIX}SITES_DOMAIN must be a domain of its own, not above or below {platform}: pages of tenants "
                "could set cookies for the platform."
            )
        if values.get("region") in _WITHOUT_ACCESS_LOGS:
            problems.append(
                f"{_PREFIX}REGION cannot be {values['region']}: CloudFront delivers no access logs to buckets there. "
                "Choose another region; visitors are served from everywhere all the same."
            )
        if problems:
            raise OptionsError(problems)
        return cls(**values)  # type: ignore[arg-type]  # each value has its field's type


_WITHOUT_ACCESS_LOGS = frozenset({"af-south-1", "ap-east-1", "eu-south-1", "me-south-1"})
"""https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-enable-cloudfront-access-logs.html"""
_REGIONS = ("CDK_DEFAULT_REGION", "AWS_REGION", "AWS_DEFAULT_REGION")
_REQUIRED = {
    "platform_domain": "where the platform shall answer, such as deploy.example.com",
    "sites_domain": "the domain below which sites shall answer, such as example-sites.com",
    "github_app_id": "the number of your GitHub App",
    "region": "where the platform shall run, such as eu-central-1",
}


_MOST = {"preview_days": 3650, "production_deployments": 1000}


def _number(name: str, given: str, problems: list[str]) -> int:
    most = _MOST.get(name)
    if given.isdecimal() and 0 < int(given) <= (most or int(given)):
        return int(given)
    bounds = f"from 1 to {most}" if most else "above 0"
    problems.append(f"{_PREFIX}{name.upper()} must be a number {bounds}, not {given!r}.")
    return 0
