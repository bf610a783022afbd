"""Asking, installing and building: the steps that run the tenant's commands."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from battleshiper.build_runner.build_environment import build_environment, install_environment
from battleshiper.build_runner.deadline import Deadline
from battleshiper.build_runner.detection.framework import Framework
from battleshiper.build_runner.detection.plan import Plan
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.places import Places
from battleshiper.build_runner.tools.toolbox import Toolbox
from battleshiper.build_runner.workshop import Workshop
from battleshiper.platform.model.instructions import Instructions
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.sandbox.port import Exit, Network

_NOT_FOUND = 127
_SHOWN = 120
"""Characters of a command in a failure's message."""
_HOOK = "register.mjs"


class Crafts:
    """Runs the plan's commands with the tools of a toolbox. All raise BuildError."""

    def __init__(
        self,
        workshop: Workshop,
        log: BuildLog,
        places: Places,
        instructions: Instructions,
        network: Mapping[str, str],
        adapter: Path,
    ) -> None:
        self._workshop = workshop
        self._log = log
        self._places = places
        self._instructions = instructions
        self._network = network
        self._adapter = adapter

    def expect(self) -> None:
        """Make ready for commands that probably follow within seconds."""
        self._workshop.expect()

    def ask(self, plan: Plan, toolbox: Toolbox, command: str, live_sha: str, deadline: Deadline) -> int:
        """Run the command that decides whether to build, in the site's folder, and return its exit code.

        It is told the commit that is live, empty for none, so that it can compare.
        """
        environment = build_environment(
            self._instructions, self._places, self._network, self._programs(plan, toolbox), []
        )
        environment["BATTLESHIPER_LIVE_COMMIT"] = live_sha
        return self._end(command, plan.root, environment, toolbox, deadline, is_followed=plan.needs_tools).code

    def install(self, plan: Plan, toolbox: Toolbox, command: str, deadline: Deadline) -> None:
        """Install packages with `command`, which may be quicker than the plan's."""
        folder = plan.installation.folder if plan.installation else plan.root
        programs = self._programs(plan, toolbox)
        environment = install_environment(self._instructions, self._places, self._network, programs)
        is_followed = plan.build_command is not None
        self._run(FailureCode.INSTALL, command, folder, environment, toolbox, deadline, is_followed=is_followed)

    def build(self, plan: Plan, toolbox: Toolbox, command: str, deadline: Deadline) -> None:
        """Build the site; a SvelteKit app with our adapter in place of the one it names."""
        options = []
        if plan.framework is Framework.SVELTEKIT:
            hook = Path(self._places.bind_tool(self._adapter, "adapter").inside) / _HOOK
            options.append(f"--import={hook.as_uri()}")
        programs = self._programs(plan, toolbox)
        environment = build_environment(self._instructions, self._places, self._network, programs, options)
        self._run(FailureCode.BUILD, command, plan.root, environment, toolbox, deadline)

    def _run(
        self,
        code: FailureCode,
        command: str,
        folder: str,
        environment: Mapping[str, str],
        toolbox: Toolbox,
        deadline: Deadline,
        *,
        is_followed: bool = False,
    ) -> None:
        end = self._end(command, folder, environment, toolbox, deadline, is_followed=is_followed)
        if end.code == _NOT_FOUND:
            hint = "A program in it was not found: add it to the packages, or correct the command."
        else:
            hint = "The log's last lines tell why."
        if end.code != 0:
            raise BuildError(code, f"`{_shorten(command)}` ended with {_describe(end.code)}.", hint)

    def _end(
        self,
        command: str,
        folder: str,
        environment: Mapping[str, str],
        toolbox: Toolbox,
        deadline: Deadline,
        *,
        is_followed: bool,
    ) -> Exit:
        self._log.say(f"$ {command}")
        return self._workshop.run(
            ["/bin/sh", "-c", command],
            directory=self._places.inside(self._places.repository / folder),
            environment=environment,
            network=Network.INTERNET,
            deadline=deadline,
            binds=[
                *(self._places.bind_tool(tool.folder, tool.name) for tool in toolbox.tools),
                self._places.bind_tool(self._adapter, "adapter"),
            ],
            is_followed=is_followed,
        )

    def _programs(self, plan: Plan, toolbox: Toolbox) -> Sequence[str]:
        folders = dict.fromkeys([plan.root, plan.installation.folder if plan.installation else plan.root])
        linked = [self._places.inside(self._places.repository / folder / "node_modules" / ".bin") for folder in folders]
        tools = [f"{self._places.bind_tool(tool.folder, tool.name).inside}/{tool.programs}" for tool in toolbox.tools]
        return [*tools, *linked]


def _shorten(command: str) -> str:
    first = command.split("\n", 1)[0]
    return command if command == first[:_SHOWN] else f"{first[:_SHOWN]}…"


def _describe(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
