"""The previews of a branch: they end with it, or with its pull request, and come back with either."""

from collections.abc import Iterable

from battleshiper.platform.model.delivery import Decision, Verdict
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.pull_request import Retirement
from battleshiper.platform.pipeline.requests import MintTicket, settle_request
from battleshiper.platform.store.port import Known
from battleshiper.platform.tickets.ticket import Requester
from battleshiper.webhooks.plan import Plan


class Previews:
    """Plans their ends and their returns. What is shown in the end is for the settle step, which looks how things
    stand then."""

    def __init__(self, mint: MintTicket) -> None:
        self._mint = mint

    def end(
        self,
        plan: Plan,
        known: Known,
        projects: Iterable[Project],
        retirement: Retirement,
        *,
        production: str | None,
        user: int,
    ) -> None:
        """Retire the branch for every project that deploys it as a preview, also before it has: its push may come
        late. `production` is the repository's default branch, for projects that know of none."""
        before = known.retirement(retirement.repository_id, retirement.branch)
        if before is not None and before.retired_at > retirement.retired_at:
            plan.ignore(f"{retirement.reason} It was retired again since.")
            return
        for project in projects:
            rivals = known.rivals(project.id, retirement.branch)
            if retirement.branch == (project.production_branch or production):
                plan.ignore(f"{retirement.reason} It is the production branch, so its site stays.", project.id)
            elif retirement.retired_at and any(rival.pushed_at > retirement.retired_at for rival in rivals):
                plan.ignore(f"{retirement.reason} It was pushed to again since.", project.id)
            else:
                if retirement not in plan.retirements:
                    plan.retirements.append(retirement)
                if not rivals:
                    plan.ignore(f"{retirement.reason} Nothing was deployed of it.", project.id)
                    continue
                plan.decisions.append(Decision(Verdict.RETIRE, retirement.reason, project.id))
                self.settle(plan, project, retirement.branch, user=user)

    def settle(self, plan: Plan, project: Project, branch: str, *, user: int) -> None:
        """Ask to let the branch's previews be as the store has it."""
        plan.events.append(settle_request(self._mint, project.id, branch, source=Requester.WEBHOOK, user=user))
