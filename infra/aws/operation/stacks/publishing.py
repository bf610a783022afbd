"""Brings the files of a cloud assembly to the bucket that CloudFormation and Lambda read them from."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from battleshiper.infra.aws.operation.account import Account, asking
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.manifest import Asset
from battleshiper.infra.aws.packaging.archive import write_archive
from battleshiper.platform.aws.refusal import code_of

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

_AT_ONCE = 8
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_NO_BUCKET = "Bootstrap the region again: npx aws-cdk@2 bootstrap aws://{account}/{region}"


@dataclass(frozen=True, slots=True)
class Published:
    """How many files were uploaded, and how many had been there."""

    uploaded: int
    there: int


class Publisher:
    """Uploads what is not there yet. A file's name is its fingerprint, so what is there is what is meant."""

    def __init__(self, clients_in: "Callable[[str], Clients]", account: Account) -> None:
        self._clients_in = clients_in
        self._account = account

    def publish(self, assets: Iterable[Asset]) -> Published:
        """Upload files in parallel; raises OperationError with the first that failed."""
        # Two stacks may share a file.
        wanted = list({(each.bucket, each.key): each for each in assets}.values())
        clients = {
            region: self._clients_in(region).of("s3", max_pool_connections=_AT_ONCE)
            for region in sorted({each.region for each in wanted})
        }
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            uploads = list(pool.map(lambda asset: self._upload(clients[asset.region], asset), wanted))
        return Published(sum(uploads), len(uploads) - sum(uploads))

    def _upload(self, s3: Any, asset: Asset) -> bool:
        """Upload one file, and tell whether that was needed."""
        # The bucket's name can be guessed: a bucket of somebody else's must not get our code.
        place = {"Bucket": asset.bucket, "Key": asset.key, "ExpectedBucketOwner": self._account.number}
        with asking(f"upload {asset.path.name} to {asset.bucket}"):
            try:
                s3.head_object(**place)
            except ClientError as error:
                if code_of(error) not in _MISSING:
                    raise
            else:
                return False
            try:
                self._put(s3, asset, place)
            except s3.exceptions.NoSuchBucket as error:
                remedy = _NO_BUCKET.format(account=self._account.number, region=asset.region)
                raise OperationError(f"There is no bucket {asset.bucket}.", remedy) from error
        return True

    def _put(self, s3: Any, asset: Asset, place: dict[str, str]) -> None:
        with TemporaryDirectory(prefix="battleshiper-") as folder:
            path = asset.path
            if asset.is_folder:
                path = Path(folder) / "asset.zip"
                write_archive(asset.path, path)
            with path.open("rb") as content:
                s3.put_object(**place, Body=content)
