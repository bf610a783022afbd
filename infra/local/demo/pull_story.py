"""The part of the story that happens in a pull request."""

from time import monotonic
from typing import Any

from battleshiper.infra.local.demo.page import edit_headline
from battleshiper.infra.local.demo.stage import Narrator, Stage, StoryError, expect, until
from battleshiper.infra.local.demo.watch import Watch, headline

_BRANCH = "new-headline"
_MARK = "what this pull request deploys"
_SECONDS = 30.0


class PullStory:
    """A branch and a pull request, its preview, a fix, decisions in comments, and the end of the preview."""

    def __init__(self, stage: Stage, narrator: Narrator, watch: Watch) -> None:
        self._stage = stage
        self._narrator = narrator
        self._watch = watch

    def run(self, production: str) -> dict[str, Any]:
        """Play it and return what was seen; raises StoryError. `production` is the site's address."""
        stage, narrator, watch = self._stage, self._narrator, self._watch
        narrator.begin("git push: a branch, and a pull request for it")
        stage.repository.branch(_BRANCH)
        first = self._push("A new headlin")
        number = stage.owner.open_pull(stage.repository_name, _BRANCH, title="Change the headline")
        narrator.done(f"pull request #{number}, of {first[:7]}")
        watch.follow(first)

        narrator.begin("git push: a fix in the same branch")
        sha, start = self._push("A new headline"), monotonic()
        narrator.done(f"pushed {sha[:7]} to {_BRANCH}")
        preview = watch.follow(sha, start)
        page = watch.fetch(preview["url"])
        expect(headline(page.text) == "A new headline", "The preview does not show the fix.")

        narrator.begin("GitHub: the pull request's checks, Deployment and comment")
        statuses, deployment = watch.reports(sha)
        comment = self._comment(number, preview["url"])
        narrator.done(f"one comment, edited in place, leads to {preview['url']}")

        narrator.begin("Decide in the pull request: /promote, then /rollback")
        before = headline(watch.fetch(production).text)
        self._say(number, "/promote")
        watch.wait_for_headline(production, "A new headline")
        self._say(number, "/rollback")
        watch.wait_for_headline(production, before)
        narrator.done("production showed the preview, and shows what it did before")

        narrator.begin("Close the pull request")
        stage.owner.close(stage.repository_name, number)
        self._wait_for_end(sha, preview)
        narrator.done("the preview is retired: gone from its branch's address, inactive on GitHub")
        return {
            "number": number,
            "state": preview["state"],
            "url": preview["url"],
            "http_status": page.status_code,
            "comment": comment,
            "statuses": statuses,
            "deployment": deployment,
            "retired": True,
        }

    def _push(self, text: str) -> str:
        self._stage.repository.change(*edit_headline(text), text)
        return self._stage.repository.push(_BRANCH)

    def _comment(self, number: int, url: str) -> str:
        """Return the one comment that leads to the preview."""
        for _ in until(_SECONDS):
            found = [each["body"] for each in self._stage.owner.comments(self._stage.repository_name, number)]
            ours = [body for body in found if _MARK in body]
            expect(len(ours) <= 1, f"There are {len(ours)} comments where one is meant to be.")
            if ours and url in ours[0]:
                return str(ours[0])
        raise StoryError(f"No comment on pull request #{number} leads to {url}.")

    def _say(self, number: int, command: str) -> None:
        """Comment, and wait until it was done."""
        owner, repository = self._stage.owner, self._stage.repository_name
        comment = owner.comment(repository, number, command)
        self._narrator.progress(command)
        for _ in until(_SECONDS):
            reactions = {content for _, content in owner.reactions(repository, comment)}
            expect("-1" not in reactions, f"{command} was refused.")
            if "+1" in reactions:
                return
        raise StoryError(f"Nothing was done on {command}.")

    def _wait_for_end(self, sha: str, preview: dict[str, Any]) -> None:
        own = f"-{preview['id']}."
        branch = preview["url"].replace(own, f"-git-{_BRANCH}.", 1)
        for _ in until(_SECONDS):
            shown = self._stage.github.deployment(sha)
            if self._watch.visit(branch).status_code == 404 and shown and shown["state"] == "inactive":
                return
        raise StoryError(f"The preview at {branch} did not end with its pull request.")
