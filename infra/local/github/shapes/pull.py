"""Pull requests, and the issues that GitHub sees in them."""

from dataclasses import dataclass

from battleshiper.infra.local.github.records.accounts import Account
from battleshiper.infra.local.github.records.pulls import Pull
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.repository import api_url, association, page_url, repository_shape
from battleshiper.infra.local.github.shapes.shape import Shape, no_reactions, node_id


@dataclass(frozen=True, slots=True)
class PullFacts:
    """What git and the comments know of a pull request."""

    commits: int
    additions: int
    deletions: int
    changed_files: int
    mergeable: bool | None
    comments: int


def pull_shape(settings: GitHubSettings, repository: Repository, pull: Pull) -> Shape:
    """Return a pull request as lists show it."""
    url, page = api_url(settings, repository), page_url(settings, repository)
    own, issue = f"{url}/pulls/{pull.number}", f"{url}/issues/{pull.number}"
    links = {
        "self": own,
        "html": f"{page}/pull/{pull.number}",
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{own}/comments",
        "review_comment": f"{url}/pulls/comments{{/number}}",
        "commits": f"{own}/commits",
        "statuses": f"{url}/statuses/{pull.head_sha}",
    }
    return {
        "url": own,
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "html_url": links["html"],
        "diff_url": f"{links['html']}.diff",
        "patch_url": f"{links['html']}.patch",
        "issue_url": issue,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": links["statuses"],
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "user": account_shape(settings, pull.creator),
        "body": pull.body,
        "labels": [],
        "milestone": None,
        "active_lock_reason": None,
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "closed_at": pull.closed_at,
        "merged_at": pull.merged_at,
        "merge_commit_sha": pull.merge_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "head": _end(settings, pull.head_repository, pull.head_owner, pull.head, pull.head_sha),
        "base": _end(settings, repository, repository.owner, pull.base, pull.base_sha),
        "_links": {name: {"href": href} for name, href in links.items()},
        "author_association": association(repository, pull.creator),
        "auto_merge": None,
        "draft": pull.draft,
    }


def full_pull_shape(settings: GitHubSettings, repository: Repository, pull: Pull, facts: PullFacts) -> Shape:
    """Return a pull request as its own answer and its events show it."""
    merged = pull.merged_at is not None
    states = {True: "clean", False: "dirty", None: "unknown"}
    return {
        **pull_shape(settings, repository, pull),
        "merged": merged,
        "mergeable": None if merged else facts.mergeable,
        "rebaseable": None if merged else facts.mergeable,
        "mergeable_state": states[facts.mergeable],
        "merged_by": account_shape(settings, repository.owner) if merged else None,
        "comments": facts.comments,
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": facts.commits,
        "additions": facts.additions,
        "deletions": facts.deletions,
        "changed_files": facts.changed_files,
    }


def issue_shape(settings: GitHubSettings, repository: Repository, pull: Pull, comments: int) -> Shape:
    """Return a pull request as the issue that its comments belong to."""
    url, page = api_url(settings, repository), page_url(settings, repository)
    own = f"{url}/issues/{pull.number}"
    return {
        "url": own,
        "repository_url": url,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "html_url": f"{page}/pull/{pull.number}",
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "number": pull.number,
        "title": pull.title,
        "user": account_shape(settings, pull.creator),
        "labels": [],
        "state": pull.state,
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": comments,
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "closed_at": pull.closed_at,
        "author_association": association(repository, pull.creator),
        "active_lock_reason": None,
        "body": pull.body,
        "reactions": no_reactions(own),
        "draft": pull.draft,
        "pull_request": {
            "url": f"{url}/pulls/{pull.number}",
            "html_url": f"{page}/pull/{pull.number}",
            "diff_url": f"{page}/pull/{pull.number}.diff",
            "patch_url": f"{page}/pull/{pull.number}.patch",
            "merged_at": pull.merged_at,
        },
    }


def _end(settings: GitHubSettings, repository: Repository | None, owner: Account, branch: str, sha: str) -> Shape:
    return {
        "label": f"{owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": account_shape(settings, owner),
        "repo": repository_shape(settings, repository) if repository else None,
    }
