"""Labels as rows: a project's name, an alias, both, or a custom alias."""

from battleshiper.platform.database.moment import from_microseconds
from battleshiper.platform.model.custom_alias import CustomAlias
from battleshiper.platform.store.dynamodb.values import Row
from battleshiper.platform.store.port import Alias


def to_alias(row: Row) -> Alias | None:
    """Return the alias in a label's row; None for a name that points nowhere."""
    if "deployment_id" not in row:
        return None
    return Alias(row["label"], row["project_id"], row["deployment_id"], row["newest"], row["moves"])


def to_custom_alias(row: Row) -> CustomAlias | None:
    """Return the custom alias in a label's row; None where it is none."""
    if "held_at" not in row:
        return None
    held_at, is_released = from_microseconds(row["held_at"]), bool(row.get("is_released"))
    return CustomAlias(row["label"], row["project_id"], row["account_id"], row.get("branch"), held_at, is_released)
