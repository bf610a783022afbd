"""What is asked of the platform by some number of projects. The numbers are assumptions; docs/scale.md says so."""

from dataclasses import dataclass
from math import exp

from battleshiper.infra.aws.sizes import BUILD_VCPUS
from battleshiper.platform.builder.batch.submission import SHARES
from battleshiper.platform.model.expiry import QUIET_BRANCHES, Keeping
from benchmarks.scale.site import Site

_DAYS = 30
_PROJECTS_OF_AN_ACCOUNT = 3
_DEPLOYMENTS_A_MONTH = 20
_PRODUCTION_A_MONTH = 5
_BRANCHES_A_MONTH = 4
"""Of previews; each is pushed to for some days and then left alone."""
_PEAK_HOUR_OF_DAY = 1 / 6
"""How much of a day's pushes, and of its requests, come in its busiest hour."""
_BUILD_SECONDS = 120
_REQUESTS_A_MONTH = 100_000
_RENDERED = 0.2
"""How much of the requests a function answers."""
_RENDER_SECONDS = 0.05
_PACKAGE_BYTES = 1_000_000
"""Of a server function, zipped: ten times that of the demo's SvelteKit app."""
_EVENTS_OF_A_DEPLOYMENT = 8
_WRITES_OF_A_DEPLOYMENT = 100
"""Of 1 KB in DynamoDB, transactions counted twice."""
_LAMBDA_CALLS_OF_A_DEPLOYMENT = 17
"""What publishing a version takes, of which eight look whether Lambda is done, if that takes two seconds twice. Reading
the policy comes on top and has a quota of its own."""
_SHARE_SECONDS = 900
"""How long a share counts as active in a fair-share queue after its last build."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many projects, each with the same life, some months after they came."""

    projects: int
    months: float
    site: Site
    keeping: Keeping = Keeping()  # noqa: RUF009 - never changed

    @property
    def branches(self) -> float:
        """How many branches of previews have a hostname: those that were pushed to lately enough."""
        months = QUIET_BRANCHES * self.keeping.previews.days / _DAYS
        return self.projects * _BRANCHES_A_MONTH * min(self.months, months)

    @property
    def deployments(self) -> float:
        """How many are kept: the newest of production, of which the first one is there at once, the newest of each
        branch, and the other previews for as long as previews are."""
        production = min(self.keeping.production, 1 + _PRODUCTION_A_MONTH * self.months)
        replaced = _DEPLOYMENTS_A_MONTH - _PRODUCTION_A_MONTH - _BRANCHES_A_MONTH
        previews = replaced * min(self.months, self.keeping.previews.days / _DAYS)
        return self.projects * (production + previews) + self.branches

    @property
    def route_bytes(self) -> float:
        """Records of every hostname and tables of every deployment."""
        # The production site and its branch are two more.
        moving = self.branches + 2 * self.projects
        return self.deployments * self.site.deployment_bytes + moving * self.site.alias_bytes

    @property
    def package_bytes(self) -> float:
        """What Lambda keeps: a version for each deployment that is kept."""
        return self.deployments * _PACKAGE_BYTES

    @property
    def deployments_a_second(self) -> float:
        """In the busiest hour of a day."""
        return self.projects * _DEPLOYMENTS_A_MONTH / _DAYS * _PEAK_HOUR_OF_DAY / 3600

    @property
    def build_vcpus(self) -> float:
        """How many build at once, if none waits."""
        return max(1.0, self.deployments_a_second * _BUILD_SECONDS) * BUILD_VCPUS

    @property
    def active_shares(self) -> float:
        """How many shares a fair-share queue knows at once, if accounts push independently of each other."""
        shares = min(self.projects / _PROJECTS_OF_AN_ACCOUNT, SHARES)
        builds_of_each = self.deployments_a_second * (_SHARE_SECONDS + _BUILD_SECONDS) / shares
        return shares * (1 - exp(-builds_of_each))

    @property
    def events_a_second(self) -> float:
        """On the bus."""
        return self.deployments_a_second * _EVENTS_OF_A_DEPLOYMENT

    @property
    def writes_a_second(self) -> float:
        """To the table."""
        return self.deployments_a_second * _WRITES_OF_A_DEPLOYMENT

    @property
    def lambda_calls_a_second(self) -> float:
        """To Lambda's control plane."""
        return self.deployments_a_second * _LAMBDA_CALLS_OF_A_DEPLOYMENT

    @property
    def requests_a_second(self) -> float:
        """Of visitors."""
        return self.projects * _REQUESTS_A_MONTH / _DAYS * _PEAK_HOUR_OF_DAY / 3600

    @property
    def functions_at_once(self) -> float:
        """How many functions of sites run at once."""
        return self.requests_a_second * _RENDERED * _RENDER_SECONDS
