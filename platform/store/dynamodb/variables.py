"""The environment variables of projects in DynamoDB."""

from battleshiper.platform.database.moment import from_microseconds, to_microseconds
from battleshiper.platform.database.text import storable
from battleshiper.platform.model.variable import Variable
from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import project_key, variable_key, variables_partition
from battleshiper.platform.store.dynamodb.transaction import IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Row, Values, keyed
from battleshiper.platform.store.port import MissingError


class DynamoVariables(DynamoPart):
    """See `Variables` in `store.port`."""

    def variables(self, project_id: str) -> list[Variable]:
        """Return a project's variables by name and scope."""
        rows = self._rows.below(variables_partition(project_id))
        return sorted(map(_to_variable, rows), key=lambda variable: (variable.name, variable.scope))

    def keep_variable(self, project_id: str, variable: Variable) -> None:
        """Keep a variable in place of the one of its name and scope. Raises MissingError without the project."""
        values: Values = {
            "name": variable.name,
            "scope": storable(variable.scope),
            "sealed": variable.sealed,
            "updated_at": to_microseconds(variable.updated_at),
        }

        def keep() -> None:
            transaction = Transaction()
            transaction.check(project_key(project_id), IS_THERE, refusal=MissingError("project", project_id))
            transaction.put(keyed(variable_key(project_id, variable.name, variable.scope), values))
            self._rows.commit(transaction)

        self._again(keep)

    def forget_variable(self, project_id: str, name: str, scope: str) -> bool:
        """Forget a variable; False when there is none of this name and scope."""
        key = variable_key(project_id, name, scope)
        if self._rows.find(key) is None:
            return False
        self._rows.delete_all([key])
        return True


def _to_variable(row: Row) -> Variable:
    return Variable(row["name"], row["scope"], row["sealed"], from_microseconds(row["updated_at"]))
