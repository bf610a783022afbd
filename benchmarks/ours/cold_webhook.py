"""The webhook function's cold start, as a program: reads an event, answers it, and prints milliseconds and KiB."""

import time

start = time.perf_counter()

import json  # noqa: E402 - it is part of what is measured
import sys  # noqa: E402

from battleshiper.infra.aws.handlers.webhook import handler  # noqa: E402

reply = handler(json.load(sys.stdin), None)
took = (time.perf_counter() - start) * 1000
if reply["statusCode"] != 202 or '"verdict": "build"' not in reply["body"]:
    sys.exit(f"{reply}")
with open("/proc/self/status") as status:  # noqa: PTH123 - pathlib would count
    # Unlike what getrusage tells, it does not count what there was before this program.
    print(took, status.read().partition("VmHWM:")[2].split()[0])
