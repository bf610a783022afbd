"""Functions on one machine: a Node process for each live version, in a sandbox, started when it is first asked."""

import asyncio
import logging
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from pathlib import Path
from threading import Event, Lock, Thread

from battleshiper.platform.functions.instance import Instance
from battleshiper.platform.functions.output import Output
from battleshiper.platform.functions.program import Program
from battleshiper.platform.functions.question import ask
from battleshiper.platform.functions.recovery import Recovery
from battleshiper.platform.functions.sockets import Sockets
from battleshiper.platform.functions.versions import Versions
from battleshiper.platform.logs.port import LogKind, Logs
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.sandbox.port import Sandbox, SandboxError

_log = logging.getLogger(__name__)


class ProcessFunctions:
    """Publishes versions to a folder and keeps those that are asked running, at most `most_live` of them."""

    def __init__(
        self,
        folder: Path,
        sandbox: Sandbox,
        logs: Logs,
        *,
        bootstrap: Path,
        node: Callable[[str | None], Path],
        memory_bytes: int = 256 * 1024**2,
        most_live: int = 16,
        idle_seconds: float = 600.0,
        start_seconds: float = 20.0,
        answer_seconds: float = 30.0,
        glance_seconds: float = 5.0,
    ) -> None:
        """`folder` belongs to this object alone. `bootstrap` is the folder with `local.mjs`; `node` finds the Node
        for a package by the version that built it. Each process may use `memory_bytes`, start within `start_seconds`
        and stay away from its work for `answer_seconds`; it is stopped when nobody asks for `idle_seconds`. Each
        `glance_seconds` they are looked after."""
        self._versions = Versions(folder)
        self._program = Program(sandbox, bootstrap, folder / ".bootstrap", node, memory_bytes=memory_bytes)
        self._logs = logs
        self._most_live = most_live
        self._idle_seconds = idle_seconds
        self._start_seconds = start_seconds
        self._answer_seconds = answer_seconds
        self._glance_seconds = glance_seconds
        self._sockets = Sockets()
        self._lock = Lock()
        self._live: dict[str, Instance] = {}
        self._recoveries: dict[str, Recovery] = {}
        self._closing = Event()
        self._keeper = Thread(target=self._keep, name="functions", daemon=True)
        self._keeper.start()

    def publish(self, project_id: str, deployment_id: str, package: bytes) -> str:
        """Unpack the package and return its reference. Raises FunctionFailedError for a package that is refused."""
        self._program.expect()
        return self._versions.add(project_id, deployment_id, package)

    def address(self, reference: str) -> str:
        """Return the reference: the edge is in this process."""
        return reference

    def probe(self, reference: str) -> None:
        """Ask for the start page; raises FunctionFailedError. The process stays for the first visitor."""
        instance = self._instance(reference)
        path = instance.ready.result()
        try:
            ask(path, self._answer_seconds)
        except (OSError, HTTPException) as error:
            raise FunctionFailedError(instance.output.after(f"The function did not answer: {error}.")) from error

    def remove(self, reference: str) -> None:
        """Remove a version and stop it."""
        # In this order, so that it is not started again in between.
        self._versions.remove(reference)
        with self._lock:
            self._recoveries.pop(reference, None)
            instance = self._live.get(reference)
        if instance is not None:
            self._stop(instance, "it was removed")

    def remove_project(self, project_id: str) -> None:
        """Remove every version of a project and stop them."""
        with self._lock:
            live = {reference for reference in self._live if reference.startswith(f"{project_id}/")}
        for reference in live.union(self._versions.of(project_id)):
            self.remove(reference)

    async def socket(self, reference: str) -> Path:
        """Return the unix socket at which the version speaks HTTP, started first if need be; raises
        FunctionFailedError. Each process has a path of its own that is never used again."""
        instance = self._live.get(reference)
        if instance is None or not instance.is_ready:
            instance = await asyncio.to_thread(self._instance, reference)
            return await asyncio.wrap_future(instance.ready)
        instance.last_used = time.monotonic()
        return instance.path

    def close(self) -> None:
        """Stop every process; nothing is started any more."""
        with self._lock:
            self._closing.set()
            instances = list(self._live.values())
        for instance in instances:
            try:
                self._stop(instance, "the platform stops")
            except SandboxError:
                _log.exception("A function cannot be stopped")
        self._keeper.join()
        self._sockets.close()

    def _instance(self, reference: str) -> Instance:
        """Return the version's process, perhaps one that has just been started."""
        folder = self._versions.folder(reference)
        with self._lock:
            if self._closing.is_set():
                raise FunctionFailedError("The platform is stopping.")
            instance = self._live.get(reference)
            if instance is not None:
                return instance
            recovery = self._recoveries.get(reference)
            if recovery and (remaining := recovery.remaining(time.monotonic())):
                raise FunctionFailedError(f"{recovery.failure}\nIt is not started again for {remaining:.1f} s.")
            others = list(self._live.values())
            instance = self._live[reference] = self._new_instance(reference, folder)
            instance.start()
        if len(others) >= self._most_live:
            self._stop(min(others, key=lambda other: other.last_used), "others are asked more often")
        return instance

    def _new_instance(self, reference: str, folder: Path) -> Instance:
        deployment_id = reference.rpartition("/")[2]
        return Instance(
            reference,
            self._sockets.new(),
            partial(self._program.launch, folder),
            Output(partial(self._logs.append, deployment_id, LogKind.SERVER)),
            self._note_end,
            start_seconds=self._start_seconds,
        )

    def _stop(self, instance: Instance, reason: str) -> None:
        # First, so that nobody is sent there any more.
        with self._lock:
            self._forget(instance)
        instance.stop(reason)

    def _forget(self, instance: Instance) -> None:
        if self._live.get(instance.reference) is instance:
            del self._live[instance.reference]

    def _note_end(self, instance: Instance) -> None:
        now = time.monotonic()
        with self._lock:
            self._forget(instance)
            if instance.reason:
                return
            recovery = self._recoveries.setdefault(instance.reference, Recovery())
            failure = instance.output.after(instance.failure)
            recovery.ended(now, lived=now - instance.started, failure=failure)
        instance.output.say(instance.failure)

    def _keep(self) -> None:
        while not self._closing.wait(self._glance_seconds):
            try:
                self._look_after(time.monotonic())
            except (SandboxError, OSError):
                _log.exception("A function cannot be stopped")

    def _look_after(self, now: float) -> None:
        with self._lock:
            instances = [instance for instance in self._live.values() if instance.is_ready]
        for instance in instances:
            if now - instance.last_used > self._idle_seconds:
                self._stop(instance, "nobody asks")
            elif instance.pulse.silence(now) > self._answer_seconds:
                self._stop(instance, "it does not react")
                instance.output.say(f"The function was stopped: it did not react for {self._answer_seconds:.0f} s.")
