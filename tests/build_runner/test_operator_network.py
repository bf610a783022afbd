"""What the tenant's programs get of the operator's network settings."""

from pathlib import Path

from battleshiper.build_runner.operator_network import certificate_binds, network_environment
from battleshiper.platform.sandbox.port import Bind


def test_only_network_variables_pass() -> None:
    """Proxies, certificates and the registry; nothing that may be a secret."""
    environment = {
        "HTTPS_PROXY": "http://proxy:3128",
        "no_proxy": "localhost",
        "SSL_CERT_FILE": "/opt/ca.pem",
        "NPM_CONFIG_REGISTRY": "https://npm.example/",
        "npm_config_cafile": "/opt/ca.pem",
        "npm_config__auth": "secret",
        "NPM_TOKEN": "secret",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "PATH": "/usr/bin",
        "HTTP_PROXY": "",
    }
    assert network_environment(environment) == {
        "HTTPS_PROXY": "http://proxy:3128",
        "no_proxy": "localhost",
        "SSL_CERT_FILE": "/opt/ca.pem",
        "npm_config_registry": "https://npm.example/",
        "npm_config_cafile": "/opt/ca.pem",
    }


def test_certificates_are_shown_where_they_are(tmp_path: Path) -> None:
    """Once each, read-only, unless the sandbox shows them anyway or they are not there."""
    authority = tmp_path / "ca.pem"
    authority.touch()
    network = {
        "SSL_CERT_FILE": str(authority),
        "NODE_EXTRA_CA_CERTS": str(authority),
        "GIT_SSL_CAINFO": "/etc/ssl/certs/ca-certificates.crt",
        "SSL_CERT_DIR": str(tmp_path / "none"),
        "npm_config_cafile": "relative.pem",
    }
    assert list(certificate_binds(network)) == [Bind(authority, str(authority))]
