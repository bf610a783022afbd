"""Functions as processes: started when asked, ended when not, started again when they end by themselves."""

import asyncio
import os
import shutil
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

from battleshiper.platform.functions.sockets import Sockets
from battleshiper.platform.model.function import FunctionFailedError


def is_alive(pid: int) -> bool:
    """Tell whether a process runs."""
    return Path(f"/proc/{pid}").exists()


def test_a_version_answers_when_it_is_first_asked(bench) -> None:
    """Publishing starts nothing; the first request does, and the next meets the same process."""
    reference = bench.publish_answer("`${process.pid} ${new URL(request.url).pathname}`")
    pid, path = bench.ask(reference, "/a/b").split()
    assert path == "/a/b"
    assert bench.ask(reference).split()[0] == pid


def test_requests_that_come_together_share_one_start(bench) -> None:
    """A crowd in front of a cold site is served by one process."""
    reference = bench.publish_answer("1")

    async def crowd() -> set[Path]:
        return set(await asyncio.gather(*(bench.functions.socket(reference) for _ in range(20))))

    assert len(asyncio.run(crowd())) == 1


def test_who_stops_waiting_takes_nothing_from_those_who_wait(bench) -> None:
    """A visitor may leave while the function starts."""
    reference = bench.publish_answer("1")

    async def leave() -> Path:
        leaving = asyncio.create_task(bench.functions.socket(reference))
        staying = asyncio.create_task(bench.functions.socket(reference))
        await asyncio.sleep(0.02)
        leaving.cancel()
        return await staying

    assert asyncio.run(leave()).is_socket()


def test_a_probe_takes_any_answer(bench) -> None:
    """A start page may say what it wants, an error page included."""
    bench.functions.probe(bench.publish_answer("1"))
    bench.functions.probe(bench.publish("export const fetch = () => { throw new Error('no') };", "d2"))
    bench.until(lambda: any("Error: no" in line for line in bench.log("d2")))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("throw new Error('no database');", "Error: no database"),
        ("export const fetch = ;", "SyntaxError"),
        ("export const handler = () => {};", "does not export a function `fetch`"),
        ("import 'left-pad'; export const fetch = () => {};", "left-pad"),
        ("process.exit(7);", "with status 7"),
        ("process.kill(process.pid, 'SIGKILL');", "by signal 9"),
        ("await new Promise(() => {});", "with status 13"),
    ],
)
def test_a_function_that_cannot_start_says_why(bench, source: str, words: str) -> None:
    """The deployment fails with the function's last words, and they are in its log."""
    reference = bench.publish(source)
    with pytest.raises(FunctionFailedError, match="ended while it started") as caught:
        bench.functions.probe(reference)
    assert words in str(caught.value)
    assert any("ended while it started" in line for line in bench.log())


def test_a_function_that_never_gets_ready_is_ended(workshop) -> None:
    """Nobody waits for ever, and nothing is left running."""
    bench = workshop.make(start_seconds=1.0)
    reference = bench.publish("console.log(process.pid); setInterval(() => {}, 1000); await new Promise(() => {});")
    with pytest.raises(FunctionFailedError, match="did not start within 1 s"):
        bench.functions.probe(reference)
    assert not is_alive(int(bench.log()[0]))


def test_a_probe_without_an_answer_fails(workshop) -> None:
    """A start page that hangs is no start page."""
    bench = workshop.make(answer_seconds=1.0, glance_seconds=60)
    with pytest.raises(FunctionFailedError, match="did not answer: timed out"):
        bench.functions.probe(bench.publish_answer("new Promise(() => {})"))


def test_after_a_crash_the_next_request_is_served(bench) -> None:
    """By a new process, at another address, at once after the first crash."""
    crash = "new URL(request.url).pathname === '/crash' ? process.exit(3) : process.pid"
    reference = bench.publish_answer(crash)
    first, address = bench.ask(reference), bench.socket(reference)
    with pytest.raises(OSError, match=r"closed|reset"):
        bench.ask(reference, "/crash")
    bench.until(lambda: any("ended with status 3" in line for line in bench.log()))
    assert bench.ask(reference) != first
    assert bench.socket(reference) != address


def test_a_function_that_keeps_failing_is_left_alone_for_a_while(bench) -> None:
    """Requests in between fail at once, with its last words."""
    reference = bench.publish("console.log('started'); throw new Error('no database');")
    for _ in range(2):
        with pytest.raises(FunctionFailedError, match="ended while it started"):
            bench.socket(reference)
    with pytest.raises(FunctionFailedError, match=r"no database[^!]*is not started again for 0\.\d s"):
        bench.socket(reference)
    assert bench.log().count("started") == 2
    bench.until(lambda: "started" in _try(bench, reference)[2:])


def _try(bench, reference: str) -> list[str]:
    with pytest.raises(FunctionFailedError):
        bench.socket(reference)
    return [line for line in bench.log() if line == "started"]


