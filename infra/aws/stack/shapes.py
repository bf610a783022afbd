"""Our Lambda functions: what each is given to work with."""

from dataclasses import dataclass
from enum import StrEnum


class FunctionName(StrEnum):
    """Our functions; each has an entry point of its name in `infra/aws/handlers/`."""

    WEBHOOK = "webhook"
    WEB = "web"
    INIT = "init"
    BUILD = "build"
    DEPLOY = "deploy"
    DELETE = "delete"
    SETTLE = "settle"
    REPORT = "report"
    COMMENT = "comment"
    COMMAND = "command"
    SWEEP = "sweep"
    ROUTER = "router"
    ASSETS_BEFORE = "assets_before"
    ASSETS_AFTER = "assets_after"


class Package(StrEnum):
    """The zips that functions are made from."""

    PLAIN = "plain"
    GITHUB = "github"
    """With the library that speaks to GitHub, which is most of its weight."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a function runs."""

    purpose: str
    seconds: int
    """After which Lambda ends it."""
    memory_mib: int = 512
    package: Package = Package.PLAIN
    is_waited_for: bool = False
    """Whether people wait for its answer: then it starts from a snapshot."""
    at_once: int = 1
    """How many messages of its queue it takes at a time."""


SHAPES = {
    FunctionName.WEBHOOK: Shape("Takes what GitHub tells", 10, 1024, is_waited_for=True),
    FunctionName.WEB: Shape(
        "The platform's pages, its API, and the build runners' claims", 29, 1024, Package.GITHUB, True
    ),
    FunctionName.INIT: Shape("Prepares a project", 60, 1024, Package.GITHUB, at_once=5),
    FunctionName.BUILD: Shape("Hands builds to Batch", 60, at_once=5),
    # Memory is processor and network, too: it copies a site's files in parallel.
    FunctionName.DEPLOY: Shape("Publishes what a build made", 600, 1792),
    FunctionName.DELETE: Shape("Removes a project", 600, 1024),
    FunctionName.SETTLE: Shape("Retires previews and brings them back", 120, at_once=5),
    FunctionName.REPORT: Shape("Tells GitHub how deployments are", 60, 1024, Package.GITHUB, at_once=10),
    FunctionName.COMMENT: Shape("Comments on pull requests", 60, 1024, Package.GITHUB, at_once=10),
    FunctionName.COMMAND: Shape("Does what people ask for in pull requests", 120, 1024, Package.GITHUB),
    FunctionName.SWEEP: Shape("Ends what was lost on the way", 300, 1024, Package.GITHUB),
    FunctionName.ROUTER: Shape("Passes on what CloudFront cannot", 60, 1024, is_waited_for=True),
    FunctionName.ASSETS_BEFORE: Shape("Uploads the pages' new assets", 60),
    FunctionName.ASSETS_AFTER: Shape("Removes assets of no live version", 60),
}
