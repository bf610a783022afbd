"""The bus on AWS: EventBridge carries events to a queue for each step, and a consumer takes them from there."""
