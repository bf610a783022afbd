"""Where the platform has something."""

from battleshiper.infra.aws.operation.names import CERTIFICATES_REGION
from battleshiper.infra.aws.stack.options import Options


def regions_of(options: Options) -> tuple[str, ...]:
    """Return the regions that the stacks go to: the operator's, and that of the certificates if they are made."""
    makes_certificates = not (options.platform_certificate and options.sites_certificate)
    if makes_certificates and options.region != CERTIFICATES_REGION:
        return options.region, CERTIFICATES_REGION
    return (options.region,)
