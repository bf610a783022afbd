"""How functions of sites run on Lambda."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LambdaSettings:
    """The same for every site, so that no site needs resources of its own but its function."""

    role: str
    """ARN of the role that all of them have; it may write logs and nothing else."""
    distribution: str
    """ARN of the CloudFront distribution that alone may ask them."""
    architecture: str = "arm64"
    """That of the machines that build: packages may hold compiled code."""
    memory_megabytes: int = 256
    timeout_seconds: int = 30
    log_group: str | None = None
    """Where all of them write their logs; None: each to Lambda's `/aws/lambda/<function>`."""
