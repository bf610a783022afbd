"""Functions in a real sandbox: what a tenant's code can see and use."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.sandbox


def test_a_function_sees_no_environment_of_ours(boxed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what every function gets."""
    monkeypatch.setenv("BATTLESHIPER_GITHUB_WEBHOOK_SECRET", "s3cr3t")
    seen = json.loads(boxed.ask(boxed.publish_answer("JSON.stringify(process.env)")))
    assert set(seen) <= {"HOME", "LANG", "NODE_ENV", "PATH", "PWD", "TMPDIR", "TZ"}
    assert seen["NODE_ENV"] == "production"


def test_a_function_sees_itself_and_no_other(boxed) -> None:
    """Neither other versions, nor the logs, nor the sockets, nor the platform's processes."""
    other = boxed.publish_answer("1", "d2")
    boxed.ask(other)
    places = [boxed.folder / other, boxed.folder.parent / "logs", boxed.socket(other).parent]
    here, *elsewhere = json.loads(
        boxed.ask(
            boxed.publish_answer(
                "import('node:fs').then((fs) => JSON.stringify("
                f"['index.mjs', {', '.join(json.dumps(str(place)) for place in places)}].map(fs.existsSync)))"
            )
        )
    )
    assert here is True
    assert elsewhere == [False] * len(places)
    processes = boxed.ask(
        boxed.publish_answer(
            "import('node:fs').then((fs) => fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length)", "d3"
        )
    )
    assert int(processes) <= 2


def test_a_function_can_change_nothing_that_lasts(boxed) -> None:
    """Not its own code, not the bootstrap; its /tmp is gone with it."""
    told = boxed.ask(
        boxed.publish_answer(
            "import('node:fs').then((fs) => JSON.stringify(['.', process.argv[1], '/', '/tmp'].map((place) => {"
            " try { fs.accessSync(place, fs.constants.W_OK); return true } catch { return false } })))"
        )
    )
    assert json.loads(told) == [False, False, False, True]


def test_a_function_that_eats_memory_is_ended_and_started_again(boxed) -> None:
    """Its limit is its own: the platform and other functions go on."""
    hungry = boxed.publish_answer(
        "new URL(request.url).pathname === '/eat' ? (() => { const all = [];"
        " for (;;) all.push(Buffer.alloc(2 ** 24, 1)); })() : process.pid"
    )
    pid = boxed.ask(hungry)
    with pytest.raises(OSError, match=r"closed|reset"):
        boxed.ask(hungry, "/eat")
    boxed.until(lambda: any("ended" in line for line in boxed.log()))
    assert boxed.ask(hungry)
    assert pid


def test_children_of_a_function_end_with_it(boxed) -> None:
    """Removing leaves nothing running, whatever the function started."""
    mark = "86399.25"
    reference = boxed.publish_answer(
        "import('node:child_process').then((child) => child.spawn('sh', ['-c',"
        f" \"trap '' TERM; setsid sleep {mark} & sleep {mark}\"], {{ detached: true, stdio: 'ignore' }}).pid)"
    )
    boxed.ask(reference)
    boxed.until(lambda: _sleeping(mark) > 0)
    boxed.functions.remove(reference)
    assert _sleeping(mark) == 0


def _sleeping(mark: str) -> int:
    found = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found += (entry / "cmdline").read_bytes() == f"sleep\0{mark}\0".encode()
            except OSError:
                continue
    return found
