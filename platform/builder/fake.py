"""A builder for tests: remembers what it was asked to do, and does nothing."""

from battleshiper.platform.builder.port import Job


class FakeBuilder:
    """Records jobs and cancellations."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.canceled: dict[str, str] = {}

    def submit(self, job: Job) -> None:
        """Remember a job."""
        self.jobs.setdefault(job.id, job)

    def cancel(self, deployment_id: str, reason: str) -> None:
        """Remember a cancellation."""
        self.canceled[deployment_id] = reason
