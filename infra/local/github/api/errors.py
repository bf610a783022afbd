"""Errors, in GitHub's words."""

from collections.abc import Mapping, Sequence

from battleshiper.infra.local.github.shapes.shape import Shape

DOCUMENTATION = "https://docs.github.com/rest"


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Shape | str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})
        super().__init__(message)

    def body(self) -> Shape:
        """Return the body of the answer."""
        shape: Shape = {"message": self.message, "documentation_url": DOCUMENTATION, "status": str(self.status)}
        if self.errors:
            shape["errors"] = list(self.errors)
        return shape


class NotFoundError(ApiError):
    """There is no such thing, or the caller must not know of it."""

    def __init__(self) -> None:
        super().__init__(404, "Not Found")


class ForbiddenError(ApiError):
    """The token does not carry the permission."""

    def __init__(self) -> None:
        super().__init__(403, "Resource not accessible by integration")


class MovedError(ApiError):
    """The repository has another name now."""

    def __init__(self, url: str, status: int) -> None:
        self.url = url
        message = "Moved Permanently" if status == 301 else "Temporary Redirect"
        super().__init__(status, message, headers={"Location": url})

    def body(self) -> Shape:
        """Return the body of the answer."""
        return {"message": self.message, "url": self.url, "documentation_url": DOCUMENTATION}


class InvalidError(ApiError):
    """A field of the request is not as it must be. `code` is GitHub's: `missing_field`, `invalid`, `custom`."""

    def __init__(self, resource: str, field: str, code: str, message: str = "") -> None:
        fault: Shape = {"resource": resource, "field": field, "code": code}
        if message:
            fault["message"] = message
        super().__init__(422, "Validation Failed", [fault])
