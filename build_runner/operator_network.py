"""How the operator's network is reached: the few variables that the tenant's programs get from the machine.

Documented for operators: proxies, certificate authorities and the package registry are set in the environment of the
platform. Nothing else of it, and no `.npmrc` of the operator's, is shown to a build, because that may hold tokens.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from battleshiper.platform.sandbox.port import Bind

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy")
_AUTHORITIES = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "npm_config_cafile")
_NPM = ("registry", "cafile", "strict_ssl", "proxy", "https_proxy", "noproxy")
# Shown by every sandbox already.
_SYSTEM = ("/etc/ssl/certs", "/etc/pki/ca-trust", "/etc/pki/tls/certs", "/etc/ca-certificates", "/usr")


def network_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables about proxies, certificate authorities and the npm registry."""
    chosen = {name: environment[name] for name in (*_PROXIES, *_AUTHORITIES) if environment.get(name)}
    for key in _NPM:
        # npm reads its variables in either case.
        for name in (f"NPM_CONFIG_{key.upper()}", f"npm_config_{key}"):
            if environment.get(name):
                chosen[f"npm_config_{key}"] = environment[name]
    return chosen


def certificate_binds(network: Mapping[str, str]) -> Iterator[Bind]:
    """Yield the certificate files named in the network environment, where the sandbox does not show them anyway."""
    for path in sorted({network[name] for name in _AUTHORITIES if name in network}):
        is_system = any(path == folder or path.startswith(f"{folder}/") for folder in _SYSTEM)
        if path.startswith("/") and not is_system and Path(path).exists():
            yield Bind(Path(path), path)
