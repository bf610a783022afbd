"""The stand-in as one ASGI app."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from battleshiper.infra.local.github.access import Access
from battleshiper.infra.local.github.admission import Admission, adopt
from battleshiper.infra.local.github.api.activity import ActivityApi
from battleshiper.infra.local.github.api.apps import AppsApi
from battleshiper.infra.local.github.api.comments import CommentsApi
from battleshiper.infra.local.github.api.deliveries import DeliveriesApi
from battleshiper.infra.local.github.api.deployments import DeploymentsApi
from battleshiper.infra.local.github.api.dispatcher import Dispatcher
from battleshiper.infra.local.github.api.forks import ForksApi
from battleshiper.infra.local.github.api.installations import InstallationsApi
from battleshiper.infra.local.github.api.installing import InstallingApi
from battleshiper.infra.local.github.api.keeping import KeepingApi
from battleshiper.infra.local.github.api.limits import RateLimits
from battleshiper.infra.local.github.api.people import PeopleApi
from battleshiper.infra.local.github.api.pulls import PullsApi
from battleshiper.infra.local.github.api.reach import ReachApi
from battleshiper.infra.local.github.api.repositories import RepositoriesApi
from battleshiper.infra.local.github.api.statuses import StatusesApi
from battleshiper.infra.local.github.api.user_tokens import UserTokensApi
from battleshiper.infra.local.github.door import Door
from battleshiper.infra.local.github.events.announcements import Announcements
from battleshiper.infra.local.github.events.conversation import Conversation
from battleshiper.infra.local.github.events.courier import Courier
from battleshiper.infra.local.github.events.forks import Forks
from battleshiper.infra.local.github.events.installing import Installing
from battleshiper.infra.local.github.events.keeping import Keeping
from battleshiper.infra.local.github.events.merges import Merges
from battleshiper.infra.local.github.events.pulls import PullRequests
from battleshiper.infra.local.github.events.pushes import Pushes
from battleshiper.infra.local.github.events.revoking import Revoking
from battleshiper.infra.local.github.faults import Faults, FaultyApp
from battleshiper.infra.local.github.guard import Guard
from battleshiper.infra.local.github.moment import Clock, read_clock
from battleshiper.infra.local.github.oauth.endpoints import OAuthEndpoints
from battleshiper.infra.local.github.oauth.grants import Grants
from battleshiper.infra.local.github.pages.apps import AppPages
from battleshiper.infra.local.github.pages.authorizations import AuthorizationPages
from battleshiper.infra.local.github.pages.consent import ConsentPages
from battleshiper.infra.local.github.pages.frame import Frame
from battleshiper.infra.local.github.pages.pulls import PullPages
from battleshiper.infra.local.github.pages.site import Site
from battleshiper.infra.local.github.records.activities import Activities
from battleshiper.infra.local.github.records.archive import open_archive
from battleshiper.infra.local.github.records.registration import keep_personal_token
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.smart_http import SmartHttp

PERSONAL_TOKEN_FILE = "personal-token"  # noqa: S105 - the file's name
"""In the data directory: what the person at this machine gives git as a password, to clone or fetch."""


def create_app(settings: GitHubSettings, clock: Clock = read_clock) -> Starlette:
    """Return the stand-in. Its start installs the App that the settings name, once, and sends what was not sent before
    the last end. What is made from a manifest is installed by hand, and there is no App when the settings name none."""
    archive = open_archive(settings, clock)
    database, accounts, repositories = archive.database, archive.accounts, archive.repositories
    deliveries, registration = archive.deliveries, archive.registration
    made = archive.apps.newest()
    if made is not None:
        adopt(settings, made)
    announcements = Announcements(settings, accounts, deliveries, archive.comments, registration)
    admission, installing = Admission(settings, archive, announcements), Installing(settings, archive, announcements)
    requests = PullRequests(database, accounts, repositories, archive.pulls, announcements)
    keeping = Keeping(database, accounts, repositories, registration, announcements, requests)
    activities = Activities(database, accounts, clock)
    pushes = Pushes(database, repositories, announcements, requests, activities)
    conversation, merges = Conversation(database, archive.comments, announcements), Merges(repositories, pushes)
    personal_token = keep_personal_token(settings.data_dir / PERSONAL_TOKEN_FILE)
    access = Access(settings, accounts, registration, archive.tokens, archive.user_tokens, personal_token, clock)
    limits, faults, revoking = RateLimits(clock), Faults(), Revoking(archive, announcements)
    parts = (
        limits,
        AppsApi(settings, admission),
        InstallationsApi(settings, registration, accounts, repositories, archive.tokens),
        PeopleApi(settings, accounts, repositories),
        RepositoriesApi(settings, repositories),
        ActivityApi(settings, activities, clock),
        ForksApi(settings, repositories, Forks(database, repositories)),
        StatusesApi(settings, repositories, archive.statuses),
        DeploymentsApi(settings, repositories, archive.deployments, archive.statuses),
        PullsApi(settings, repositories, archive.pulls, requests, announcements, merges),
        CommentsApi(settings, archive.pulls, archive.comments, conversation),
        DeliveriesApi(settings, deliveries),
        KeepingApi(settings, accounts, repositories, keeping),
        InstallingApi(settings, accounts, registration, repositories, installing),
        ReachApi(settings, accounts, registration, repositories),
        UserTokensApi(settings, archive.user_tokens, revoking),
    )
    endpoints = [one for part in parts for one in part.endpoints()]
    api = Dispatcher(settings, access, accounts, repositories, limits).router(endpoints)
    frame = Frame(settings, archive, clock)
    pages = (
        OAuthEndpoints(settings, Grants(settings, archive, clock)),
        ConsentPages(settings, frame, archive),
        AuthorizationPages(frame, archive, revoking),
        AppPages(settings, frame, archive, installing),
        Site(frame, archive),
        PullPages(frame, archive, requests, conversation, merges),
    )
    git = SmartHttp(access, accounts, repositories, registration, pushes, archive.folder)

    @asynccontextmanager
    async def live(_app: Starlette) -> AsyncIterator[None]:
        with database.transaction():
            if settings.app_id and made is None and registration.record():
                announcements.registered(registration.installed_at)
                announcements.installation_changed("created")
        deliveries.forget()
        await asyncio.to_thread(pushes.settle_all)
        courier = asyncio.create_task(Courier(settings, deliveries).run())
        try:
            yield
        finally:
            courier.cancel()
            with suppress(asyncio.CancelledError):
                await courier
            database.close()

    return Starlette(
        routes=[
            Mount("/api/v3", app=api),
            *faults.routes(),
            *Door(accounts).routes(),
            *git.routes(),
            *(route for part in pages for route in part.routes()),
        ],
        middleware=[Middleware(Guard, base_url=settings.base_url), Middleware(FaultyApp, faults=faults)],
        lifespan=live,
    )
