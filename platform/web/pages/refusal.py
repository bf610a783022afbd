"""A field that was refused, with everything that was typed beside it."""

from dataclasses import dataclass

from battleshiper.platform.web.door import Form


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong, in one sentence, and in which field: empty where it is none's fault."""

    field: str
    why: str
    form: Form

    def typed(self, name: str) -> str:
        """Return what a field held."""
        return self.form.get(name, "")


NO_REFUSAL = Refusal("", "", {})
