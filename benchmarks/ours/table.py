"""As much of DynamoDB as the webhook function asks for a push to a project whose branch has no deployment yet."""

from typing import Any

from battleshiper.platform.store.dynamodb.project_row import to_row
from battleshiper.platform.store.dynamodb.table import repository_key, root_attribute
from battleshiper.platform.store.dynamodb.values import key_of, keyed, to_attributes
from battleshiper.platform.store.port import NewProject


class Table:
    """Tells of one project, and takes every write without keeping it."""

    def __init__(self, repository_id: int) -> None:
        project = NewProject("pshop", ("shop",), 3, 2, repository_id, "octo/shop")
        rows = [
            to_row(project, "shop", 1_700_000_000_000_000),
            keyed(repository_key(repository_id), {root_attribute(""): project.id, "revision": 1}),
        ]
        self._items = {key_of(row): to_attributes(row) for row in rows}

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Answer an operation."""
        if operation == "GetItem":
            item = self._find(request["Key"])
            return {"Item": item} if item else {}
        if operation == "BatchGetItem":
            ((table, wanted),) = request["RequestItems"].items()
            found = [item for key in wanted["Keys"] if (item := self._find(key))]
            return {"Responses": {table: found}, "UnprocessedKeys": {}}
        return {"Items": [], "Count": 0} if operation == "Query" else {}

    def _find(self, key: dict[str, dict[str, str]]) -> dict[str, Any] | None:
        return self._items.get((key["pk"]["S"], key["sk"]["S"]))
