"""The demo's story: what a user does in the first minutes, done for real and looked at from outside."""

from time import monotonic
from typing import Any

from battleshiper.infra.local.demo.fork_story import ForkStory
from battleshiper.infra.local.demo.page import edit_headline
from battleshiper.infra.local.demo.pull_story import PullStory
from battleshiper.infra.local.demo.stage import Narrator, Stage, expect, milliseconds_since
from battleshiper.infra.local.demo.watch import Watch, headline


class Story:
    """Push, see it live, push again, roll back; then a pull request, and one from outside."""

    def __init__(self, stage: Stage, narrator: Narrator) -> None:
        self._stage = stage
        self._narrator = narrator
        self._watch = Watch(stage, narrator)

    def run(self) -> dict[str, Any]:
        """Play it to the end and return what was seen; raises StoryError."""
        stage, narrator, watch = self._stage, self._narrator, self._watch
        narrator.begin("git push: a SvelteKit app, in which no line knows Battleshiper")
        stage.repository.create()
        start = monotonic()
        sha = stage.repository.push()
        narrator.done(f"pushed {sha[:7]} to main")
        first = watch.follow(sha, start)
        page = watch.fetch(first["url"])
        narrator.begin("GitHub: commit status and Deployment")
        statuses, deployment = watch.reports(sha)
        shown = statuses[0]["target_url"], deployment["environment_url"]
        expect(shown == (first["url"], first["url"]), f"GitHub leads to {shown} and not to {first['url']}.")
        narrator.done(f"{statuses[0]['context']}: {statuses[0]['description']}")

        narrator.begin("git push: another headline")
        stage.repository.change(*edit_headline("Second push"), "Change the headline")
        second_start = monotonic()
        second_sha = stage.repository.push()
        narrator.done(f"pushed {second_sha[:7]} to main")
        second = watch.follow(second_sha, second_start)
        changed = watch.fetch(second["url"])
        expect(headline(changed.text) != headline(page.text), "The second push did not change the page.")

        narrator.begin("Roll back, without a build")
        rollback_start = monotonic()
        stage.api.post(f"/projects/{first['project']}/rollback")
        restored = watch.fetch(first["url"])
        rollback_ms = milliseconds_since(rollback_start)
        expect(headline(restored.text) == headline(page.text), "The rollback did not bring the first page back.")
        narrator.done(f"the first page is back after {rollback_ms} ms")
        return {
            "repository": stage.repository_name,
            "sha": sha,
            "production": {
                "state": first["state"],
                "url": first["url"],
                "http_status": page.status_code,
                "statuses": statuses,
                "deployment": deployment,
            },
            "second_push": {
                "state": second["state"],
                "url": second["url"],
                "http_status": changed.status_code,
                "changed": True,
            },
            "rollback": {"ms": rollback_ms, "restored": True},
            "preview": PullStory(stage, narrator, watch).run(first["url"]),
            "fork": ForkStory(stage, narrator, watch).run(),
            "timings_ms": first["timings_ms"],
        }
