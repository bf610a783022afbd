"""`ping`: GitHub tries the webhook out.

Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#ping
"""

from battleshiper.platform.store.port import Known
from battleshiper.webhooks.payload import Unused
from battleshiper.webhooks.plan import Plan


def answer_ping(_ping: Unused, _known: Known) -> Plan:
    """Do nothing: that the signature was good is what GitHub wants to know."""
    return Plan().ignore("GitHub can reach the platform, and the secret is the right one.")
