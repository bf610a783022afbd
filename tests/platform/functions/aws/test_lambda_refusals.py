"""What Lambda refuses: for now, because of the package, or because the account has no room or no right."""

import pytest
from botocore.exceptions import ClientError

from battleshiper.platform.functions.aws.functions import LambdaFunctions
from battleshiper.platform.functions.aws.patience import Patience
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.model.shortage import ShortageError

from .conftest import SETTINGS

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("CreateFunction", "ResourceConflictException"),
        ("PublishVersion", "PreconditionFailedException"),
        ("PublishVersion", "TooManyRequestsException"),
        ("CreateAlias", "ResourceNotFoundException"),
        ("CreateFunctionUrlConfig", "ResourceConflictException"),
        ("AddPermission", "ResourceConflictException"),
    ],
)
def test_what_is_refused_for_now_is_done_again(bench, operation, code):
    """Whoever was faster, and however busy Lambda is."""
    bench.refuse(operation, code)
    bench.functions.probe(bench.publish("d1"))
    assert bench.aliases() == {"d1": bench.versions()[-1]}


def test_pauses_grow_and_have_an_end(bench):
    """Half of each is left to chance."""
    pauses = []
    bench.refuse("GetAlias", *["TooManyRequestsException"] * 8)
    functions = LambdaFunctions(
        bench.client, SETTINGS, bench.bootstrap, Patience(pause=pauses.append, chance=lambda: 1.0)
    )
    with pytest.raises(ClientError, match="TooManyRequests"):
        functions.publish(bench.project, "d1", bench.package())
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


@pytest.mark.parametrize(
    ("code", "message", "said"),
    [
        ("RequestEntityTooLargeException", "", "larger than Lambda takes"),
        ("InvalidParameterValueException", "Unzipped size must be smaller than 262144000 bytes", "Unzipped size"),
        ("InvalidParameterValueException", "Could not unzip uploaded file.", "Could not unzip"),
    ],
)
def test_the_packages_fault_is_its_owners(bench, code, message, said):
    """In words about the package."""
    bench.refuse("CreateFunction", code, message=message)
    with pytest.raises(FunctionFailedError, match=f"package was refused: .*{said}"):
        bench.publish("d1")


@pytest.mark.parametrize(
    ("operation", "code", "advice"),
    [
        ("CreateFunction", "CodeStorageExceededException", "Service Quotas"),
        ("CreateFunction", "InvalidParameterValueException", "deploy the stack again"),
        ("CreateFunction", "AccessDeniedException", "Deploy the stack again"),
        ("PublishVersion", "CodeStorageExceededException", "delete projects"),
        ("CreateAlias", "AliasLimitExceededException", "delete old ones"),
    ],
)
def test_what_the_account_lacks_is_the_operators(bench, operation, code, advice):
    """They read what to do; the owner reads that it is not their fault."""
    bench.refuse(operation, code, message="Limit.")
    with pytest.raises(ShortageError, match=rf"{operation} \({code}\): Limit\. .*{advice}") as caught:
        bench.publish("d1")
    assert "not your site's fault" in caught.value.for_owner
    assert "Limit" not in caught.value.for_owner


def test_a_function_that_lambda_cannot_make_ready_says_why(bench):
    """With Lambda's reason."""
    bench.publish("d1")

    def fail(parsed, **_) -> None:
        parsed.update(LastUpdateStatus="Failed", LastUpdateStatusReason="The image is corrupt.")

    bench.client.meta.events.register("after-call.lambda.GetFunctionConfiguration", fail)
    with pytest.raises(FunctionFailedError, match="does not take the function: The image is corrupt"):
        bench.publish("d2")
