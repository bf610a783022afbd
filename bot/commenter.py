"""The commenter: keeps the one comment on each pull request as things stand.

It is written when there is something to show, and edited from then on. Whoever deletes it is not shown another one
before the next commit.
"""

import logging
from datetime import datetime
from hashlib import sha256

from battleshiper.bot.comment import MARKER, write_comment
from battleshiper.bot.conversation import Conversation
from battleshiper.bot.github import GitHubRefusedError, GitHubUnavailableError, RepositoryAccess
from battleshiper.bot.patience import Patience
from battleshiper.bot.pull_view import PullView
from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.model.event import Event
from battleshiper.platform.model.project import Project, Surface
from battleshiper.platform.model.pull_request import PullRequest
from battleshiper.platform.store.port import Comment, MissingError, Store

_log = logging.getLogger(__name__)

_GONE = frozenset({404, 410})
_NONE = 0
"""The id of a comment that a person has deleted. GitHub's are greater."""


class Commenter:
    """Handles `battleshiper.pull-request-changed`. Events of one pull request come one at a time (`Event.group`)."""

    def __init__(self, store: Store, conversation: Conversation, view: PullView, patience: Patience) -> None:
        self._store = store
        self._conversation = conversation
        self._view = view
        self._patience = patience

    def comment(self, event: Event) -> None:
        """Let the comment say how things stand. Raises RetryLaterError while GitHub is out of reach or limits us; what
        it refuses for good is logged."""
        try:
            repository_id, number = int(event.detail["repository"]), int(event.detail["number"])
        except (KeyError, ValueError) as error:
            raise GiveUpError("the event names no pull request") from error
        try:
            pull = self._store.pull(repository_id, number)
        except MissingError:
            return
        projects = self._store.projects_of_repository(repository_id)
        rows = list(self._view.rows(pull, [project for project in projects if Surface.COMMENT in project.surfaces]))
        if rows:
            can_wait = not all(row.deployment.state.is_final for row in rows)
            self._keep(pull, projects[0], write_comment(rows), rows[0].deployment.updated_at, can_wait=can_wait)

    def _keep(self, pull: PullRequest, project: Project, text: str, since: datetime, *, can_wait: bool) -> None:
        known = self._store.comment(pull.repository_id, pull.number)
        mark = _fingerprint(pull.sha if known is not None and known.id == _NONE else text)
        if known is not None and known.fingerprint == mark:
            return
        self._patience.wait_for_turn(project.installation_id, can_wait=can_wait)
        repository = RepositoryAccess(project.installation_id, project.repository_id, project.repository)
        try:
            kept = self._write(repository, pull, known, text)
        except GitHubUnavailableError as error:
            raise self._patience.later(project.installation_id, since, error) from error
        except GitHubRefusedError as error:
            _log.warning(
                "%s: GitHub refuses the comment on pull request #%d: %s. Check that the App is installed there with "
                "the permission pull_requests:write, and that the conversation is not locked.",
                repository.full_name,
                pull.number,
                error,
            )
            return
        self._patience.was_heard(project.installation_id)
        self._store.keep_comment(pull.repository_id, pull.number, kept)

    def _write(self, repository: RepositoryAccess, pull: PullRequest, known: Comment | None, text: str) -> Comment:
        """Write the text where it belongs, and return what to remember of it."""
        if known is not None and known.id != _NONE:
            try:
                self._conversation.edit_comment(repository, known.id, text)
            except GitHubRefusedError as error:
                if error.status not in _GONE:
                    raise
                return Comment(_NONE, _fingerprint(pull.sha))
            return Comment(known.id, _fingerprint(text))
        # We may have died between writing it and remembering it.
        comments = self._conversation.comments_of(repository, pull.number)
        found = next((each for each in comments if each.is_ours and each.body.startswith(MARKER)), None)
        if found is None:
            comment_id = self._conversation.create_comment(repository, pull.number, text)
        else:
            comment_id = found.id
            self._conversation.edit_comment(repository, comment_id, text)
        return Comment(comment_id, _fingerprint(text))


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
