"""Functions: the code that renders a site's pages on request. A Node process here, Lambda on AWS."""

from typing import Protocol


class Functions(Protocol):
    """Publishes and removes functions. Invoking is the edge's business."""

    def publish(self, project_id: str, deployment_id: str, package: bytes) -> str:
        """Publish the package (a zip with `index.mjs`) as an immutable version; return its reference.
        Safe to run again: the same deployment gives the same reference. Raises `FunctionFailedError` for a package
        that cannot be used."""
        ...

    def address(self, reference: str) -> str:
        """Return by what the edge finds a published version, which a route record says."""
        ...

    def probe(self, reference: str) -> None:
        """Ask the version one question; raises `FunctionFailedError` when no answer of any HTTP status comes back."""
        ...

    def remove(self, reference: str) -> None:
        """Remove a version that nothing points to any more. Safe to run again."""
        ...

    def remove_project(self, project_id: str) -> None:
        """Remove every version of a project. Safe to run again."""
        ...
