"""The door of the dashboard with a GitHub in memory behind it, for tests of what is shown behind the door."""

from collections.abc import Callable, Collection
from datetime import datetime

from battleshiper.platform.accounts.entrance import Entrance
from battleshiper.platform.accounts.reaches import Reaches
from battleshiper.platform.accounts.sessions import Entered, SessionDesk
from battleshiper.platform.accounts.tokens import TokenDesk
from battleshiper.platform.accounts.wallet import Wallet
from battleshiper.platform.identity.fake import FakeIdentityProvider
from battleshiper.platform.model.account import Identity
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.model.role import Role
from battleshiper.platform.sealing.seal import Seal
from battleshiper.platform.store.port import Store
from battleshiper.platform.web.assets import Assets
from battleshiper.platform.web.door import Door
from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.rate import Rate
from battleshiper.platform.web.renderer import Renderer

URL = "http://testserver"
COOKIE = "battleshiper-session"
ADA, BOB = Identity(7, "ada", "Ada"), Identity(8, "bob")


class Front:
    """Everything between a browser and the pages. Ada and Bob can sign in, by the codes `ada` and `bob`."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        url: str = URL,
        administrators: Collection[int] = (),
        burst: int = 200,
    ) -> None:
        self.provider = FakeIdentityProvider({each.login: each for each in (ADA, BOB)})
        self.desk = SessionDesk(store, clock)
        self.wallet = Wallet(store, self.provider, Seal(lambda: "k" * 43), clock)
        self.reaches = Reaches(store, self.provider, self.wallet, clock)
        self.assets = Assets()
        self.renderer = Renderer(self.assets, clock)
        self.door = Door(store, self.desk, self.reaches, self.renderer, Rate(clock, 6, 200), url)
        self.tokens = TokenDesk(store, clock)
        self.guard = Guard("operator", store, self.tokens, self.reaches, Rate(clock, 6, burst))
        self.entrance = Entrance(store, self.provider, self.wallet, self.desk, administrators)
        self._store = store

    def admit(self, identity: Identity = ADA, roles: Collection[Role] = (), **allowed: Permission) -> Entered:
        """Sign somebody in whom GitHub lets do `allowed`, such as `r7=Permission.READ` for the repository 7."""
        self.provider.allowed[identity.id] = {int(name[1:]): permission for name, permission in allowed.items()}
        self.provider.codes[identity.login] = identity
        entered = self.entrance.finish(identity.login, "verifier")
        self._store.set_roles(identity.id, roles)
        return entered
