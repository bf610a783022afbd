"""Change sets, with a CloudFormation that answers what it is told to."""

import pytest
from aws.fake_cloudformation import ID, NOTHING_CHANGES, FakeCloudFormation
from aws.small_assembly import write_assembly

from battleshiper.infra.aws.operation.account import Account
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.stacks.change_sets import ChangeSets
from battleshiper.infra.aws.operation.stacks.manifest import read_assembly


@pytest.fixture
def stack(tmp_path):
    """A stack to be."""
    return read_assembly(write_assembly(tmp_path), Account("111111111111"))[0]


def change(name: str) -> dict:
    """Return a change as CloudFormation tells it."""
    return {"ResourceChange": {"Action": "Add", "LogicalResourceId": name, "ResourceType": "AWS::SQS::Queue"}}


def test_what_is_asked_for(stack) -> None:
    """The template comes from the bucket, CloudFormation acts as the bootstrap's role, and a failure is undone."""
    cloudformation = FakeCloudFormation()
    ChangeSets(cloudformation).propose(stack, is_new=True)
    ((name, asked),) = cloudformation.calls
    assert (name, asked["ChangeSetType"], asked["OnStackFailure"]) == ("create_change_set", "CREATE", "ROLLBACK")
    assert asked["TemplateURL"] == stack.template_url
    assert asked["RoleARN"] == stack.role
    assert asked["Tags"] == [{"Key": "application", "Value": "battleshiper"}]
    assert "CAPABILITY_NAMED_IAM" in asked["Capabilities"]


def test_an_update_says_nothing_of_creation(stack) -> None:
    """What is to be done when a creation fails is told for a creation alone."""
    cloudformation = FakeCloudFormation("CREATE_COMPLETE")
    ChangeSets(cloudformation).propose(stack, is_new=False)
    ((_, asked),) = cloudformation.calls
    assert asked["ChangeSetType"] == "UPDATE"
    assert "OnStackFailure" not in asked


def test_all_pages_are_read(stack) -> None:
    """A change set may have more changes than an answer."""
    cloudformation = FakeCloudFormation("CREATE_COMPLETE")
    cloudformation.change_pages = [[change("One"), change("Two")], [change("Three")]]
    proposal = ChangeSets(cloudformation).propose(stack, is_new=False)
    assert [each.resource for each in proposal.changes] == ["One", "Two", "Three"]
    assert proposal.does_something


def test_outputs_may_change_alone(stack) -> None:
    """A change set without changes of resources is executed, as it changes what the stack tells."""
    assert ChangeSets(FakeCloudFormation("CREATE_COMPLETE")).propose(stack, is_new=False).does_something


@pytest.mark.parametrize("reason", [NOTHING_CHANGES["StatusReason"], "No updates are to be performed."])
def test_no_changes(stack, reason) -> None:
    """CloudFormation calls it a failure when nothing changes, and it is none; the change set goes."""
    cloudformation = FakeCloudFormation("CREATE_COMPLETE")
    cloudformation.change_set = {"Status": "FAILED", "StatusReason": reason}
    assert not ChangeSets(cloudformation).propose(stack, is_new=False).does_something
    assert cloudformation.called() == ["create_change_set", "delete_change_set"]


def test_a_template_that_is_refused(stack) -> None:
    """The error has CloudFormation's reason, and the empty stack is taken away."""
    cloudformation = FakeCloudFormation()
    cloudformation.change_set = {"Status": "FAILED", "StatusReason": "Transform failed"}
    with pytest.raises(OperationError, match="Battleshiper: Transform failed"):
        ChangeSets(cloudformation).propose(stack, is_new=True)
    assert cloudformation.called() == ["create_change_set", "delete_change_set", "delete_stack"]
    assert cloudformation.calls[-1][1] == {"StackName": ID}


def test_what_is_wrong_before_it_begins(stack) -> None:
    """CloudFormation names the resource in events of its own, which the error repeats."""
    cloudformation = FakeCloudFormation("CREATE_COMPLETE")
    reason = "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]."
    cloudformation.change_set = {"Status": "FAILED", "StatusReason": reason}
    cloudformation.early_faults = [
        {"EventType": "STACK_EVENT"},
        {"LogicalResourceId": "Queue", "ValidationStatusReason": "It already exists"},
    ]
    with pytest.raises(OperationError, match="Queue: It already exists") as caught:
        ChangeSets(cloudformation).propose(stack, is_new=False)
    assert "destroy --data" in caught.value.remedy


def test_discarding_keeps_a_stack_that_has_begun(stack) -> None:
    """Only an empty stack is taken away with its change set."""
    cloudformation = FakeCloudFormation()
    change_sets = ChangeSets(cloudformation)
    proposal = change_sets.propose(stack, is_new=True)
    cloudformation.status = "CREATE_IN_PROGRESS"
    change_sets.discard(proposal)
    assert cloudformation.called() == ["create_change_set", "delete_change_set"]
