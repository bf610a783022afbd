"""Announcements: puts events of GitHub's shape into the outbox, each to an App that subscribed to it."""

from collections.abc import Sequence

from battleshiper.infra.local.github.git.changes import read_changes
from battleshiper.infra.local.github.git.history import count_commits, find_merge_base
from battleshiper.infra.local.github.git.merging import MergeConflictError, merge_trees
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.comments import Comment, Comments
from battleshiper.infra.local.github.records.deliveries import Deliveries
from battleshiper.infra.local.github.records.pulls import Pull
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.comment import comment_shape
from battleshiper.infra.local.github.shapes.installation import installation_reference, installation_shape
from battleshiper.infra.local.github.shapes.pull import PullFacts, full_pull_shape, issue_shape
from battleshiper.infra.local.github.shapes.push import Push, push_shape
from battleshiper.infra.local.github.shapes.repository import brief_repository_shape, repository_shape
from battleshiper.infra.local.github.shapes.shape import Shape


class Announcements:
    """Tells the App. Called inside the transaction of what is told."""

    def __init__(
        self,
        settings: GitHubSettings,
        accounts: Accounts,
        deliveries: Deliveries,
        comments: Comments,
        registration: Registration,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._deliveries = deliveries
        self._registration = registration
        self._comments = comments

    def registered(self, installed_at: str) -> None:
        """Tell that the webhook was set up."""
        settings = self._settings
        hook: Shape = {
            "type": "App",
            "id": settings.app_id,
            "name": "web",
            "active": True,
            "app_id": settings.app_id,
            "events": list(settings.events),
            "config": {"content_type": "json", "insecure_ssl": "0", "secret": "********", "url": settings.webhook_url},
            "created_at": installed_at,
            "updated_at": installed_at,
            "deliveries_url": f"{settings.api_url}/app/hook/deliveries",
        }
        zen = "Ship early, ship often, and know how to turn back."
        self._tell("ping", {"zen": zen, "hook_id": settings.app_id, "hook": hook})

    def installation_changed(self, action: str, repositories: Sequence[Repository] = (), **more: object) -> None:
        """Tell that the App was installed (`created`), `suspend`ed, ... on the repositories that there are."""
        payload: Shape = {
            "action": action,
            "installation": installation_shape(self._settings, self._registration.installation),
            "repositories": [brief_repository_shape(repository) for repository in repositories],
            "requester": None,
            "sender": account_shape(self._settings, self._accounts.owner),
            **more,
        }
        self._tell("installation", payload)

    def repositories_changed(self, added: Sequence[Repository] = (), removed: Sequence[Repository] = ()) -> None:
        """Tell that the installation has other repositories."""
        installation = installation_shape(self._settings, self._registration.installation)
        payload: Shape = {
            "action": "added" if added else "removed",
            "installation": installation,
            "repository_selection": installation["repository_selection"],
            "repositories_added": [brief_repository_shape(repository) for repository in added],
            "repositories_removed": [brief_repository_shape(repository) for repository in removed],
            "requester": None,
            "sender": account_shape(self._settings, self._accounts.owner),
        }
        self._tell("installation_repositories", payload)

    def authorization_revoked(self, account: Account) -> None:
        """Tell that the App may not act for somebody any more."""
        payload: Shape = {"action": "revoked", "sender": account_shape(self._settings, account)}
        self._tell("github_app_authorization", payload)

    def repository_changed(self, repository: Repository, action: str, by: Account, **more: object) -> None:
        """Tell that a repository was `created`, `renamed`, ..."""
        self._announce("repository", action, repository, more, by)

    def transferred(self, repository: Repository, before: Account, by: Account) -> None:
        """Tell that a repository has come from another account."""
        shape = account_shape(self._settings, before)
        origin: Shape = {"user": shape}
        if before.kind == "Organization":
            urls = {
                f"{name}_url": f"{shape['url']}/{name}" for name in ("hooks", "issues", "members", "public_members")
            }
            origin = {"organization": {**shape, **urls, "description": None}}
        self.repository_changed(repository, "transferred", by, changes={"owner": {"from": origin}})

    def pushed(self, repository: Repository, push: Push, by: Account) -> None:
        """Tell that a ref moved."""
        if "push" in self._settings.events and repository.installed:
            self._tell("push", push_shape(self._settings, repository, push, by), repository.id)

    def pull_changed(self, repository: Repository, pull: Pull, action: str, by: Account, **more: object) -> None:
        """Tell that a pull request was `opened`, `closed`, ..."""
        shape = full_pull_shape(self._settings, repository, pull, self.facts(repository, pull))
        payload = {"number": pull.number, "pull_request": shape, **more}
        self._announce("pull_request", action, repository, payload, by)

    def commented(
        self, repository: Repository, pull: Pull, comment: Comment, action: str, by: Account, **more: object
    ) -> None:
        """Tell that a comment was `created`, `edited` or `deleted`."""
        comments = self._comments.count(repository.id, pull.number)
        payload = {
            "issue": issue_shape(self._settings, repository, pull, comments),
            "comment": comment_shape(self._settings, repository, comment),
            **more,
        }
        self._announce("issue_comment", action, repository, payload, by)

    def facts(self, repository: Repository, pull: Pull) -> PullFacts:
        """Return what git and the comments know of a pull request."""
        folder = repository.folder
        base = find_merge_base(folder, pull.base_sha, pull.head_sha)
        changes = read_changes(folder, base, pull.head_sha)
        try:
            merge_trees(folder, pull.base_sha, pull.head_sha)
            mergeable = True
        except MergeConflictError:
            mergeable = False
        return PullFacts(
            commits=count_commits(folder, pull.head_sha, f"^{pull.base_sha}"),
            additions=sum(change.additions for change in changes),
            deletions=sum(change.deletions for change in changes),
            changed_files=len(changes),
            mergeable=mergeable,
            comments=self._comments.count(repository.id, pull.number),
        )

    def _announce(self, event: str, action: str, repository: Repository, payload: Shape, by: Account) -> None:
        if event not in self._settings.events or not repository.installed:
            return
        whole: Shape = {
            "action": action,
            **payload,
            "repository": repository_shape(self._settings, repository),
            "sender": account_shape(self._settings, by),
            "installation": installation_reference(self._settings),
        }
        self._tell(event, whole, repository.id)

    def _tell(self, event: str, payload: Shape, repository_id: int | None = None) -> None:
        about_itself = event in ("ping", "installation", "github_app_authorization")
        is_told = about_itself or (self._registration.is_installed and not self._registration.is_suspended)
        if self._settings.webhook_url and is_told:
            self._deliveries.add(event, payload, repository_id)
