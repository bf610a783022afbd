"""Stacks brought to what their templates say, out of whatever state they are in."""

import pytest
from aws.fake_cloudformation import CREATED, ID, NOTHING_CHANGES, FakeClients, FakeCloudFormation, Watching
from aws.small_assembly import resources, write_assembly

from battleshiper.infra.aws.operation.account import Account
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.deployment import Deployment
from battleshiper.infra.aws.operation.stacks.failure import StackError
from battleshiper.infra.aws.operation.stacks.manifest import read_assembly

QUEUE = {"Action": "Modify", "LogicalResourceId": "Queue", "ResourceType": "AWS::SQS::Queue", "Replacement": "False"}
UPDATED = [("stack", "UPDATE_IN_PROGRESS"), ("Queue", "UPDATE_COMPLETE"), ("stack", "UPDATE_COMPLETE")]
FAILED = [
    ("stack", "UPDATE_IN_PROGRESS"),
    ("Queue", "UPDATE_FAILED", "Queue already exists"),
    ("Other", "UPDATE_FAILED", "Resource update cancelled"),
    ("stack", "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed to update: [Queue]."),
    ("stack", "UPDATE_ROLLBACK_COMPLETE"),
]


class Stage:
    """A deployment of one stack, and what it is played with."""

    def __init__(self, folder, cloudformation: FakeCloudFormation) -> None:
        self.cloudformation = cloudformation
        self.watch = Watching()
        clients = FakeClients(cloudformation=cloudformation)
        self.deployment = Deployment(lambda region: clients, self.watch, cloudformation.pause)
        self.stacks = read_assembly(write_assembly(folder), Account("111111111111"))

    def deploy(self) -> None:
        for stack in self.stacks:
            self.deployment.execute(self.deployment.propose(stack))


@pytest.fixture
def stage(tmp_path):
    """Set the stage with a stack in a state."""
    return lambda *arguments, **more: Stage(tmp_path, FakeCloudFormation(*arguments, **more))


def test_a_new_stack(stage) -> None:
    """A stack is made and followed until it is whole."""
    there = stage()
    there.cloudformation.change_pages = [[{"ResourceChange": QUEUE}]]
    there.cloudformation.leads_to["execute_change_set"] = list(CREATED)
    there.deploy()
    assert there.cloudformation.called() == ["create_change_set", "execute_change_set"]
    assert there.watch.said == [
        "begin Battleshiper 1",
        "Battleshiper CREATE_IN_PROGRESS",
        "Table CREATE_COMPLETE",
        "Battleshiper CREATE_COMPLETE",
        "end",
    ]


def test_nothing_to_do(stage) -> None:
    """Nothing is executed where nothing changes."""
    there = stage("UPDATE_COMPLETE", past=CREATED)
    there.cloudformation.change_set = NOTHING_CHANGES
    there.deploy()
    assert there.cloudformation.called() == ["create_change_set", "delete_change_set"]


def test_a_failure_names_the_resource(stage) -> None:
    """The error has the resource that failed, the reason and a remedy, and not the failures that it caused."""
    there = stage("CREATE_COMPLETE", past=CREATED)
    there.cloudformation.leads_to["execute_change_set"] = FAILED
    with pytest.raises(StackError) as caught:
        there.deploy()
    assert caught.value.status == "UPDATE_ROLLBACK_COMPLETE"
    assert [failure.resource for failure in caught.value.failures] == ["Queue"]
    assert "Queue (AWS::Test::Queue): Queue already exists" in caught.value.message
    assert "destroy --data" in caught.value.remedy
    assert there.watch.said[-1] == "end"


def test_a_failure_without_a_resource(stage) -> None:
    """Where no resource failed, as when somebody cancels, the status is told and where to look."""
    there = stage("CREATE_COMPLETE", past=CREATED)
    cancelled = [("stack", "UPDATE_IN_PROGRESS"), ("stack", "UPDATE_ROLLBACK_COMPLETE", "User Initiated")]
    there.cloudformation.leads_to["execute_change_set"] = cancelled
    with pytest.raises(StackError, match="Battleshiper is UPDATE_ROLLBACK_COMPLETE") as caught:
        there.deploy()
    assert "console" in caught.value.remedy


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_a_stack_that_was_never_made(stage, status) -> None:
    """What is left of a failed creation is deleted, and the stack made anew."""
    there = stage(status, past=[("stack", "CREATE_IN_PROGRESS"), ("stack", status)])
    there.cloudformation.leads_to["delete_stack"] = [("stack", "DELETE_IN_PROGRESS"), ("stack", "DELETE_COMPLETE")]
    there.cloudformation.leads_to["execute_change_set"] = list(CREATED)
    there.deploy()
    assert there.cloudformation.called() == ["delete_stack", "create_change_set", "execute_change_set"]
    assert there.cloudformation.calls[1][1]["ChangeSetType"] == "CREATE"


