"""The environment variables of projects: kept sealed, and told to builds."""

from collections.abc import Callable, Mapping
from datetime import datetime

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.variable import (
    MAX_VARIABLES,
    Variable,
    VariableRefusedError,
    check_variable,
    choose_variables,
)
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.store.port import Store


class ProjectVariables:
    """Sets and tells them. What was set is told to builds alone, and to nobody who asks."""

    def __init__(self, store: Store, seal: Seal, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._seal = seal
        self._clock = clock

    def of_project(self, project: str) -> list[Variable]:
        """Return the variables of the project of this name, sealed; raises MissingError."""
        return list(self._store.variables(self._store.project_named(project).id))

    def set(self, project: str, name: str, scope: str, value: str) -> Variable:
        """Keep a variable from the next deployment on. Raises VariableRefusedError, MissingError and SecretsError."""
        check_variable(name, scope, value)
        project_id = self._store.project_named(project).id
        known = {(each.name, each.scope) for each in self._store.variables(project_id)}
        if len(known) >= MAX_VARIABLES and (name, scope) not in known:
            raise VariableRefusedError(f"{project} has {MAX_VARIABLES} variables, which is as many as it may have.")
        sealed = self._seal.seal(value, _context(project_id, name, scope))
        variable = Variable(name, scope, sealed, self._clock())
        self._store.keep_variable(project_id, variable)
        return variable

    def remove(self, project: str, name: str, scope: str) -> bool:
        """Forget a variable from the next deployment on; False when there is none. Raises MissingError."""
        return self._store.forget_variable(self._store.project_named(project).id, name, scope)

    def of_deployment(self, deployment: Deployment) -> Mapping[str, str]:
        """Return what the deployment's build is told; raises SecretsError."""
        project_id = deployment.project_id
        known = self._store.variables(project_id)
        return {
            each.name: self._seal.open(each.sealed, _context(project_id, each.name, each.scope))
            for each in choose_variables(known, deployment.environment, deployment.commit)
        }


def _context(project_id: str, name: str, scope: str) -> str:
    return f"{name} of {project_id} for {scope}"
