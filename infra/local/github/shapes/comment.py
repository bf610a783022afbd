"""Comments in pull requests."""

from battleshiper.infra.local.github.records.comments import Comment
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.repository import api_url, page_url
from battleshiper.infra.local.github.shapes.shape import Shape, no_reactions, node_id


def comment_shape(settings: GitHubSettings, repository: Repository, comment: Comment) -> Shape:
    """Return one comment."""
    url = api_url(settings, repository)
    owns = comment.creator == settings.owner_login
    return {
        "id": comment.id,
        "node_id": node_id("IssueComment", comment.id),
        "url": f"{url}/issues/comments/{comment.id}",
        "html_url": f"{page_url(settings, repository)}/pull/{comment.number}#issuecomment-{comment.id}",
        "issue_url": f"{url}/issues/{comment.number}",
        "body": comment.body,
        "user": account_shape(settings, comment.creator),
        "created_at": comment.created_at,
        "updated_at": comment.updated_at,
        "author_association": "OWNER" if owns else "NONE",
        "performed_via_github_app": None,
        "reactions": no_reactions(f"{url}/issues/comments/{comment.id}"),
    }
