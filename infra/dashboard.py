"""The pages that people sign in to, put together alike for one machine and for AWS."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.routing import BaseRoute

from battleshiper.bot.identity import GitHubIdentityProvider, OAuthClient
from battleshiper.platform.accounts.administration import Administration
from battleshiper.platform.accounts.entrance import Entrance
from battleshiper.platform.accounts.invitations import Invitations
from battleshiper.platform.accounts.reaches import Reaches
from battleshiper.platform.accounts.sessions import SessionDesk
from battleshiper.platform.accounts.tokens import TokenDesk
from battleshiper.platform.accounts.wallet import Wallet
from battleshiper.platform.identity.port import CALLBACK_PATH
from battleshiper.platform.pipeline.allowance import Allowance
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.web.aliases_api import AliasesApi
from battleshiper.platform.web.assets import Assets
from battleshiper.platform.web.device_sign_in import DeviceSignIn
from battleshiper.platform.web.door import Door
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.hook_trigger import HookTrigger
from battleshiper.platform.web.hooks_api import HooksApi
from battleshiper.platform.web.invitation import InvitationPages
from battleshiper.platform.web.operators.projects import ProjectPages
from battleshiper.platform.web.operators.subscriptions import SubscriptionPages
from battleshiper.platform.web.operators.work import WorkPages
from battleshiper.platform.web.pages import Pages
from battleshiper.platform.web.pages.view import View
from battleshiper.platform.web.rate import Rate
from battleshiper.platform.web.reference import Reference
from battleshiper.platform.web.renderer import Renderer
from battleshiper.platform.web.services import Services
from battleshiper.platform.web.settings_api import SettingsApi
from battleshiper.platform.web.sign_in import SignInPages
from battleshiper.platform.web.subscriptions_api import SubscriptionsApi
from battleshiper.platform.web.token_pages import TokenPages
from battleshiper.platform.web.user_pages import UserPages
from battleshiper.platform.web.users_api import UsersApi

_REQUESTS_PER_MINUTE = 300
"""That a token is good for in the API."""
_REQUESTS_AT_ONCE = 100
_FORMS_PER_MINUTE = 60
_HOOK_CALLS_PER_MINUTE = 6
"""To one hook. More would only end each other's deployments."""
_SIGN_INS_PER_MINUTE = 120
"""By programs, of all people together, asking whether GitHub has let them in included."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What signing in depends on."""

    client_id: str
    client_secret: str = field(repr=False)
    github_url: str
    api_url: str
    base_url: str
    administrators: Collection[int]

    def provider(self, clock: Callable[[], datetime]) -> GitHubIdentityProvider:
        """Return GitHub."""
        client = OAuthClient(self.client_id, self.client_secret, self.base_url + CALLBACK_PATH)
        return GitHubIdentityProvider(client, self.github_url, self.api_url, clock)


class Dashboard:
    """Makes the routes."""

    def __init__(
        self,
        sign_in: SignIn,
        services: Services,
        seal: Seal,
        *,
        follow_seconds: float = math.inf,
        offer: Callable[[Request], str] = lambda _: "",
    ) -> None:
        store, clock = services.store, services.clock
        self._provider = provider = sign_in.provider(clock)
        desk = SessionDesk(store, clock)
        wallet = Wallet(store, provider, seal, clock)
        self._assets = Assets()
        self._renderer = Renderer(self._assets, clock)
        self._base_url = sign_in.base_url
        self._services = services
        self._store = store
        self._clock = clock
        self._tokens = TokenDesk(store, clock)
        self.administration = Administration(store, clock)
        self._allowance = Allowance(store, clock)
        self._reaches = Reaches(store, provider, wallet, clock)
        forms = Rate(clock, _FORMS_PER_MINUTE, _FORMS_PER_MINUTE)
        self._door = Door(store, desk, self._reaches, self._renderer, forms, self._base_url)
        self._seal = seal
        self._token_pages = TokenPages(self._tokens, store, self._door, self._renderer)
        self._entrance = entrance = Entrance(store, provider, wallet, desk, sign_in.administrators)
        self._sign_in = SignInPages(entrance, self._door, self._renderer, self._base_url)
        self._pages = Pages(
            services,
            sign_in.github_url,
            self._base_url,
            self._door,
            self._renderer,
            follow_seconds=follow_seconds,
            offer=offer,
        )

    def guard(self, operator_token: str) -> Guard:
        """Return what lets requests to the API in."""
        rate = Rate(self._clock, _REQUESTS_PER_MINUTE, _REQUESTS_AT_ONCE)
        return Guard(operator_token, self._store, self._tokens, self._reaches, rate)

    def routes(self, invitations: Invitations, guard: Guard) -> list[BaseRoute]:
        """Return the routes to mount."""
        administration = self.administration
        invitation = InvitationPages(invitations, administration, self._door, guard, self._renderer, self._base_url)
        view = View(self._renderer)
        devices = DeviceSignIn(
            self._entrance, self._tokens, self._seal, Rate(self._clock, _SIGN_INS_PER_MINUTE, _SIGN_INS_PER_MINUTE)
        )
        return [
            *UsersApi(administration, guard).routes(),
            *SubscriptionsApi(self._store, self._allowance, administration, guard).routes(),
            *Reference(guard, self._renderer, self._base_url).routes(),
            *AliasesApi(self._services, guard).routes(),
            *SettingsApi(self._services, guard).routes(),
            *HooksApi(self._services, guard, self._base_url).routes(),
            *HookTrigger(
                self._services.hooks, Rate(self._clock, _HOOK_CALLS_PER_MINUTE, _HOOK_CALLS_PER_MINUTE)
            ).routes(),
            *UserPages(administration, self._door, view).routes(),
            *SubscriptionPages(self._store, administration, self._door, view).routes(),
            *WorkPages(self._store, self._services.dead_letters, administration, self._door, view).routes(),
            *ProjectPages(self._store, self._door, view).routes(),
            *invitation.routes(),
            *devices.routes(),
            *self._sign_in.routes(),
            *self._token_pages.routes(),
            *self._pages.routes(),
            *self._assets.routes(),
        ]

    def close(self) -> None:
        """Close the connections to GitHub."""
        self._provider.close()
