"""What is known of a build so far; a failure tells it too."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from battleshiper.platform.model.manifest import Manifest
from battleshiper.platform.model.result import BuildFailure, BuildResult, BuildTimings


@dataclass(slots=True)
class Progress:
    """Collects the result of one build."""

    deployment_id: str
    framework: str = ""
    package_manager: str = ""
    node_version: str = ""
    is_portable: bool = False
    spa_fallback: str | None = None
    milliseconds: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Measure a phase, also when it fails; `phase` is a field of BuildTimings."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self.milliseconds[phase] = round((time.monotonic() - begin) * 1000)

    def succeeded(self, manifest: Manifest) -> BuildResult:
        """Return the result of a build that left this output."""
        return self._result(manifest=manifest)

    def failed(self, failure: BuildFailure) -> BuildResult:
        """Return the result of a build that ended here."""
        return self._result(failure=failure)

    def skipped(self, reason: str) -> BuildResult:
        """Return the result of a build that need not be."""
        return self._result(skipped=reason)

    def _result(
        self, *, manifest: Manifest | None = None, failure: BuildFailure | None = None, skipped: str = ""
    ) -> BuildResult:
        return BuildResult(
            deployment_id=self.deployment_id,
            manifest=manifest,
            failure=failure,
            skipped=skipped,
            framework=self.framework,
            package_manager=self.package_manager,
            node_version=self.node_version,
            is_portable=self.is_portable,
            spa_fallback=self.spa_fallback,
            timings=BuildTimings.model_validate(self.milliseconds),
        )
