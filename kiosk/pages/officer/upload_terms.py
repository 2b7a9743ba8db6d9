"""Terms of uploads that the desk's script needs: limits, and the sentences for files that it does not send."""

from dataclasses import dataclass

from kiosk import uploads


@dataclass(frozen=True)
class UploadTerms:
    """Limits of a file, and why one is refused; the server checks both again."""

    megabytes: int
    max_bytes: int
    max_edge: int
    post_megabytes: int
    max_files: int
    too_large: str
    heic: str
    other: str


TERMS = UploadTerms(
    megabytes=uploads.MAX_BYTES // 1024 // 1024,
    max_bytes=uploads.MAX_BYTES,
    max_edge=uploads.MAX_EDGE,
    post_megabytes=uploads.MAX_POST_BYTES // 1024 // 1024,
    max_files=uploads.MAX_POST_FILES,
    too_large=uploads.too_large_error().vi,
    heic=uploads.heic_error().vi,
    other=uploads.other_type_error().vi,
)
