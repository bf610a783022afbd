"""The operator's account, with the credentials of the operator's shell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)
from botocore.session import Session

from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.platform.aws.refusal import code_of, message_of

_STALE = ("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException")
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
_SIGN_IN = "Type `aws configure` or `aws sso login`, or set AWS_PROFILE; `battleshiper aws doctor` tells who you are."


@dataclass(frozen=True, slots=True)
class Account:
    """Whose credentials these are."""

    number: str
    partition: str = "aws"

    @property
    def domain(self) -> str:
        """What AWS's addresses end in
        (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html)."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"

    def fill(self, text: str, region: str) -> str:
        """Return text with the account, its partition and a region where it has the CDK's placeholders."""
        values = {"AccountId": self.number, "Partition": self.partition, "Region": region}
        for name, value in values.items():
            text = text.replace(f"${{AWS::{name}}}", value)
        return text


def read_account(clients: Clients) -> Account:
    """Return the account; raises OperationError without credentials."""
    with asking("tell who you are"):
        caller = clients.of("sts").get_caller_identity()
    return Account(caller["Account"], caller["Arn"].split(":")[1])


def clients_in(region: str) -> Clients:
    """Return what makes clients of a region's services."""
    session = Session()
    session.set_config_variable("region", region)
    return Clients(session)


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Make an OperationError of what AWS refuses; `what` completes "cannot"."""
    try:
        yield
    except (NoCredentialsError, ProfileNotFound, TokenRetrievalError) as error:
        raise OperationError(f"There are no credentials for AWS: {error}", _SIGN_IN) from error
    except EndpointConnectionError as error:
        raise OperationError(f"AWS cannot be reached: {error}", "Are the network and the region right?") from error
    except ClientError as error:
        code, message = code_of(error), message_of(error)
        remedy = ""
        if code in _STALE:
            remedy = _SIGN_IN
        elif code in _DENIED:
            remedy = f"Let these credentials do {error.operation_name}, or use an administrator's."
        raise OperationError(f"Cannot {what}: {code}: {message}", remedy) from error
    except BotoCoreError as error:
        raise OperationError(f"Cannot {what}: {error}") from error
