"""The pages for the owners of sites, rendered on the server. Without JavaScript all works but live updates."""

from battleshiper.platform.web.pages.dashboard import Pages

__all__ = ["Pages"]
