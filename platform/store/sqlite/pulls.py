"""Pull requests and retired branches in SQLite."""

import sqlite3

from battleshiper.platform.model.deployment import Deployment, State
from battleshiper.platform.model.pull_request import PullRequest, Retirement
from battleshiper.platform.store.change import changed
from battleshiper.platform.store.port import Alias, Comment, ConflictError, MissingError
from battleshiper.platform.store.sqlite import pull_rows
from battleshiper.platform.store.sqlite.alias_rows import find_alias, note_shown, put_alias
from battleshiper.platform.store.sqlite.deployment_rows import COLUMNS, find_deployment, to_deployment
from battleshiper.platform.store.sqlite.part import SqlitePart

_COMMENT = """SELECT comment_id, comment_fingerprint FROM pull_requests
    WHERE repository_id = ? AND number = ? AND comment_id IS NOT NULL"""
_KEEP_COMMENT = """UPDATE pull_requests SET comment_id = ?, comment_fingerprint = ?
    WHERE repository_id = ? AND number = ?"""
_NOTE = f"""UPDATE deployments SET retired_at = ?, updated_at = ?, version = version + 1 WHERE id = ?
    RETURNING {COLUMNS}"""  # noqa: S608 - constants


class SqlitePulls(SqlitePart):
    """See `Pulls` in `store.port`."""

    def pull(self, repository_id: int, number: int) -> PullRequest:
        """Return a pull request; raises MissingError."""
        found = self._database.read(lambda connection: pull_rows.find_pull(connection, repository_id, number))
        if found is None:
            raise MissingError("pull request", number)
        return found

    def pulls_of_branch(self, repository_id: int, branch: str) -> list[PullRequest]:
        """Return the pull requests of a branch, newest first."""
        return self._database.read(lambda connection: pull_rows.pulls_of_branch(connection, repository_id, branch))

    def comment(self, repository_id: int, number: int) -> Comment | None:
        """Return the comment on a pull request, None where there is none that we know of."""
        row = self._database.read(
            lambda connection: connection.execute(_COMMENT, (repository_id, number)).fetchone(),
        )
        return None if row is None else Comment(*row)

    def keep_comment(self, repository_id: int, number: int, comment: Comment | None) -> None:
        """Remember the comment on a pull request, or that there is none."""
        kept = (None, None) if comment is None else (comment.id, comment.fingerprint)
        values = (*kept, repository_id, number)
        self._database.write(lambda connection: connection.execute(_KEEP_COMMENT, values))

    def retirement(self, repository_id: int, branch: str) -> Retirement | None:
        """Return why a branch is shown no more, None where it is."""
        return self._database.read(lambda connection: pull_rows.find_retirement(connection, repository_id, branch))

    def retire(self, deployment: Deployment, label: str) -> Deployment:
        """Take a ready preview from its branch's hostname; raises MissingError or ConflictError."""

        def retire(connection: sqlite3.Connection) -> Deployment:
            current = _as_shown(connection, deployment)
            if current.retired_at is not None:
                return current
            alias = find_alias(connection, label)
            if alias is not None and alias.deployment_id == current.id:
                note_shown(connection, [current.id], self._now())
                connection.execute("DELETE FROM aliases WHERE label = ?", (label,))
            return self._note(connection, current.id, self._now())

        return self._database.write(retire)

    def bring_back(self, deployment: Deployment, label: str) -> Deployment:
        """Show a retired preview at its branch's hostname again; raises MissingError or ConflictError."""

        def bring_back(connection: sqlite3.Connection) -> Deployment:
            current = _as_shown(connection, deployment)
            if current.retired_at is None:
                raise ConflictError(f"deployment {current.id!r} is not retired")
            if pull_rows.find_retirement_of(connection, current) is not None:
                raise ConflictError(f"the branch {current.commit.branch!r} is retired")
            alias = find_alias(connection, label)
            if alias is not None and (alias.project_id != current.project_id or alias.newest > current.number):
                raise ConflictError(f"the hostname {label!r} is another deployment's")
            shown = [current.id] if alias is None else [current.id, alias.deployment_id]
            note_shown(connection, shown, self._now())
            put_alias(connection, Alias(label, current.project_id, current.id, current.number, moves=True))
            return self._note(connection, current.id, None)

        return self._database.write(bring_back)

    def _note(self, connection: sqlite3.Connection, deployment_id: str, retired_at: int | None) -> Deployment:
        noted = to_deployment(connection.execute(_NOTE, (retired_at, self._now(), deployment_id)).fetchone())
        self._enqueue(connection, [changed(noted.id, noted.project_id, noted.commit.sha, noted.version, noted.state)])
        return noted


def _as_shown(connection: sqlite3.Connection, deployment: Deployment) -> Deployment:
    """Return a deployment that can be retired or brought back, as it is now."""
    current = find_deployment(connection, deployment.id)
    if current.version != deployment.version or current.state is not State.READY or current.expired_at is not None:
        raise ConflictError(f"deployment {deployment.id!r} is not as it was any more")
    return current
