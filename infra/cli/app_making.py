"""Makes the App with a browser on this machine, or by what is pasted from one elsewhere."""

import os
import sys
import time
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from rich.console import Console
from rich.markup import escape
from starlette.applications import Starlette

from battleshiper.bot.manifest import AppPlan
from battleshiper.infra.cli.app_places import Place, write_private
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.local.connect.desk import ConnectError, Desk
from battleshiper.infra.local.connect.office import open_desk, plan_app
from battleshiper.infra.local.connect.pages import CREATED_PATH, ConnectPages, form_values, templates
from battleshiper.infra.local.kept_app import KeptApp, KeptAppError
from battleshiper.infra.local.serving import Listener

_NOBODY = "http://127.0.0.1:8786"
"""Where a browser on another machine is led to: the address is all that counts, nothing need answer."""
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Making:
    """What is to be made, and for whom."""

    place: Place
    name: str
    organization: str
    talk: Console

    @property
    def plan(self) -> AppPlan:
        """The App."""
        place = self.place
        return plan_app(place.base_url, place.github_url, name=self.name, organization=self.organization)

    def warn(self) -> None:
        """Say what will not work."""
        plan = self.plan
        if self.place.warning:
            self.talk.print(f"[yellow]![/yellow] {escape(self.place.warning)}")
        if not plan.is_reachable:
            self.talk.print(
                f"[yellow]![/yellow] {escape(plan.webhook_url)} leads to this machine only, so GitHub cannot tell "
                "the platform of pushes. The App is made with its webhook switched off. With BATTLESHIPER_BASE_URL set "
                "to an address that GitHub reaches, it is on."
            )


def make_by_browser(making: Making, *, open_browser: bool) -> KeptApp:
    """Serve a page that leads to GitHub, and wait until GitHub leads back. Raises CommandError."""
    making.warn()
    place, talk = making.place, making.talk
    listener = Listener("127.0.0.1", 0)
    try:
        with open_desk(making.plan, place.api_url, place.keep) as desk:
            pages = ConnectPages(desk, f"http://127.0.0.1:{listener.port}", after=place.after)
            listener.serve(Starlette(routes=[*pages.routes(), *pages.assets()]))
            talk.print("Open this page and press its button. The link is good once, for your browser alone:")
            talk.print(f"  [bold]{escape(pages.link)}[/bold]")
            port = listener.port
            talk.print("[dim]The browser is on another machine? There, type this first:[/dim]")
            talk.print(f"[dim]  ssh -L {port}:127.0.0.1:{port} THIS-MACHINE[/dim]")
            talk.print(
                "[dim]Or start again with --paste. Ctrl-C ends this; nothing is kept before the App is there.[/dim]"
            )
            if open_browser and _has_screen():
                webbrowser.open(pages.link)
            while desk.app is None:
                time.sleep(_POLL_SECONDS)
            return desk.app
    finally:
        listener.close()


def make_by_pasting(making: Making, page: Path) -> KeptApp:
    """Write a page to open elsewhere, and read the address that GitHub leads to there. Raises CommandError."""
    making.warn()
    place, talk = making.place, making.talk
    with open_desk(making.plan, place.api_url, place.keep) as desk:
        values = form_values(desk.plan, desk.begin(), _NOBODY + CREATED_PATH)
        write_private(page, templates().get_template("standalone.html").render(**values))
        talk.print(f"Copy [bold]{escape(str(page))}[/bold] to a machine with a browser and open it there.")
        talk.print("When the App is made, the browser is led to an address where nothing answers. Paste that address,")
        talk.print("or the code in it, here. The code is good once, for an hour.")
        try:
            return _take(desk, _read_line(talk))
        except (ConnectError, KeptAppError, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            page.unlink(missing_ok=True)


def _take(desk: Desk, pasted: str) -> KeptApp:
    """Take an address, whose state must be ours, or a bare code."""
    given = parse_qs(urlsplit(pasted).query)
    if "://" in pasted or "code=" in pasted:
        return desk.finish(given.get("state", [""])[0], given.get("code", [""])[0])
    return desk.take(pasted)


def _read_line(talk: Console) -> str:
    talk.print("[bold]>[/bold] ", end="")
    line = sys.stdin.readline().strip()
    if not line:
        raise CommandError("Nothing was pasted, so nothing was made here.", "Begin again with the same command.")
    return line


def _has_screen() -> bool:
    # Without one, a browser in the terminal would take the terminal.
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
