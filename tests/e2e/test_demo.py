"""The demo, as the README tells people to run it."""

import json
import subprocess
import sys


def test_demo_once() -> None:
    """`battleshiper demo --once --json` tells the whole story and ends with nothing but good news."""
    command = [sys.executable, "-m", "battleshiper.infra.cli", "demo", "--once", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["production"]["state"], seen["production"]["http_status"]) == ("ready", 200)
    (status,) = seen["production"]["statuses"]
    assert (status["context"], status["state"]) == ("battleshiper/hello", "success")
    assert status["target_url"] == seen["production"]["url"]
    shown = seen["production"]["deployment"]
    assert (shown["environment"], shown["state"], shown["environment_url"]) == (
        "production",
        "success",
        seen["production"]["url"],
    )
    assert seen["second_push"]["changed"] is True
    assert seen["rollback"]["restored"] is True
    preview = seen["preview"]
    assert (preview["state"], preview["http_status"], preview["retired"]) == ("ready", 200, True)
    assert [(each["context"], each["state"]) for each in preview["statuses"]] == [("battleshiper/hello", "success")]
    assert (preview["deployment"]["environment"], preview["deployment"]["state"]) == ("preview", "success")
    assert f"[**Visit the preview**]({preview['url']})" in preview["comment"]
    assert (seen["fork"]["waiting"], seen["fork"]["approved_state"]) == (True, "ready")
    assert set(seen["timings_ms"]) == {"ack", "queued_to_building", "build", "deploy", "push_to_ready"}
    assert all(isinstance(value, int) for value in seen["timings_ms"].values())
