"""Labels as rows: a project's name, an alias, or both."""

from battleshiper.platform.store.dynamodb.values import Row
from battleshiper.platform.store.port import Alias


def to_alias(row: Row) -> Alias | None:
    """Return the alias in a label's row; None for a name that points nowhere."""
    if "deployment_id" not in row:
        return None
    return Alias(row["label"], row["project_id"], row["deployment_id"], row["newest"], row["moves"])
