"""What the stacks are called, and where they are. Nothing here needs the CDK."""

from battleshiper.infra.aws.stack.domain import both_domains
from battleshiper.infra.aws.stack.options import Options

STACK = "Battleshiper"
CERTIFICATES_STACK = f"{STACK}Certificates"
CERTIFICATES_REGION = "us-east-1"
"""Where CloudFront looks for certificates, wherever the platform is."""


def has_certificates_stack(options: Options) -> bool:
    """Tell whether certificates are made that need a stack of their own, as the platform is elsewhere."""
    return options.region != CERTIFICATES_REGION and any(each.is_certified_here for each in both_domains(options))


def regions_of(options: Options) -> tuple[str, ...]:
    """Return the regions that the stacks go to."""
    return (options.region, CERTIFICATES_REGION) if has_certificates_stack(options) else (options.region,)
