"""References of functions on Lambda: `<project>/<deployment>/<domain of the function's URL>`."""

from dataclasses import dataclass


def function_name(project_id: str) -> str:
    """Return the name of a project's Lambda function."""
    return f"battleshiper-{project_id}"


def target(project_id: str, deployment_id: str) -> dict[str, str]:
    """Return how a deployment's version is named to Lambda when it is invoked."""
    return {"FunctionName": function_name(project_id), "Qualifier": deployment_id}


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a deployment's function is."""

    project_id: str
    deployment_id: str
    domain: str

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Read what `str` wrote; raises ValueError for anything else."""
        project_id, deployment_id, domain = text.split("/")
        return cls(project_id, deployment_id, domain)

    def __str__(self) -> str:
        return f"{self.project_id}/{self.deployment_id}/{self.domain}"
