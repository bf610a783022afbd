"""The two domains of a platform, and where their certificates and records come from."""

from dataclasses import dataclass

from battleshiper.infra.aws.stack.options import Options


@dataclass(frozen=True, slots=True)
class Domain:
    """One of the two domains."""

    name: str
    """`Platform` or `Sites`."""
    domain: str
    covers: str
    """What its certificate and its DNS record are for."""
    zone: str
    certificate: str

    @property
    def is_certified_here(self) -> bool:
        """Tell whether a stack makes its certificate."""
        return bool(self.zone and not self.certificate)

    @property
    def lacks_certificate(self) -> bool:
        """Tell whether somebody has to bring one: nothing is named that a stack could take or make it from."""
        return not (self.zone or self.certificate)


def both_domains(options: Options) -> tuple[Domain, Domain]:
    """Return the platform's domain and the sites'."""
    platform, sites = options.platform_domain, options.sites_domain
    return (
        Domain("Platform", platform, platform, options.platform_zone, options.platform_certificate),
        Domain("Sites", sites, f"*.{sites}", options.sites_zone, options.sites_certificate),
    )
