"""Content types by file name. Our own table: what a machine has in /etc/mime.types must not change a site."""

_FALLBACK = "application/octet-stream"
_TEXT = {
    "html": "text/html",
    "htm": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "cjs": "text/javascript",
    "txt": "text/plain",
    "text": "text/plain",
    "log": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ics": "text/calendar",
    "vtt": "text/vtt",
    "vcf": "text/vcard",
    "xml": "application/xml",
    "xsl": "application/xml",
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "xhtml": "application/xhtml+xml",
    "svg": "image/svg+xml",
}
_OTHER = {
    # JSON is UTF-8 by definition and has no charset parameter (RFC 8259 11).
    "json": "application/json",
    "map": "application/json",
    "geojson": "application/geo+json",
    "jsonld": "application/ld+json",
    "webmanifest": "application/manifest+json",
    "wasm": "application/wasm",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "gz": "application/gzip",
    "tar": "application/x-tar",
    "7z": "application/x-7z-compressed",
    "epub": "application/epub+zip",
    "png": "image/png",
    "apng": "image/apng",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "ico": "image/x-icon",
    "heic": "image/heic",
    "jxl": "image/jxl",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "m3u8": "application/vnd.apple.mpegurl",
    "ts": "video/mp2t",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
    "usdz": "model/vnd.usdz+zip",
}
# Files whose type is set by what they are for.
_NAMES = {
    "apple-app-site-association": "application/json",
    "CNAME": "text/plain; charset=utf-8",
    "LICENSE": "text/plain; charset=utf-8",
}


def content_type(path: str) -> str:
    """Return the content type of a file; text is UTF-8. An unknown ending is bytes, never a page."""
    name = path.rpartition("/")[2]
    if name in _NAMES:
        return _NAMES[name]
    _, dot, ending = name.lower().rpartition(".")
    if not dot:
        return _FALLBACK
    if ending in _TEXT:
        return f"{_TEXT[ending]}; charset=utf-8"
    return _OTHER.get(ending, _FALLBACK)