def test_the_least_recently_asked_makes_room(workshop) -> None:
    """No more than `most_live` run; who was ended is started again when asked."""
    bench = workshop.make(most_live=2)
    references = [bench.publish_answer("process.pid", name) for name in ("d1", "d2", "d3")]
    first, second = (int(bench.ask(reference)) for reference in references[:2])
    bench.ask(references[0])
    third = int(bench.ask(references[2]))
    bench.until(lambda: not is_alive(second))
    assert is_alive(first)
    assert is_alive(third)
    assert int(bench.ask(references[1])) != second
    assert all("ended" not in line for name in ("d1", "d2", "d3") for line in bench.log(name))


def test_a_function_that_nobody_asks_is_stopped(workshop) -> None:
    """And started again by the next request."""
    bench = workshop.make(idle_seconds=0.5)
    reference = bench.publish_answer("process.pid")
    pid = int(bench.ask(reference))
    bench.until(lambda: not is_alive(pid))
    assert int(bench.ask(reference)) != pid


def test_a_function_that_hangs_is_stopped(workshop) -> None:
    """An endless loop does not take the site down for ever, and the log says so."""
    bench = workshop.make(answer_seconds=0.5)
    reference = bench.publish_answer(
        "new URL(request.url).pathname === '/hang' ? (() => { for (;;); })() : process.pid"
    )
    pid = int(bench.ask(reference))
    with pytest.raises(OSError, match=r"closed|reset"):
        bench.ask(reference, "/hang")
    bench.until(lambda: not is_alive(pid))
    bench.until(lambda: any("did not react" in line for line in bench.log()))
    assert int(bench.ask(reference)) != pid


def test_a_slow_answer_is_no_hang(workshop) -> None:
    """Waiting for others keeps nobody from reacting."""
    bench = workshop.make(answer_seconds=0.5)
    reference = bench.publish_answer("new Promise((resolve) => setTimeout(resolve, 1500, 'done'))")
    assert bench.ask(reference) == "done"


def test_removing_ends_the_process_and_may_be_repeated(bench) -> None:
    """Afterwards there is no such function."""
    reference = bench.publish_answer("process.pid")
    pid = int(bench.ask(reference))
    for _ in range(2):
        bench.functions.remove(reference)
    assert not is_alive(pid)
    with pytest.raises(FunctionFailedError, match="no such function"):
        bench.socket(reference)


def test_removing_a_project_ends_its_processes(bench) -> None:
    """One that runs though its version is gone, as when a crash came in between, ends as well."""
    references = [bench.publish_answer("process.pid", deployment) for deployment in ("d1", "d2")]
    pids = [int(bench.ask(reference)) for reference in references]
    shutil.rmtree(bench.folder / "p1" / "d2")
    for _ in range(2):
        bench.functions.remove_project("p1")
    assert not any(is_alive(pid) for pid in pids)
    assert not (bench.folder / "p1").exists()


def test_closing_ends_everything(bench) -> None:
    """Processes that start at that moment included; nothing is started any more, and no socket is left."""
    running = int(bench.ask(bench.publish_answer("process.pid", "d1")))
    starting = bench.publish(
        "console.log(process.pid); setInterval(() => {}, 1000); await new Promise(() => {});", "d2"
    )
    probe = Thread(target=_probe_in_vain, args=(bench, starting))
    probe.start()
    bench.until(lambda: bool(bench.log("d2")))
    folder = bench.socket("p1/d1").parent
    bench.functions.close()
    probe.join()
    assert not is_alive(running)
    assert not is_alive(int(bench.log("d2")[0]))
    assert not folder.exists()
    with pytest.raises(FunctionFailedError, match="stopping"):
        bench.socket("p1/d1")


def _probe_in_vain(bench, reference: str) -> None:
    with pytest.raises(FunctionFailedError):
        bench.functions.probe(reference)


def test_what_a_function_prints_is_in_its_log(bench) -> None:
    """Both streams, line by line, while it runs; a flood is cut and slowed, and never stops the function."""
    bench.ask(bench.publish_answer("(console.log('to out'), console.error('to err'), '')", "d1"))
    bench.until(lambda: bench.log("d1") == ["to out", "to err"])
    flood = bench.publish_answer("(process.stdout.write('x'.repeat(1e6)), 'done')", "d2")
    assert bench.ask(flood) == "done"


def test_versions_are_there_after_a_restart(workshop) -> None:
    """A new process of the platform serves what an earlier one published."""
    first = workshop.make()
    reference = first.publish_answer("'still here'")
    first.functions.close()
    assert workshop.make().ask(reference) == "still here"


def test_the_sockets_of_a_killed_platform_are_removed() -> None:
    """Those of living ones stay."""
    with TemporaryDirectory() as name, socket.socket(socket.AF_UNIX) as listener:
        folder = Path(name)
        (folder / "battleshiper-functions-4194305-abc").mkdir()
        listener.bind(str(Sockets(folder).new()))
        Sockets(folder).close()
        assert [path.name.split("-")[2] for path in folder.iterdir()] == [str(os.getpid())]
