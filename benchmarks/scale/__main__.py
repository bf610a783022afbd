"""Prints one JSON object a line for each result."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta

from battleshiper.infra.aws.stack.shapes import SHAPES
from battleshiper.platform.model.event import EventType
from battleshiper.platform.model.expiry import Keeping
from benchmarks.scale import prices
from benchmarks.scale.costs import cost_of_a_month, cost_of_deployments, cost_of_requests
from benchmarks.scale.load import Load
from benchmarks.scale.quotas import READ, quotas
from benchmarks.scale.route_writers import count_removal, simulate_route_writers
from benchmarks.scale.site import Site, measure_site
from benchmarks.scale.waiting import simulate_waiting

_PROJECTS = (10, 1000, 10_000, 30_000)
_MONTHS = (0, 1, 12)
_PAGES = {"small": 5, "usual": 40, "large": 2000}
_WRITERS = 50
_KEPT = (1, 5, 10, 20, 50)
_KEEPING = (Keeping(), Keeping(timedelta(days=7), 3), Keeping(timedelta(days=3), 2))
"""The usual, and less."""
_HOSTNAMES = 5
"""Of a project that move: its production site and four branches."""
_ROLES = len(SHAPES) + 12
"""One for each function, and those of builds, sites' functions, releases, flow logs and the CDK's own."""
_RULES = len(EventType)
_SLOTS = (3, 32)
"""Builds of two vCPUs in Fargate's first quota, and in the stack's usual bound."""


def main() -> None:
    """Calculate and simulate everything."""
    for name, value in _results():
        print(json.dumps({"name": name, **value}), flush=True)


def _results() -> Iterator[tuple[str, Mapping[str, object]]]:
    sites = {name: measure_site(pages) for name, pages in _PAGES.items()}
    for name, site in sites.items():
        yield "route_bytes", {"site": name, **_sizes(site)}
    usual = sites["usual"]
    alone, together = simulate_route_writers(1, usual), simulate_route_writers(_WRITERS, usual)
    for writing in (alone, together):
        yield "route_writers", _rounded(asdict(writing))
    rate = together.deployments / together.seconds
    for projects in _PROJECTS:
        for months in _MONTHS:
            yield "quotas", {"projects": projects, "months": months, **_quotas(Load(projects, months, usual), rate)}
    for kept in _KEPT:
        yield "route_store_holds", {"deployments_of_each": kept, "projects": _projects_that_fit(usual, kept)}
    for keeping in _KEEPING:
        yield "route_store_holds_kept", _when_full(usual, keeping)
    for slots in _SLOTS:
        yield "fair_share", _rounded(asdict(simulate_waiting(slots, 1000)))
    for name, cost in (
        ("cost_1000_deployments", cost_of_deployments(1000, alone.calls + count_removal(usual))),
        ("cost_1000_deployments_large", _cost_of_large_deployments(sites["large"])),
        ("cost_1000000_requests", cost_of_requests(1_000_000)),
        ("cost_month_idle", cost_of_a_month()),
    ):
        yield name, {"unit": "USD", "read": prices.READ, **_rounded(cost)}


def _sizes(site: Site) -> Mapping[str, object]:
    return {
        "addresses": site.addresses,
        "record": len(site.record),
        "tables": len(site.tables),
        "deployment": site.deployment_bytes,
        "alias": site.alias_bytes,
        "deployments_in_5_MB": 5 * 1024**2 // site.deployment_bytes,
    }


def _projects_that_fit(site: Site, deployments: int) -> int:
    """How many projects one store holds if each has so many deployments in it."""
    return 5 * 1024**2 // (deployments * site.deployment_bytes + _HOSTNAMES * site.alias_bytes)


def _when_full(site: Site, keeping: Keeping) -> Mapping[str, object]:
    """How many projects one store holds that have been there for a year, and what one of them has in it."""
    one = Load(1, 12, site, keeping)
    return {
        "preview_days": keeping.previews.days,
        "production": keeping.production,
        "deployments_of_each": one.deployments,
        "bytes_of_each": round(one.route_bytes),
        "projects": int(5 * 1024**2 / one.route_bytes),
    }


def _cost_of_large_deployments(site: Site) -> dict[str, float]:
    return cost_of_deployments(1000, simulate_route_writers(1, site).calls + count_removal(site))


def _quotas(load: Load, rate: float) -> Mapping[str, object]:
    known = quotas(_ROLES, _RULES, rate)
    taken = {quota.name: round(quota.taken(load), 4) for quota in known}
    fixed = {quota.name for quota in known if not quota.may_be_raised}
    return {
        "read": READ,
        "first": max(taken, key=lambda name: taken[name]),
        "first_that_is_fixed": max(fixed, key=lambda name: taken[name]),
        "taken": taken,
    }


def _rounded(values: Mapping[str, object]) -> Mapping[str, object]:
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in values.items()}


if __name__ == "__main__":
    main()
