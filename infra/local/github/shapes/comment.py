"""Comments in pull requests, and reactions to them."""

from collections import Counter

from battleshiper.infra.local.github.records.comments import REACTIONS, Comment, Reaction
from battleshiper.infra.local.github.records.repositories import Repository
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.accounts import account_shape
from battleshiper.infra.local.github.shapes.installation import app_shape
from battleshiper.infra.local.github.shapes.repository import api_url, association, page_url
from battleshiper.infra.local.github.shapes.shape import Shape, node_id


def comment_shape(settings: GitHubSettings, repository: Repository, comment: Comment) -> Shape:
    """Return one comment."""
    url = api_url(settings, repository)
    own = f"{url}/issues/comments/{comment.id}"
    counts = Counter(reaction.content for reaction in comment.reactions)
    by_app = comment.creator.kind == "Bot"
    return {
        "id": comment.id,
        "node_id": node_id("IssueComment", comment.id),
        "url": own,
        "html_url": f"{page_url(settings, repository)}/pull/{comment.number}#issuecomment-{comment.id}",
        "issue_url": f"{url}/issues/{comment.number}",
        "body": comment.body,
        "user": account_shape(settings, comment.creator),
        "created_at": comment.created_at,
        "updated_at": comment.updated_at,
        "author_association": association(repository, comment.creator),
        "performed_via_github_app": app_shape(settings, repository.created_at) if by_app else None,
        "reactions": {
            "url": f"{own}/reactions",
            "total_count": counts.total(),
            **{content: counts[content] for content in REACTIONS},
        },
    }


def reaction_shape(settings: GitHubSettings, reaction: Reaction) -> Shape:
    """Return one reaction."""
    return {
        "id": reaction.id,
        "node_id": node_id("Reaction", reaction.id),
        "user": account_shape(settings, reaction.creator),
        "content": reaction.content,
        "created_at": reaction.created_at,
    }
