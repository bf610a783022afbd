"""Encryption: AWS is asked over TLS, and nobody else is taken for it."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import EndpointConnectionError
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from battleshiper.platform.aws.lean import connections
from battleshiper.platform.aws.lean.connections import Connections


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and the certificate that it made for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aws.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def encrypted(open_server, certificate: Path):
    """A server that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return open_server(context)


def test_whom_nobody_vouches_for_is_told_nothing(encrypted) -> None:
    """Anybody can make a certificate; AWS's are signed by those whom this machine trusts."""
    with pytest.raises(EndpointConnectionError):
        Connections(urlsplit(encrypted.url), 2, 2).post({}, b"{}")
    assert encrypted.requests == []


def test_who_is_trusted_is_asked(encrypted, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a certificate that is trusted it is as without encryption, over one connection."""
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(connections, "_trust", lambda: context)
    made = Connections(urlsplit(encrypted.url), 2, 2)
    assert [made.post({}, b"{}")[0] for _ in range(3)] == [200] * 3
    assert len({request.client for request in encrypted.requests}) == 1
    made.close()
