"""Media types of files, by extension. A fixed table: what a machine's own says differs from machine to machine.

Names are IANA's (https://www.iana.org/assignments/media-types/); text has its charset, because a browser would guess.
"""

_UNKNOWN = "application/octet-stream"

_TEXT = {
    "appcache": "text/cache-manifest",
    "css": "text/css",
    "csv": "text/csv",
    "cjs": "text/javascript",
    "htm": "text/html",
    "html": "text/html",
    "ics": "text/calendar",
    "js": "text/javascript",
    "log": "text/plain",
    "md": "text/markdown",
    "mjs": "text/javascript",
    "text": "text/plain",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "vcf": "text/vcard",
    "vtt": "text/vtt",
}

_OTHER = {
    "7z": "application/x-7z-compressed",
    "aac": "audio/aac",
    "apng": "image/apng",
    "atom": "application/atom+xml",
    "avi": "video/x-msvideo",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "br": "application/octet-stream",
    "cur": "image/x-icon",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eot": "application/vnd.ms-fontobject",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "geojson": "application/geo+json",
    "gif": "image/gif",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
    "gz": "application/gzip",
    "heic": "image/heic",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "jxl": "image/jxl",
    "m3u8": "application/vnd.apple.mpegurl",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "map": "application/json",
    "mid": "audio/midi",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rar": "application/vnd.rar",
    "rss": "application/rss+xml",
    "rtf": "application/rtf",
    "svg": "image/svg+xml",
    "tar": "application/x-tar",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "ts": "video/mp2t",
    "ttf": "font/ttf",
    "usdz": "model/vnd.usdz+zip",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xhtml": "application/xhtml+xml",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xsl": "application/xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "zip": "application/zip",
}

# Files whose type is set by what they are for.
_NAMES = {
    "apple-app-site-association": "application/json",
    "CNAME": "text/plain; charset=utf-8",
    "LICENSE": "text/plain; charset=utf-8",
}
_TYPES = {**{extension: f"{name}; charset=utf-8" for extension, name in _TEXT.items()}, **_OTHER}
_COMPRESSIBLE = frozenset(
    (
        "application/javascript application/json application/ld+json application/manifest+json application/xhtml+xml "
        "application/xml application/atom+xml application/rss+xml application/geo+json application/wasm "
        "application/yaml application/vnd.ms-fontobject application/rtf font/otf font/ttf image/bmp image/svg+xml "
        "image/x-icon model/gltf+json"
    ).split()
)


def media_type(path: str) -> str:
    """Return the `Content-Type` of a file; text is UTF-8. An unknown ending is bytes, never a page."""
    name = path.rpartition("/")[2]
    _, dot, extension = name.rpartition(".")
    known = _TYPES.get(extension.lower(), _UNKNOWN) if dot else _UNKNOWN
    return _NAMES.get(name, known)


def is_compressible(content_type: str) -> bool:
    """Tell whether content of this type gets smaller by compression."""
    name = content_type.partition(";")[0]
    return name.startswith("text/") or name in _COMPRESSIBLE
