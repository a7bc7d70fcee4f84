"""A limit on uploads that holds while the file arrives: it is never read into memory."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class LimitedUpload(FileUploadHandler):
    """The first handler of the chain: drops a file as soon as it has grown over the limit.

    The rest of the form stays usable, so the page can say at the field what has happened; the
    names of the dropped fields are kept on the request, see :func:`too_large`.
    """

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            dropped: set[str] = getattr(self.request, "_too_large", set())
            self.request._too_large = dropped | {self.field_name}  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler of the chain keeps the file."""


def too_large(request: HttpRequest, field_name: str) -> bool:
    """Whether the file of this field was dropped for its size."""
    request.FILES  # noqa: B018 - the form is read when it is first asked for
    return field_name in getattr(request, "_too_large", set())
