"""`python -m battleshiper.build_runner.tools FOLDER`: puts the tools of a build without wishes on a shelf, ahead.

For an image in which builds run, so that most of them download no Node.
"""

import os
import platform
import sys
from pathlib import Path

from battleshiper.build_runner.failure import BuildError
from battleshiper.build_runner.log.build_log import BuildLog
from battleshiper.build_runner.tools.registry import NpmRegistry
from battleshiper.build_runner.tools.shelf import Shelf
from battleshiper.build_runner.tools.toolbox import Toolboxes

if __name__ == "__main__":
    log = BuildLog(sys.stdout.buffer)
    shelf = Shelf(Path(sys.argv[1]), NpmRegistry(os.environ), log)
    try:
        Toolboxes(shelf, log, machine=platform.machine(), has_avx2=False).pack([], None)
    except BuildError as error:
        log.say(error.message)
        sys.exit(1)
