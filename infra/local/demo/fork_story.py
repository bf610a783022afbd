"""The part of the story that somebody from outside plays."""

from typing import Any

from battleshiper.infra.local.demo.page import edit_headline
from battleshiper.infra.local.demo.stage import Narrator, Stage, StoryError, until
from battleshiper.infra.local.demo.watch import Watch
from battleshiper.infra.local.github.person import Person

_OUTSIDER = "ada"
_BRANCH = "from-outside"
_SECONDS = 30.0


class ForkStory:
    """A pull request from a fork, which waits for a maintainer."""

    def __init__(self, stage: Stage, narrator: Narrator, watch: Watch) -> None:
        self._stage = stage
        self._narrator = narrator
        self._watch = watch

    def run(self) -> dict[str, Any]:
        """Play it and return what was seen; raises StoryError."""
        stage, narrator = self._stage, self._narrator
        narrator.begin(f"A pull request from {_OUTSIDER}'s fork")
        outsider = Person.other(stage.owner.url, _OUTSIDER)
        stage.owner.grant(stage.repository_name, _OUTSIDER, "read")
        fork = outsider.fork(stage.repository_name)
        stage.repository.branch(_BRANCH)
        stage.repository.change(*edit_headline("Hello from outside"), "Greet from outside")
        sha = stage.repository.push_elsewhere(f"{outsider.url}/{fork}.git", _BRANCH, outsider.git_header)
        number = outsider.open_pull(stage.repository_name, f"{_OUTSIDER}:{_BRANCH}", title="Greet from outside")
        said = self._wait(sha)
        narrator.done(f"pull request #{number} is not built: {said}")

        narrator.begin("A maintainer comments /deploy")
        stage.owner.comment(stage.repository_name, number, f"/deploy {sha[:7]}")
        for _ in until(_SECONDS):
            state = (self._watch.find(sha) or {}).get("state")
            if state not in (None, "awaiting_approval"):
                narrator.done(f"{sha[:7]} is {state}")
                return {"number": number, "waiting": True, "approved_state": self._end(sha)}
        raise StoryError(f"The approval of {sha[:7]} had no effect.")

    def _wait(self, sha: str) -> str:
        """Return what the commit's status says while it waits."""
        for _ in until(_SECONDS):
            statuses = self._stage.github.statuses(sha)
            found = self._watch.find(sha)
            if statuses and statuses[0]["state"] == "pending" and found and found["state"] == "awaiting_approval":
                return str(statuses[0]["description"])
        raise StoryError(f"The commit {sha[:7]} from outside does not wait for a maintainer.")

    def _end(self, sha: str) -> str:
        deployment = self._watch.follow(sha)
        self._watch.fetch(deployment["url"])
        return str(deployment["state"])
