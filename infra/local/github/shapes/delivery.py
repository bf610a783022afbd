"""Deliveries of the App's webhook."""

import json

from battleshiper.infra.local.github.records.deliveries import Delivery
from battleshiper.infra.local.github.settings import GitHubSettings
from battleshiper.infra.local.github.shapes.shape import Shape


def delivery_shape(settings: GitHubSettings, delivery: Delivery) -> Shape:
    """Return one attempt, as the list of them shows it."""
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": delivery.delivered_at,
        "redelivery": delivery.redelivery,
        "duration": round(delivery.outcome.duration, 2),
        "status": delivery.outcome.status,
        "status_code": delivery.outcome.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": None if delivery.event == "ping" else settings.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def full_delivery_shape(settings: GitHubSettings, delivery: Delivery) -> Shape:
    """Return one attempt with all that was sent and all that came back."""
    return {
        **delivery_shape(settings, delivery),
        "url": settings.webhook_url,
        "request": {"headers": dict(delivery.outcome.request_headers), "payload": json.loads(delivery.payload)},
        "response": {
            "headers": dict(delivery.outcome.response_headers),
            "payload": delivery.outcome.response_payload,
        },
    }
