"""Skipping: ends a build before it begins, where the repository says that nothing in it matters to the site.

A command's 0 skips and all else builds, as people know it from elsewhere:
https://vercel.com/kb/guide/how-do-i-use-the-ignored-build-step-field-on-vercel,
https://docs.netlify.com/configure-builds/ignore-builds/
"""

from dataclasses import dataclass

from battleshiper.build_runner.crafts import Crafts
from battleshiper.build_runner.deadline import Deadline
from battleshiper.build_runner.detection.plan import Plan
from battleshiper.build_runner.detection.relevance import Relevance
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.source import Source
from battleshiper.build_runner.tools.toolbox import Toolboxes
from battleshiper.platform.model.instructions import Instructions
from battleshiper.platform.model.marker import find_marker
from battleshiper.platform.model.result import FailureCode

_COMPARE_SECONDS = 120
_IGNORE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Skipping:
    """Asks git what changed since the commit that is served, and the project's own command. In doubt it builds."""

    instructions: Instructions
    log: BuildLog
    source: Source
    toolboxes: Toolboxes
    crafts: Crafts

    def reason(self, plan: Plan) -> str | None:
        """Return why the commit need not be built, None when it is to be. Raises BuildError for the platform's own
        failures; what the repository's command fails at, and what takes too long, is a reason to build."""
        relevance = plan.relevance
        if not self.instructions.may_skip:
            return None
        try:
            return self._find_marker() or (self._judge(plan, relevance) if relevance.is_asked else None)
        except BuildError as error:
            if error.code is FailureCode.PLATFORM:
                raise
            self.log.say(f"Whether it matters cannot be told: {error} Building.")
            return None

    def _find_marker(self) -> str | None:
        if not self.instructions.heeds_message:
            return None
        message = self.source.message(self.instructions.source.sha, Deadline(_COMPARE_SECONDS))
        marker = find_marker(message)
        return f"Skipped: the commit message says {marker}" if marker else None

    def _judge(self, plan: Plan, relevance: Relevance) -> str | None:
        live = self._fetch_live()
        if live and relevance.is_narrow and not self._is_concerned(live, relevance):
            return f"Skipped: nothing in {relevance.subject} changed since {live[:7]}, which is live"
        if relevance.ignore and self._is_ignored(plan, relevance.ignore, live):
            return f"Skipped: the ignore command of {relevance.said_in} says so"
        return None

    def _fetch_live(self) -> str | None:
        live = self.instructions.live_sha
        if not live:
            self.log.say("There is no live site to compare with.")
            return None
        self.log.phase(f"Comparing with {live[:12]}, which is live")
        if self.source.fetch_beside(self.instructions.source, live, Deadline(_COMPARE_SECONDS)):
            return live
        self.log.say("That commit is not to be had any more, so everything counts as changed.")
        return None

    def _is_concerned(self, live: str, relevance: Relevance) -> bool:
        """Tell whether files that matter changed. Who pushes a commit without any change wants a build."""
        deadline = Deadline(_COMPARE_SECONDS)
        sha = self.instructions.source.sha
        if not self.source.differs(live, sha, [], deadline):
            self.log.say("No file changed at all: building.")
            return True
        asked = (relevance.settings_pathspecs(), relevance.pathspecs())
        is_concerned = any(self.source.differs(live, sha, pathspecs, deadline) for pathspecs in asked)
        self.log.say(f"{'Something' if is_concerned else 'Nothing'} in {relevance.subject} changed.")
        return is_concerned

    def _is_ignored(self, plan: Plan, command: str, live: str | None) -> bool:
        toolbox = self.toolboxes.pack(plan.node, plan.installation)
        code = self.crafts.ask(plan, toolbox, command, live or "", Deadline(_IGNORE_SECONDS))
        self.log.say(f"The ignore command ended with exit code {code}: {'building' if code else 'not building'}.")
        return code == 0
