"""Environment variables, from the command line to what visitors see."""

import os
import subprocess
import sys

import pytest
from e2e.harness import Platform, until

ENDPOINT = """import { env } from '$env/dynamic/private';
import { GREETING } from '$env/static/private';
export const GET = () => {
\tconsole.log(`asked with ${env.WORD}`);
\treturn new Response(`${GREETING} ${env.WORD}`);
};
"""


@pytest.mark.registry
def test_variables(platform: Platform) -> None:
    """A SvelteKit app is told its variables when it is built and when it answers: production's and previews' apart. A
    new value holds from the next deployment on, and the log shows none."""

    settings = platform.running.settings
    kept = {name: text for name, text in os.environ.items() if not name.startswith("BATTLESHIPER_")}
    own = {"BATTLESHIPER_DATA_DIR": str(settings.data_dir), "BATTLESHIPER_PORT": str(settings.port)}

    def battleshiper(*arguments: str, value: str = "") -> str:
        command = [sys.executable, "-m", "battleshiper.infra.cli", *arguments]
        done = subprocess.run(command, input=value, env={**kept, **own}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    checkout = platform.checkout("told", "sveltekit2")
    # The first deployment has no variables, and says which one it misses.
    (checkout.folder / "src/routes/word").mkdir(parents=True)
    (checkout.folder / "src/routes/word/+server.js").write_text(ENDPOINT)
    failed = platform.deploy(checkout)
    assert failed["state"] == "failed"
    assert "GREETING" in platform.log(failed)

    battleshiper("env", "set", "told", "GREETING", "Good morning")
    battleshiper("env", "set", "told", "WORD", value="production-word\n")
    battleshiper("env", "set", "told", "GREETING", "Good evening", "--preview")
    battleshiper("env", "set", "told", "WORD", "preview-word", "--preview")
    battleshiper("env", "set", "told", "WORD", "branch-word", "--branch", "next")
    listed = battleshiper("env", "list", "told")
    assert "branch:next" in listed
    assert "word" not in listed.replace("WORD", "")

    site = platform.ready(checkout)
    assert site.get("/word").text == "Good morning production-word"
    preview = platform.deploy(checkout, "HEAD:refs/heads/next")
    assert platform.site(preview["url"]).get("/word").text == "Good evening branch-word"
    for deployment in (preview, platform.follow(checkout.git("rev-parse", "HEAD~1"))):
        assert "Good morning" not in platform.log(deployment)

    battleshiper("env", "remove", "told", "WORD", "--branch", "next")
    battleshiper("redeploy", "told", preview["id"])
    again = platform.follow(preview["sha"], number=2)
    until(lambda: platform.site(again["url"]).get("/word").text == "Good evening preview-word")
    assert site.get("/word").text == "Good morning production-word"
