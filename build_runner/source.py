"""Fetching the commit. Git runs in the sandbox too: what it reads is hostile."""

import base64
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from battleshiper.build_runner.deadline import Deadline
from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.places import Places
from battleshiper.build_runner.tree import CheckoutTree, UnreadableError
from battleshiper.build_runner.workshop import Workshop
from battleshiper.platform.model.instructions import SourceInstructions
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.sandbox.port import Network

# Nothing of a machine's or a repository's configuration may make git run a program or read a file elsewhere.
_SAFE_CONFIGURATION = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "credential.helper": "",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
    "init.defaultBranch": "main",
    "protocol.allow": "never",
    "protocol.http.allow": "always",
    "protocol.https.allow": "always",
}

_MESSAGE = "message"
"""Beside the repository, where nothing of it has run yet."""


def basic_credentials(token: str) -> str:
    """Return what an installation token looks like in a header, for the request and for masking it."""
    return base64.b64encode(f"x-access-token:{token}".encode()).decode()


class Source:
    """Puts exactly one commit into `places.repository`, and compares it with another."""

    def __init__(
        self, workshop: Workshop, log: BuildLog, places: Places, network: Mapping[str, str], path: str
    ) -> None:
        self._workshop = workshop
        self._log = log
        self._places = places
        self._environment = {
            **network,
            "PATH": path,
            "HOME": places.inside(places.build),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_LFS_SKIP_SMUDGE": "1",
        }

    def fetch(self, source: SourceInstructions, deadline: Deadline) -> None:
        """Fetch and check out the commit; raises BuildError (SOURCE)."""
        self._git(
            ["init", "--quiet", "--template=", "repository"], deadline, at=self._places.inside(self._places.build)
        )
        self._check("fetch", self._fetch(source, source.sha, deadline))
        self._git(["checkout", "--quiet", "--force", "--detach", source.sha], deadline)
        self._note_what_is_left_out()

    def fetch_beside(self, source: SourceInstructions, sha: str, deadline: Deadline) -> bool:
        """Fetch another commit of the repository, which is not checked out. False when it is not to be had, as long
        after a force push. To be done before anything of the repository runs, because it takes the token."""
        return self._fetch(source, sha, deadline) == 0

    def differs(self, sha: str, other: str, pathspecs: Sequence[str], deadline: Deadline) -> bool:
        """Tell whether files that the pathspecs name, or any without them, are others in one commit than in the
        other; True also when git cannot tell. Both must have been fetched."""
        return self._run(["diff-tree", "-r", "--quiet", sha, other, "--", *pathspecs], deadline) != 0

    def mentions(self, text: str, sha: str, deadline: Deadline) -> bool:
        """Tell whether a text stands in any file of a commit that was fetched; True also when git cannot tell."""
        return self._run(["grep", "--quiet", "--text", "--fixed-strings", "-e", text, sha], deadline) != 1

    def message(self, sha: str, deadline: Deadline) -> str:
        """Return the message of a commit that was fetched, empty when git cannot tell."""
        output = f"--output={self._places.inside(self._places.build)}/{_MESSAGE}"
        if self._run(["log", "--max-count=1", "--format=%B", output, sha], deadline) != 0:
            return ""
        try:
            return (CheckoutTree(self._places.build).read(_MESSAGE) or b"").decode(errors="replace")
        except UnreadableError:
            return ""

    def _fetch(self, source: SourceInstructions, sha: str, deadline: Deadline) -> int:
        """Fetch one commit and return git's exit code.

        The token is in the environment of the process that fetches and nowhere else: not in arguments, which other
        users can read, and not in the repository's configuration, which the build can.
        """
        address = urlsplit(source.clone_url)
        origin = f"{address.scheme}://{address.netloc}/"
        token = {f"http.{origin}.extraHeader": f"Authorization: Basic {basic_credentials(source.token)}"}
        fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", source.clone_url, sha]
        return self._run(fetch, deadline, configuration=token if source.token else {}, network=Network.HOST)

    def _git(self, arguments: list[str], deadline: Deadline, *, at: str = "") -> None:
        self._check(arguments[0], self._run(arguments, deadline, at=at))

    def _run(
        self,
        arguments: list[str],
        deadline: Deadline,
        *,
        at: str = "",
        configuration: Mapping[str, str] | None = None,
        network: Network = Network.NONE,
    ) -> int:
        return self._workshop.run(
            ["git", *arguments],
            directory=at or self._places.inside(self._places.repository),
            environment=self._environment | _as_environment(_SAFE_CONFIGURATION | dict(configuration or {})),
            network=network,
            deadline=deadline,
        ).code

    def _check(self, command: str, code: int) -> None:
        if code != 0:
            raise BuildError(
                FailureCode.SOURCE,
                f"The commit could not be fetched: git {command} ended with exit code {code}.",
                "Check that the commit still exists and that the App may read the repository, then redeploy.",
            )

    def _note_what_is_left_out(self) -> None:
        tree = CheckoutTree(self._places.repository)
        if tree.has_file(".gitmodules"):
            self._log.say("Submodules are not fetched.")
        try:
            attributes = tree.read(".gitattributes") or b""
        except UnreadableError:
            return
        if b"filter=lfs" in attributes:
            self._log.say("Files in Git LFS are not fetched; the build sees their pointers.")


def _as_environment(configuration: Mapping[str, str]) -> dict[str, str]:
    """Return configuration as environment variables (git-config(1), GIT_CONFIG_COUNT)."""
    variables = {"GIT_CONFIG_COUNT": str(len(configuration))}
    for number, (key, value) in enumerate(configuration.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables
