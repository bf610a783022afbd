"""Every call that our code makes to AWS, and the actions that allow it.

`tests/infra/aws/stack/test_calls.py` finds the calls in the source and compares them with this and the permissions.
Source of the actions: AWS's Service Authorization Reference, and for transactions and copies the guides of their
services.
"""

from collections.abc import Mapping

Actions = tuple[str, ...]


def _alike(service: str, *calls: str) -> dict[str, Actions]:
    """Return calls whose action has their name."""
    return {call: (f"{service}:{''.join(word.capitalize() for word in call.split('_'))}",) for call in calls}


CALLS: Mapping[str, Mapping[str, Actions]] = {
    "batch": _alike("batch", "describe_jobs", "list_jobs", "submit_job", "terminate_job"),
    "cloudfront-keyvaluestore": _alike(
        "cloudfront-keyvaluestore", "describe_key_value_store", "get_key", "list_keys", "update_keys"
    ),
    "codedeploy": _alike("codedeploy", "put_lifecycle_event_hook_execution_status"),
    "dynamodb": {
        **_alike("dynamodb", "batch_get_item", "batch_write_item", "delete_item", "get_item", "put_item", "query"),
        **_alike("dynamodb", "update_item"),
        "transact_write_items": (
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        ),
    },
    "events": _alike("events", "put_events"),
    "lambda": {
        **_alike("lambda", "add_permission", "create_alias", "create_function_url_config", "delete_alias"),
        **_alike("lambda", "delete_function", "delete_function_url_config", "get_alias", "get_function_configuration"),
        **_alike("lambda", "get_function_url_config", "get_policy", "list_aliases", "list_versions_by_function"),
        **_alike("lambda", "publish_version", "update_function_code", "update_function_configuration"),
        "create_function": ("lambda:CreateFunction", "iam:PassRole"),
        "invoke": ("lambda:InvokeFunction",),
        "invoke_with_response_stream": ("lambda:InvokeFunction",),
    },
    "logs": _alike(
        "logs", "create_log_stream", "delete_log_stream", "filter_log_events", "get_log_events", "put_log_events"
    ),
    "s3": {
        **_alike("s3", "delete_object", "get_object", "put_object"),
        "copy_object": ("s3:GetObject", "s3:PutObject"),
        "delete_objects": ("s3:DeleteObject",),
        "generate_presigned_post": ("s3:PutObject",),
        "head_object": ("s3:GetObject",),
        "list_objects_v2": ("s3:ListBucket",),
    },
    "secretsmanager": _alike("secretsmanager", "get_secret_value", "put_secret_value", "update_secret_version_stage"),
    "sqs": {
        **_alike("sqs", "send_message"),
        "change_message_visibility_batch": ("sqs:ChangeMessageVisibility",),
    },
}
"""By service and method of the client. Pagers are called what they page."""

MADE_BY_LAMBDA: Mapping[str, str] = {
    "logs:CreateLogStream": "opens the function's log",
    "logs:PutLogEvents": "writes the function's log",
    "sqs:DeleteMessage": "takes what was handled off the queue",
    "sqs:GetQueueAttributes": "looks how long the queue is",
    "sqs:ReceiveMessage": "fetches what the function is to handle",
}
"""What Lambda itself does with a function's role."""
