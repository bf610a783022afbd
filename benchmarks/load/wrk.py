"""wrk, which is fast enough not to be what is measured."""

import json
import math
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load.throughput import RefusedError, Throughput
from benchmarks.requests import Requests

_SCRIPT = Path(__file__).with_name("wrk.lua")


class Wrk:
    """Runs wrk with one thread, which leaves the other cores to the server."""

    name = "wrk"

    @staticmethod
    def is_here() -> bool:
        """Tell whether wrk is installed."""
        return shutil.which("wrk") is not None

    def measure(self, address: str, requests: Requests, *, connections: int, seconds: float) -> Throughput:
        """See Load."""
        with TemporaryDirectory(prefix="battleshiper-wrk-") as folder:
            text, rows = Path(folder, "request"), Path(folder, "rows")
            text.write_bytes(b"".join(b"\1%d" % part if isinstance(part, int) else part for part in requests.parts))
            rows.write_text("".join(f"{' '.join(row)}\n" for row in requests.rows))
            options = ["--threads=1", f"--connections={connections}", f"--duration={math.ceil(seconds)}s"]
            command = ["wrk", *options, f"--script={_SCRIPT}", address, "--", str(text), str(rows)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or "rows" in done.stderr:
            raise RefusedError(f"wrk failed: {done.stderr or done.stdout}")
        said = json.loads(done.stdout.splitlines()[-1])
        if said["refused"] or said["broken"] or not said["requests"]:
            raise RefusedError(f"{address}: {said['refused']} requests were refused, {said['broken']} had no answer.")
        return Throughput(said["requests"] / said["microseconds"] * 1e6, said["median"] / 1000)
