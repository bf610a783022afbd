"""What can be done with a stack, by the status it is in
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html)."""

from enum import StrEnum


class Next(StrEnum):
    """What a deployment does next about a stack."""

    CREATE = "create"
    UPDATE = "update"
    FOLLOW = "follow"
    """Somebody changes it, perhaps a deployment that was interrupted."""
    DELETE = "delete"
    """It was never made: nothing can be done with it but to delete it."""
    GO_BACK = "go back"
    """It is stuck on its way back to what it was before."""
    DESTROY = "destroy"
    """Somebody wanted it gone, and that failed half way."""


def next_for(status: str | None) -> Next:
    """Return what comes next for a stack with a status, or for none."""
    match status:
        case None | "DELETE_COMPLETE" | "REVIEW_IN_PROGRESS":
            return Next.CREATE
        case "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED":
            return Next.DELETE
        case "UPDATE_ROLLBACK_FAILED":
            return Next.GO_BACK
        case "DELETE_FAILED":
            return Next.DESTROY
        case _ if status.endswith("_IN_PROGRESS"):
            return Next.FOLLOW
        case _:
            return Next.UPDATE
