"""Functions on the emulator's Lambda, which runs them with the Node of this machine."""

import json
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from botocore.awsrequest import AWSResponse

from battleshiper.edge.source import BOOTSTRAP, LAMBDA_FOLDER, LAMBDA_HANDLER
from battleshiper.platform.functions.aws.functions import LambdaFunctions
from battleshiper.platform.functions.aws.package import Bootstrap
from battleshiper.platform.functions.aws.patience import Patience
from battleshiper.platform.functions.aws.reference import Reference, function_name, target
from battleshiper.platform.functions.aws.settings import LambdaSettings

SETTINGS = LambdaSettings(
    role="arn:aws:iam::000000000000:role/functions",
    distribution="arn:aws:cloudfront::000000000000:distribution/E1",
)
_numbers = count()


class Bench:
    """One project's function, and what Lambda knows of it."""

    def __init__(self, emulator, pack: Callable[..., bytes]) -> None:
        self.project = f"p{next(_numbers)}"
        self.name = function_name(self.project)
        self.client = emulator.client("lambda")
        self.calls: list[str] = []
        self.client.meta.events.register("before-call.lambda", lambda model, **_: self.calls.append(model.name))
        self.bootstrap = Bootstrap(
            {f"{LAMBDA_FOLDER}/{path.name}": path.read_bytes() for path in BOOTSTRAP.glob("*.mjs")}, LAMBDA_HANDLER
        )
        self.functions = self.with_settings(SETTINGS)
        self._pack = pack

    def with_settings(self, settings: LambdaSettings) -> LambdaFunctions:
        """Return functions with these settings, which wait no longer than the emulator."""
        return LambdaFunctions(self.client, settings, self.bootstrap, Patience(chance=lambda: 0.0))

    def package(self, expression: str = "'hello'", files: dict[str, str] | None = None) -> bytes:
        """Return a package that answers each request with the value of a JavaScript expression."""
        return self._pack(f"export const fetch = async (request) => new Response(String(await ({expression})));", files)

    def publish(self, deployment: str, expression: str = "'hello'", files: dict[str, str] | None = None) -> str:
        """Publish such a package."""
        return self.functions.publish(self.project, deployment, self.package(expression, files))

    def publish_source(self, deployment: str, source: str) -> str:
        """Publish a package with this index.mjs."""
        return self.functions.publish(self.project, deployment, self._pack(source))

    def ask(self, deployment: str) -> str:
        """Return what a deployment's function answers."""
        event = {
            "rawPath": "/x",
            "headers": {"x-forwarded-host": "shop.test"},
            "requestContext": {"http": {"method": "GET"}},
            "buffered": True,
        }
        answer = self.client.invoke(Payload=json.dumps(event).encode(), **target(self.project, deployment))
        return json.loads(answer["Payload"].read())["body"]

    def aliases(self) -> dict[str, str]:
        """Return the version of each alias."""
        aliases = self.client.list_aliases(FunctionName=self.name)["Aliases"]
        return {alias["Name"]: alias["FunctionVersion"] for alias in aliases}

    def versions(self) -> list[str]:
        """Return the published versions."""
        versions = self.client.list_versions_by_function(FunctionName=self.name)["Versions"]
        return [version["Version"] for version in versions if version["Version"] != "$LATEST"]

    def domain(self, reference: str) -> str:
        """Return the domain in a reference."""
        return Reference.parse(reference).domain

    def refuse(self, operation: str, *codes: str, message: str = "no") -> None:
        """Let the next calls of an operation fail, one after another."""
        left = list(codes)

        def answer(**_):
            if not left:
                return None
            error = {"Error": {"Code": left.pop(0), "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            return AWSResponse("https://lambda.test/", 400, {}, None), error

        self.client.meta.events.register(f"before-call.lambda.{operation}", answer)


@pytest.fixture(scope="session")
def role(emulator) -> None:
    """The role of sites' functions, which Lambda looks at."""
    lambda_may = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [lambda_may]})
    emulator.client("iam").create_role(RoleName=SETTINGS.role.rpartition("/")[2], AssumeRolePolicyDocument=trust)


@pytest.fixture
def bench(emulator, role, pack) -> Iterator[Bench]:
    """A new project on Lambda."""
    bench = Bench(emulator, pack)
    yield bench
    bench.functions.remove_project(bench.project)
