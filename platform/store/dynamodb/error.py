"""What DynamoDB refuses, in words for the operator."""

from battleshiper.platform.store.port import StoreError

_REMEDIES = {
    "AccessDeniedException": "this function's role may not do that; deploy the stack again, which sets what it may",
    "ResourceNotFoundException": "there is no such table or index; compare BATTLESHIPER_TABLE and the region with the "
    "stack's, and deploy the stack again if the index is missing",
    "UnrecognizedClientException": "the credentials are not valid (any more)",
    "ExpiredTokenException": "the credentials are not valid any more",
    "ProvisionedThroughputExceededException": "more is asked of it than it takes; that passes, or the account's "
    "quotas for DynamoDB are too low",
    "ThrottlingException": "more is asked of it than it takes; that passes, or the account's quotas for DynamoDB are "
    "too low",
    "RequestLimitExceeded": "the account's quotas for DynamoDB are used up; ask AWS for higher ones",
    "KMSAccessDeniedException": "the table's key may not be used; check the key and its policy",
    "InternalServerError": "DynamoDB fails; see the AWS Health Dashboard if that goes on",
}
_UNKNOWN = "see the message of AWS"


class TableError(StoreError):
    """DynamoDB did not do what was asked. `code` is AWS's code of the error, or the name of what kept the request
    from getting there."""

    def __init__(self, table: str, operation: str, code: str, message: str) -> None:
        self.table = table
        self.operation = operation
        self.code = code
        super().__init__(
            f"DynamoDB, {operation} on table {table!r}: {_REMEDIES.get(code, _UNKNOWN)} ({code}: {message})"
        )


class BusyError(StoreError):
    """Too many wanted to change the same rows at once. Nothing was written."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts
        super().__init__(f"others were faster {attempts} times in a row; nothing was written, try again later")


class StaleError(Exception):
    """What a step has read is not so any more, or is being changed by somebody else: take the step again."""
