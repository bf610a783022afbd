"""Pull requests and retired branches in DynamoDB."""

from collections.abc import Callable

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.store.change import changed
from battleshiper.platform.store.dynamodb.alias_row import to_alias
from battleshiper.platform.store.dynamodb.pull_row import find_pull, find_retirement, pulls_of_branch
from battleshiper.platform.store.dynamodb.showing import NOT_EXPIRED, DynamoShowing, point
from battleshiper.platform.store.dynamodb.table import deployment_key, label_key, project_key, pull_key
from battleshiper.platform.store.dynamodb.transaction import IS_NEW, IS_THERE, Transaction
from battleshiper.platform.store.dynamodb.values import Values, setting
from battleshiper.platform.store.port import Alias, Comment, ConflictError, MissingError

_STILL_POINTS = "#deployment_id = :deployment_id"
_AS_SEEN = f"#version = :seen AND {NOT_EXPIRED}"
_REMOVE_COMMENT = "REMOVE #comment_id, #comment_fingerprint"


class DynamoPulls(DynamoShowing):
    """See `Pulls` in `store.port`."""

    def pull(self, repository_id: int, number: int) -> PullRequest:
        """Return a pull request; raises MissingError."""
        found = find_pull(self._rows, repository_id, number)
        if found is None:
            raise MissingError("pull request", number)
        return found

    def pulls_of_branch(self, repository_id: int, branch: str) -> list[PullRequest]:
        """Return the pull requests of a branch, newest first."""
        return pulls_of_branch(self._rows, repository_id, branch)

    def comment(self, repository_id: int, number: int) -> Comment | None:
        """Return the comment on a pull request, None where there is none that we know of."""
        row = self._rows.find(pull_key(repository_id, number)) or {}
        return Comment(row["comment_id"], row["comment_fingerprint"]) if "comment_id" in row else None

    def keep_comment(self, repository_id: int, number: int, comment: Comment | None) -> None:
        """Remember the comment on a pull request, or that there is none."""
        key = pull_key(repository_id, number)
        if comment is None:
            self._again(lambda: self._rows.update(key, _REMOVE_COMMENT, IS_THERE))
            return
        values: Values = {"comment_id": comment.id, "comment_fingerprint": comment.fingerprint}
        self._again(lambda: self._rows.update(key, setting(values), IS_THERE, values))

    def retirement(self, repository_id: int, branch: str) -> Retirement | None:
        """Return why a branch is shown no more, None where it is."""
        return find_retirement(self._rows, repository_id, branch)

    def retire(self, deployment: Deployment, label: str) -> Deployment:
        """Take a ready preview from its branch's hostname; raises MissingError or ConflictError."""

        def retire(current: Deployment) -> Deployment:
            if current.retired_at is not None:
                return current
            transaction, now = Transaction(), self._now()
            values: Values = {"retired_at": now}
            row = self._current([label]).get(label, {})
            if row.get("deployment_id") == current.id:
                values = {**values, "shown_at": now}
                transaction.delete(label_key(label), _STILL_POINTS, {"deployment_id": current.id})
            return self._note(transaction, current, setting(values), values)

        return self._of(deployment, retire)

    def bring_back(self, deployment: Deployment, label: str) -> Deployment:
        """Show a retired preview at its branch's hostname again; raises MissingError or ConflictError."""

        def bring_back(current: Deployment) -> Deployment:
            if current.retired_at is None:
                raise ConflictError(f"deployment {current.id!r} is not retired")
            transaction = Transaction()
            key = self._retirement_key(current)
            if key is not None:
                if self._rows.find(key) is not None:
                    raise ConflictError(f"the branch {current.commit.branch!r} is retired")
                transaction.check(key, IS_NEW)
            row = self._current([label]).get(label, {})
            if row and (row["project_id"] != current.project_id or row.get("newest", 0) > current.number):
                raise ConflictError(f"the hostname {label!r} is another deployment's")
            before = to_alias(row) if row else None
            self._note_shown(transaction, {before.deployment_id} - {current.id} if before else ())
            point(transaction, Alias(label, current.project_id, current.id, current.number, moves=True))
            shown: Values = {"shown_at": self._now()}
            return self._note(transaction, current, f"{setting(shown)} REMOVE #retired_at", shown)

        return self._of(deployment, bring_back)

    def _of(self, deployment: Deployment, change: Callable[[Deployment], Deployment]) -> Deployment:
        """Change a deployment that can be retired or brought back, as it is now."""

        def step() -> Deployment:
            current = self._find_deployment(deployment.id)
            is_as_shown = current.version == deployment.version and current.state is State.READY
            if not is_as_shown or current.expired_at is not None:
                raise ConflictError(f"deployment {deployment.id!r} is not as it was any more")
            return change(current)

        return self._again(step)

    def _note(self, transaction: Transaction, current: Deployment, change: str, values: Values) -> Deployment:
        transaction.check(project_key(current.project_id), IS_THERE, refusal=MissingError("deployment", current.id))
        version = current.version + 1
        added: Values = {**values, "updated_at": self._now(), "version": version, "seen": current.version, "one": 1}
        change = change.replace("SET ", "SET #updated_at = :updated_at, #version = :version, ", 1) + " ADD #shows :one"
        transaction.update(deployment_key(current.id), change, _AS_SEEN, added)
        told = changed(current.id, current.project_id, current.commit.sha, version, current.state)
        self._relay.commit(transaction, [told])
        return self._find_deployment(current.id)
