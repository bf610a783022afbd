"""Where a deployment's function prints."""

from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from battleshiper.platform.functions.aws.streams import ServerStreams
from battleshiper.platform.store.port import MissingError


@dataclass
class Deployments:
    """Deployments of one project."""

    project_id: str
    known: tuple[str, ...] = ("d1", "d2", "static")

    def deployment(self, deployment_id: str) -> "Deployments":
        if deployment_id not in self.known:
            raise MissingError("deployment", deployment_id)
        return self


@pytest.fixture
def streams(bench) -> ServerStreams:
    """Streams of the bench's project."""
    return ServerStreams(bench.client, Deployments(bench.project))


@pytest.mark.emulator
def test_each_version_has_streams_of_its_own(bench, streams):
    """Named after the function and the version that the deployment's alias has."""
    bench.publish("d1", "'one'")
    bench.publish("d2", "'two'")
    versions = bench.aliases()
    assert streams("d1") == f"battleshiper-{bench.project}[{versions['d1']}]"
    assert streams("d2") == f"battleshiper-{bench.project}[{versions['d2']}]"
    assert streams("d1") != streams("d2")


@pytest.mark.emulator
def test_what_has_no_function_has_no_streams(bench, streams):
    """Neither a static site, nor what was never known; another fault is no answer."""
    assert streams("static") is None
    assert streams("unknown") is None
    bench.publish("d1")
    assert streams("static") is None
    bench.refuse("GetAlias", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        streams("d1")