def test_a_stack_that_was_only_reviewed(stage) -> None:
    """A stack with no resources yet, which a deployment left that was interrupted, is gone on with."""
    there = stage("REVIEW_IN_PROGRESS", past=[("stack", "REVIEW_IN_PROGRESS")])
    there.cloudformation.leads_to["execute_change_set"] = list(CREATED)
    there.deploy()
    assert there.cloudformation.calls[0][1]["ChangeSetType"] == "CREATE"


def test_an_interrupted_deployment_is_resumed(stage) -> None:
    """An update that goes on is followed to its end, and what is still different is done then."""
    there = stage("UPDATE_IN_PROGRESS", past=[*CREATED, ("stack", "UPDATE_IN_PROGRESS")])
    there.cloudformation.goes_on(*UPDATED[1:])
    there.cloudformation.change_set = NOTHING_CHANGES
    there.deploy()
    assert there.watch.said == [
        "begin Battleshiper 0",
        "Battleshiper UPDATE_IN_PROGRESS",
        "Queue UPDATE_COMPLETE",
        "Battleshiper UPDATE_COMPLETE",
        "end",
    ]
    assert there.cloudformation.called() == ["create_change_set", "delete_change_set"]


def test_an_interrupted_deployment_that_fails(stage) -> None:
    """Whoever resumes an update that fails is told so, and nothing new is begun."""
    there = stage("UPDATE_IN_PROGRESS", past=[*CREATED, FAILED[0]])
    there.cloudformation.goes_on(*FAILED[1:])
    with pytest.raises(StackError, match="Queue already exists"):
        there.deploy()
    assert there.cloudformation.called() == []


def test_a_removal_that_goes_on(stage) -> None:
    """A stack that is being deleted is waited for, and made anew."""
    there = stage("DELETE_IN_PROGRESS", past=[*CREATED, ("stack", "DELETE_IN_PROGRESS")])
    there.cloudformation.goes_on(("stack", "DELETE_COMPLETE"))
    there.cloudformation.leads_to["execute_change_set"] = list(CREATED)
    there.deploy()
    assert there.cloudformation.calls[0][1]["ChangeSetType"] == "CREATE"


def test_a_stack_stuck_on_its_way_back(stage) -> None:
    """A rollback that failed is continued first, as the bootstrap's role, and then the stack is updated."""
    there = stage("UPDATE_ROLLBACK_FAILED", past=[*CREATED, ("stack", "UPDATE_ROLLBACK_FAILED")])
    back = [("stack", "UPDATE_ROLLBACK_IN_PROGRESS"), ("stack", "UPDATE_ROLLBACK_COMPLETE")]
    there.cloudformation.leads_to = {"continue_update_rollback": back, "execute_change_set": UPDATED}
    there.deploy()
    assert there.cloudformation.called() == ["continue_update_rollback", "create_change_set", "execute_change_set"]
    assert there.cloudformation.calls[0][1] == {"StackName": ID, "RoleARN": there.stacks[0].role}


def test_a_stack_that_is_half_deleted(stage) -> None:
    """What somebody wanted gone is not repaired: the error says how the rest goes."""
    there = stage("DELETE_FAILED", past=CREATED)
    with pytest.raises(OperationError, match="half deleted") as caught:
        there.deploy()
    assert "battleshiper aws destroy" in caught.value.remedy


def test_a_preview_of_an_update_leaves_nothing(stage) -> None:
    """What would change is told by a change set that is deleted at once."""
    there = stage("CREATE_COMPLETE", past=CREATED)
    there.cloudformation.change_pages = [[{"ResourceChange": QUEUE}]]
    (proposal,) = there.deployment.preview(there.stacks)
    assert [change.resource for change in proposal.changes] == ["Queue"]
    assert there.cloudformation.called() == ["create_change_set", "delete_change_set"]


@pytest.mark.parametrize("status", [None, "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"])
def test_a_preview_of_a_new_stack_touches_nothing(stage, status) -> None:
    """Where there is no stack yet, its template tells everything."""
    there = stage(status)
    (proposal,) = there.deployment.preview(there.stacks)
    assert {change.resource for change in proposal.changes} == set(resources())
    assert proposal.is_new
    assert there.cloudformation.called() == []


def test_no_preview_while_it_changes(stage) -> None:
    """What would change cannot be known while a stack changes."""
    there = stage("UPDATE_IN_PROGRESS", past=CREATED)
    with pytest.raises(OperationError, match="UPDATE_IN_PROGRESS"):
        there.deployment.preview(there.stacks)
