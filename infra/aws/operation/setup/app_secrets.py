"""The GitHub App's secrets: read where one machine reads them, too, and entered in Secrets Manager."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.waiting import Tell
from battleshiper.infra.aws.stack.options import OptionsError

if TYPE_CHECKING:
    from types_boto3_secretsmanager.client import SecretsManagerClient

_KEY_FILE = "BATTLESHIPER_GITHUB_PRIVATE_KEY_FILE"
_WEBHOOK_SECRET = "BATTLESHIPER_GITHUB_WEBHOOK_SECRET"  # noqa: S105 - a name
_OLD_WEBHOOK_SECRET = f"{_WEBHOOK_SECRET}_OLD"
_CLIENT_ID, _CLIENT_SECRET = "BATTLESHIPER_GITHUB_CLIENT_ID", "BATTLESHIPER_GITHUB_CLIENT_SECRET"
_ENTER = "aws secretsmanager put-secret-value --region {region} --secret-id {id} --secret-string file://{file}"


@dataclass(frozen=True, slots=True)
class AppSecrets:
    """What GitHub gave; empty where it was not told."""

    private_key: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    """Two lines while it is being changed, the new one first."""
    client: str = field(default="", repr=False)
    """The client id and the client secret, a line each."""


def read_app_secrets(environment: Mapping[str, str]) -> AppSecrets:
    """Read what is given; raises OptionsError with everything that is wrong at once, and never a secret."""
    problems: list[str] = []
    file = environment.get(_KEY_FILE, "").strip()
    key = _read_key(file, problems) if file else ""
    names = (_WEBHOOK_SECRET, _OLD_WEBHOOK_SECRET, _CLIENT_ID, _CLIENT_SECRET)
    given = {name: environment.get(name, "").strip() for name in names}
    problems += [f"{name} must have no blanks in it." for name, value in given.items() if len(value.split()) > 1]
    if given[_OLD_WEBHOOK_SECRET] and not given[_WEBHOOK_SECRET]:
        problems.append(f"Set {_WEBHOOK_SECRET}, too, or unset {_OLD_WEBHOOK_SECRET}.")
    if bool(given[_CLIENT_ID]) != bool(given[_CLIENT_SECRET]):
        problems.append(f"Set both {_CLIENT_ID} and {_CLIENT_SECRET}, or neither.")
    if problems:
        raise OptionsError(problems)
    webhook = (given[_WEBHOOK_SECRET], given[_OLD_WEBHOOK_SECRET])
    client = (given[_CLIENT_ID], given[_CLIENT_SECRET])
    return AppSecrets(key, "\n".join(filter(None, webhook)), "\n".join(filter(None, client)))


def _read_key(file: str, problems: list[str]) -> str:
    try:
        text = Path(file).expanduser().read_text()
        if isinstance(load_pem_private_key(text.encode(), password=None), RSAPrivateKey):
            return text
    except OSError as error:
        problems.append(f"{_KEY_FILE} cannot be read: {file}: {error.strerror}.")
        return ""
    except (ValueError, TypeError, UnsupportedAlgorithm):
        pass
    problems.append(
        f"{_KEY_FILE} is no RSA private key in PEM: {file}. Take the .pem file that GitHub gave when the App's key was "
        "made."
    )
    return ""


class SecretEntry:
    """Enters the secrets once the stack is there."""

    def __init__(self, secrets: "SecretsManagerClient", region: str, tell: Tell) -> None:
        self._secrets = secrets
        self._region = region
        self._tell = tell

    def enter(self, given: AppSecrets, outputs: Mapping[str, str]) -> bool:
        """Enter what is given and differs from what is there. Tell whether nothing is empty afterwards; what is empty
        is named with how to enter it. Raises OperationError."""
        key = self._settle("private key", outputs["GitHubPrivateKeySecret"], given.private_key, "app.pem", _KEY_FILE)
        webhook = self._settle(
            "webhook secret", outputs["GitHubWebhookSecret"], given.webhook_secret, "webhook-secret", _WEBHOOK_SECRET
        )
        client = self._settle(
            "client secret",
            outputs["GitHubClientSecret"],
            given.client,
            "client",
            f"{_CLIENT_ID} and {_CLIENT_SECRET}",
        )
        return key and webhook and client

    def _settle(self, what: str, secret_id: str, given: str, file: str, variables: str) -> bool:
        there = self._read(what, secret_id)
        if given and given.strip() != there.strip():
            with asking(f"enter the App's {what}"):
                self._secrets.put_secret_value(SecretId=secret_id, SecretString=given)
            self._tell(f"The App's {what} is entered; functions take it within five minutes.")
        elif not (given or there):
            command = _ENTER.format(region=self._region, id=secret_id, file=file)
            self._tell(f"The App's {what} is missing. Set {variables} and deploy again, or type:")
            self._tell(f"  {command}")
        return bool(given or there)

    def _read(self, what: str, secret_id: str) -> str:
        with asking(f"read the App's {what}"):
            try:
                return self._secrets.get_secret_value(SecretId=secret_id).get("SecretString", "")
            except self._secrets.exceptions.ResourceNotFoundException:
                return ""  # there is a secret, but nobody has entered a value
