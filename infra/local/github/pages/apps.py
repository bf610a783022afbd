"""The pages on which an App is made from a manifest, and installed."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.routing import Route

from battleshiper.infra.local.github.events.installing import Installing
from battleshiper.infra.local.github.manifest import ManifestError, read_manifest, read_permissions, slug_of
from battleshiper.infra.local.github.pages.frame import Frame, PageMissingError, read_field
from battleshiper.infra.local.github.records.apps import NameTakenError
from battleshiper.infra.local.github.records.archive import Archive
from battleshiper.infra.local.github.settings import GitHubSettings


class AppPages:
    """Serves them. Whoever uses the pages acts as the owner."""

    def __init__(self, settings: GitHubSettings, frame: Frame, archive: Archive, installing: Installing) -> None:
        self._settings = settings
        self._frame = frame
        self._archive = archive
        self._installing = installing

    def routes(self) -> list[Route]:
        """Return the routes, which come before those of repositories: no account is called `settings` or `apps`."""
        new, install = "/settings/apps/new", "/apps/{slug}/installations/new"
        settings = "/settings/installations/{number:int}"
        return [
            Route(new, self._frame.answer(self._show_new), methods=["POST"]),
            Route(f"/organizations/{{login}}{new}", self._frame.answer(self._show_new), methods=["POST"]),
            Route("/settings/apps", self._frame.answer(self._create), methods=["POST"]),
            Route("/apps/{slug}", self._frame.page(self._show_install)),
            Route(install, self._frame.page(self._show_install)),
            Route(install, self._frame.answer(self._install), methods=["POST"]),
            Route(settings, self._frame.page(self._show_installation)),
            Route(settings, self._frame.form(self._change_installation), methods=["POST"]),
        ]

    def _show_new(self, request: Request, form: FormData) -> tuple[str, int]:
        login = request.path_params.get("login")
        if login is not None and login.lower() != self._settings.owner_login.lower():
            raise PageMissingError
        text = read_field(form, "manifest")
        manifest = read_manifest(text)
        state = request.query_params.get("state", "")
        return self._frame.render("new_app.html", text=text, state=state, manifest=manifest, message=""), 200

    def _create(self, _request: Request, form: FormData) -> tuple[str, int]:
        text, state = read_field(form, "manifest"), read_field(form, "state")
        manifest = read_manifest(text, read_field(form, "name"))
        try:
            if not slug_of(manifest.name):
                raise ManifestError("Name can't be blank")
            if self._settings.app_id and slug_of(manifest.name) == self._settings.app_slug:
                raise NameTakenError
            code = self._archive.apps.register(manifest, text)
        except NameTakenError:
            message = "Name is already taken."
            return self._frame.render("new_app.html", text=text, state=state, manifest=manifest, message=message), 422
        given = {"code": code, **({"state": state} if state else {})}
        return self._frame.lead_to(manifest.redirect_url, given), 200

    def _show_install(self, request: Request) -> str:
        self._expect(request)
        return self._frame.render("install.html", installed=self._archive.registration.is_installed)

    def _install(self, request: Request, _form: FormData) -> tuple[str, int]:
        self._expect(request)
        self._installing.install()
        app = self._archive.apps.newest()
        given = {"installation_id": str(self._settings.installation_id), "setup_action": "install"}
        return self._frame.lead_to(app.manifest.setup_url if app else "", given), 200

    def _show_installation(self, request: Request) -> str:
        self._expect_installation(request)
        installation = self._archive.registration.installation
        repositories = [one for one in self._archive.repositories.all() if one.installed]
        return self._frame.render("installation.html", installation=installation, repositories=repositories)

    def _change_installation(self, request: Request, form: FormData) -> str:
        self._expect_installation(request)
        match read_field(form, "action"):
            case "suspend":
                self._installing.suspend()
            case "unsuspend":
                self._installing.unsuspend()
            case "uninstall":
                self._installing.uninstall()
                return "/"
            case "accept":
                self._installing.accept(read_permissions(read_field(form, "permissions")))
        return request.url.path

    def _expect_installation(self, request: Request) -> None:
        known = request.path_params["number"] == self._settings.installation_id
        if not known or not self._archive.registration.is_installed:
            raise PageMissingError

    def _expect(self, request: Request) -> None:
        if not self._settings.app_id or request.path_params["slug"] != self._settings.app_slug:
            raise PageMissingError
