"""Deployments in DynamoDB."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from battleshiper.platform.model.deployment import Deployment, Origin, State
from battleshiper.platform.model.event import Event
from battleshiper.platform.store.change import Change, changed
from battleshiper.platform.store.dynamodb.deployment_row import moved, to_deployment
from battleshiper.platform.store.dynamodb.draft import Draft
from battleshiper.platform.store.dynamodb.known import DynamoKnown
from battleshiper.platform.store.dynamodb.showing import NOT_EXPIRED
from battleshiper.platform.store.dynamodb.snapshot import Snapshot
from battleshiper.platform.store.dynamodb.table import (
    POSITION,
    SORT,
    Key,
    branch_kind,
    branch_prefix,
    deployment_key,
    project_partition,
    shards,
    target_of,
    tree_prefix,
)
from battleshiper.platform.store.dynamodb.transaction import Transaction
from battleshiper.platform.store.dynamodb.transitions import DynamoTransitions
from battleshiper.platform.store.dynamodb.values import Values, setting
from battleshiper.platform.store.port import ConflictError, NewDeployment
from battleshiper.platform.store.rivals import is_refused

_LONGEST_PAGE = 100


class DynamoDeployments(DynamoTransitions):
    """See `Deployments` in `store.port`."""

    def create_deployment(self, deployment: NewDeployment, events: Sequence[Event] = ()) -> Deployment:
        """Create a deployment; raises MissingError without its project and ConflictError when the id is taken."""
        project_id, branch = deployment.project_id, deployment.commit.branch

        def create() -> Deployment:
            snapshot, transaction = Snapshot(self._rows), Transaction()
            draft = Draft(snapshot, transaction, self._order, self._clock())
            is_unasked = deployment.origin in (Origin.INITIAL, Origin.MISSED)
            if is_unasked and is_refused(deployment, DynamoKnown(snapshot).rivals(project_id, branch)):
                raise ConflictError(f"branch {branch!r} has a deployment already")
            made = draft.add_deployment(deployment)
            draft.hold()
            told = changed(made.id, made.project_id, made.commit.sha, made.version, made.state)
            self._relay.commit(transaction, [told, *events])
            return made

        return self._again(create)

    def deployment(self, deployment_id: str) -> Deployment:
        """Return a deployment; raises MissingError."""
        return self._find_deployment(deployment_id)

    def deployments(
        self, project_id: str | None = None, *, branch: str | None = None, limit: int = 50
    ) -> list[Deployment]:
        """Return deployments, newest first; of a project and a branch where they are named."""
        page = min(limit, _LONGEST_PAGE)
        if project_id is not None:
            keys = self._of_project(project_id, "DEPLOYMENT#" if branch is None else branch_prefix(branch), page)
        elif branch is not None:
            pointers = self._listed(branch_kind(branch), page=page, newest_first=True)
            keys = (deployment_key(target_of(pointer[SORT])) for pointer in pointers)
        else:
            return [to_deployment(row) for row in self._latest("DEPLOYMENTS", limit)]
        return [to_deployment(row) for row in islice(self._rows.find_all(keys, batch=page), limit)]

    def borrow(self, deployment: Deployment) -> Deployment | None:
        """Return the newest deployment whose build can serve for this one, which does not expire for a day then."""
        commit = deployment.commit
        if not commit.tree:
            return None
        keys = self._of_project(deployment.project_id, tree_prefix(commit.tree), _LONGEST_PAGE)
        shown: Values = {"shown_at": self._now()}
        change, values = f"{setting(shown)} ADD #shows :one", {**shown, "one": 1}
        for lender in map(to_deployment, self._rows.find_all(keys)):
            # One that expires in this moment is passed over.
            if lender.commit.is_outside is commit.is_outside and self._again(
                partial(self._rows.update, deployment_key(lender.id), change, NOT_EXPIRED, values)
            ):
                return lender
        return None

    def unfinished(self) -> list[Deployment]:
        """Return every deployment that is not in a final state, oldest first."""
        keys = (deployment_key(row[SORT]) for shard in shards("UNFINISHED") for row in self._rows.below(shard))
        rows = sorted(self._rows.find_all(keys), key=lambda row: str(row[POSITION]))
        return [each for each in map(to_deployment, rows) if not each.state.is_final]

    def advance(
        self,
        deployment: Deployment,
        state: State,
        *,
        reason: str = "",
        url: str | None = None,
        function: str | None = None,
        events: Sequence[Event] = (),
    ) -> Deployment:
        """Move a deployment to `state`; raises ConflictError when it moved meanwhile or is gone, and ValueError
        when its state may not become `state`."""
        change = Change(state, reason, url, function)
        late = ConflictError(f"deployment {deployment.id!r} is not at version {deployment.version} any more")

        def advance() -> Deployment:
            row = self._rows.find(deployment_key(deployment.id))
            if row is None or row["version"] != deployment.version:
                raise late
            before = to_deployment(row)
            after, transaction = moved(before, change, self._clock()), Transaction()
            told = self._replace(transaction, before, after, late)
            self._relay.commit(transaction, [told, *events])
            return after

        return self._again(advance)

    def _of_project(self, project_id: str, prefix: str, page: int) -> Iterator[Key]:
        pointers = self._rows.below(project_partition(project_id), prefix, newest_first=True, page=page)
        return (deployment_key(target_of(pointer[SORT])) for pointer in pointers)
