"""Each step of the pipeline is open to the parts that have a reason to ask for it."""

import pytest

from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.model.event import Event, EventType
from battleshiper.platform.pipeline.requests import build_request, delete_request
from battleshiper.platform.tickets.ticket import Requester


@pytest.mark.parametrize("source", [Requester.WEBHOOK, Requester.INIT])
def test_only_an_operator_deletes(world, source: Requester) -> None:
    """A ticket that a webhook or the init step could get ends no project."""
    project = world.project()
    with pytest.raises(GiveUpError, match="may not ask"):
        world.removal.remove(delete_request(world.mint, project.id, source=source, user=0))
    assert world.store.project(project.id)


@pytest.mark.parametrize("source", list(Requester))
def test_each_of_them_builds(world, source: Requester) -> None:
    """A push, a project's beginning and a redeploy all lead to a build."""
    deployment, _ = world.push()
    world.building.build(build_request(world.mint, deployment.project_id, deployment.id, source=source, user=0))
    assert deployment.id in world.builder.jobs


@pytest.mark.parametrize("kept", [(), ("project",), ("project", "deployment"), ("ticket",)])
@pytest.mark.parametrize("event_type", [EventType.INIT, EventType.BUILD, EventType.DEPLOY, EventType.DELETE])
def test_what_shows_no_ticket_is_given_up_at_once(world, event_type: EventType, kept: tuple[str, ...]) -> None:
    """It would be no better the next time, and what fails again and again speaks for its deployment."""
    deployment, request = world.push()
    steps = {
        EventType.INIT: world.preparation.prepare,
        EventType.BUILD: world.building.build,
        EventType.DEPLOY: world.deploying.deploy,
        EventType.DELETE: world.removal.remove,
    }
    with pytest.raises(GiveUpError):
        steps[event_type](Event(event_type, {name: request.detail[name] for name in kept}))
    assert world.store.deployment(deployment.id) == deployment
