"""Notices that an App was made for a platform that runs, by its page or by `github create-app`."""

from threading import Event

from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.output import print_error
from battleshiper.infra.cli.startup import settings_from_environment
from battleshiper.infra.local.kept_app import kept_app_path
from battleshiper.infra.local.settings import Settings

_SECONDS = 0.5


class AppWatch:
    """Looks at the file that the App is kept in. What the environment names is not replaced by it."""

    def __init__(self, settings: Settings) -> None:
        """Begin to watch; `settings` were read just before."""
        self._github = settings.github
        self._path = kept_app_path(settings.data_dir)
        self._seen: tuple[int, int] | None = None

    def wait(self, stop: Event) -> Settings | None:
        """Return settings with another App as soon as there is one, None when `stop` is set."""
        while not stop.wait(_SECONDS):
            seen = self._look()
            if seen == self._seen:
                continue
            self._seen = seen
            try:
                settings = settings_from_environment()
            except CommandError as error:
                print_error(error)  # and go on as before: the platform works
                continue
            if settings.github is not None and settings.github != self._github:
                return settings
        return None

    def _look(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino
