"""Build hooks at work: made for a project, recognised by their secret, and used to deploy a branch's head."""

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State
from battleshiper.platform.model.hook import MAX_HOOKS, Hook, HookRefusedError, check_hook
from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.model.project import Project
from battleshiper.platform.pipeline.operations import OperationRefusedError
from battleshiper.platform.pipeline.requests import MintTicket, build_request
from battleshiper.platform.source.port import Head, Source
from battleshiper.platform.store.port import MissingError, NewDeployment, Store
from battleshiper.platform.tickets.ticket import Requester

_KEY = re.compile(r"([0-9a-z]{1,64})_([0-9a-f]{16})_([0-9a-f]{64})")
_ID_BYTES, _SECRET_BYTES = 8, 32


class BuildHooks:
    """Makes hooks and lets them be used."""

    def __init__(self, store: Store, source: Source, mint: MintTicket, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._source = source
        self._mint = mint
        self._clock = clock

    def of_project(self, project: Project) -> list[Hook]:
        """Return a project's hooks, oldest first."""
        return self._store.hooks(project.id)

    def add(self, project: Project, name: str, branch: str | None = None) -> tuple[Hook, str]:
        """Return a new hook, and the key in its address, which is shown this once. Raises HookRefusedError."""
        check_hook(name, branch)
        if len(self._store.hooks(project.id)) >= MAX_HOOKS:
            raise HookRefusedError("name", f"There are {MAX_HOOKS} hooks already: remove one that is not used.")
        id_, secret = secrets.token_hex(_ID_BYTES), secrets.token_hex(_SECRET_BYTES)
        hook = Hook(id_, project.id, name.strip(), branch, _digest(secret), self._clock())
        self._store.add_hook(hook)
        return hook, f"{project.id}_{id_}_{secret}"

    def remove(self, project: Project, hook_id: str) -> bool:
        """Let a hook be no more; False when there is none."""
        return self._store.remove_hook(project.id, hook_id)

    def recognise(self, key: str) -> Hook | None:
        """Return the hook that a key is of, None when it is of none, or of none any longer."""
        parts = _KEY.fullmatch(key)
        if parts is None:
            return None
        try:
            hook = self._store.hook(parts[1], parts[2])
        except MissingError:
            return None
        return hook if hmac.compare_digest(hook.sha256, _digest(parts[3])) else None

    def use(self, hook: Hook) -> tuple[Project, Deployment]:
        """Deploy the head of the hook's branch; where a deployment of it waits to be built already, that is the one.
        Raises OperationRefusedError when it cannot be built, SourceError when GitHub does not tell what the branch
        points to, and MissingError when the project is gone."""
        project = self._store.project(hook.project_id)
        if project.obstacle:
            raise OperationRefusedError(f"{project.obstacle} Nothing of {project.name} can be built until then.")
        branch = hook.branch or project.production_branch
        if branch is None:
            raise OperationRefusedError(f"{project.name} has no production branch yet: push a commit first.")
        head = self._source.head(project.installation_id, project.repository_id, project.repository, branch)
        if head is None:
            raise OperationRefusedError(f"{project.repository} has no branch {branch!r}.")
        deployment = self._waiting(project, branch, head) or self._create(project, branch, head)
        self._store.note_hook_use(hook, self._clock())
        return project, deployment

    def _waiting(self, project: Project, branch: str, head: Head) -> Deployment | None:
        latest = next(iter(self._store.deployments(project.id, branch=branch, limit=1)), None)
        is_same = latest is not None and latest.state is State.QUEUED and latest.commit.sha == head.sha
        return latest if is_same else None

    def _create(self, project: Project, branch: str, head: Head) -> Deployment:
        is_production = branch == project.production_branch
        environment = Environment.PRODUCTION if is_production else Environment.PREVIEW
        commit = Commit(head.sha, branch, head.message, head.author)
        new = NewDeployment(new_identifier(), project.id, commit, environment, Origin.HOOK)
        request = build_request(self._mint, project.id, new.id, source=Requester.HOOK, user=0)
        return self._store.create_deployment(new, [request])


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
