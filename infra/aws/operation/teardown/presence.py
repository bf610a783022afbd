"""Whether what an earlier stack has kept is still there."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from battleshiper.infra.aws.operation.account import asking
from battleshiper.infra.aws.operation.teardown.remains import BUCKET, REPOSITORY, TABLE, Remain
from battleshiper.platform.aws.refusal import code_of

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_LOOKS: Mapping[str, tuple[str, Callable[[Any, str], object]]] = {
    TABLE: ("dynamodb", lambda dynamodb, name: dynamodb.describe_table(TableName=name)),
    BUCKET: ("s3", lambda s3, name: s3.head_bucket(Bucket=name)),
    REPOSITORY: ("ecr", lambda ecr, name: ecr.describe_repositories(repositoryNames=[name])),
}
LASTING = frozenset(_LOOKS)
"""Types whose resources this can look for."""
GONE = frozenset(
    {"404", "NoSuchBucket", "NoSuchKey", "NoSuchUpload", "RepositoryNotFoundException", "ResourceNotFoundException"}
)
"""How services say that something is not there."""


def is_there(remain: Remain, clients_in: "Callable[[str], Clients]") -> bool:
    """Look for a resource of a lasting type; raises OperationError."""
    service, look = _LOOKS[remain.type]
    with asking(f"look for the {remain.word} {remain.id}"):
        try:
            look(clients_in(remain.region).of(service), remain.id)
        except ClientError as error:
            if code_of(error) in GONE:
                return False
            raise
    return True
