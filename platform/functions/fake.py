"""Functions for tests: published in memory, never run."""

from battleshiper.platform.model.function import FunctionFailedError


class FakeFunctions:
    """Records what is published; those whose package is in `broken` do not answer."""

    def __init__(self) -> None:
        self.published: dict[str, bytes] = {}
        self.broken: set[bytes] = set()

    def publish(self, project_id: str, deployment_id: str, package: bytes) -> str:
        """Remember a package."""
        reference = f"{project_id}-{deployment_id}"
        self.published[reference] = package
        return reference

    def address(self, reference: str) -> str:
        """Return what is no reference."""
        return f"{reference}.functions.test"

    def probe(self, reference: str) -> None:
        """Answer, or raise FunctionFailedError for a broken package."""
        package = self.published.get(reference)
        if package is None:
            raise FunctionFailedError("There is no such function any more.")
        if package in self.broken:
            raise FunctionFailedError("SyntaxError: Unexpected end of input")

    def remove(self, reference: str) -> None:
        """Forget a package."""
        self.published.pop(reference, None)

    def remove_project(self, project_id: str) -> None:
        """Forget a project's packages."""
        for reference in [each for each in self.published if each.startswith(f"{project_id}-")]:
            self.remove(reference)
