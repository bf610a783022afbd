"""A figure: one thing measured on both sides."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured. `ours` and `baseline` are in `unit`; the ratio is ours by theirs."""

    name: str
    ours: float
    baseline: float
    unit: str

    def to_json(self) -> str:
        """Return the figure as one line."""
        ratio = round(self.ours / self.baseline, 3)
        ours, baseline = round(self.ours, 3), round(self.baseline, 3)
        return json.dumps({**asdict(self), "ours": ours, "baseline": baseline, "ratio": ratio})
