"""The edge functions use nothing that CloudFront's runtime does not have.

The lists are those of cloudfront-js-2.0: what the page below names, and ES 5.1, with which the runtime complies. The
page is a list of what there is, so whatever is not in it counts as missing.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
"""

import re

import pytest

from battleshiper.edge.source import viewer_request, viewer_response

ES5 = (
    "break case catch continue default delete do else false finally for function if in instanceof new null return "
    "switch this throw true try typeof undefined var void while "
    "Array Boolean Date Error JSON Math Number Object RangeError RegExp String SyntaxError TypeError URIError "
    "Infinity NaN decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN parseFloat parseInt "
    "arguments "
    "apply bind call charAt charCodeAt concat every exec filter forEach fromCharCode hasOwnProperty indexOf "
    "isArray join keys lastIndex lastIndexOf length map match parse pop push reduce replace reverse search shift "
    "slice some sort source splice split stringify substr substring test toLowerCase toString toUpperCase trim "
    "unshift abs ceil floor max min pow random round"
).split()
LATER = (
    "async await const let globalThis atob btoa Promise Symbol TextDecoder TextEncoder Uint8Array "
    "assign codePointAt copyWithin endsWith entries fill find findIndex flags imul includes padEnd padStart repeat "
    "replaceAll startsWith sticky trimEnd trimStart trunc values"
).split()
CLOUDFRONT = "console log import from cf kvs get exists updateRequestOrigin selectRequestOriginById".split()
EVENT = (
    "context requestId viewer ip request response method uri querystring rawQueryString headers cookies host "
    "authorization value multiValue statusCode statusDescription body location allow"
).split()
RECORD = "project deployment shards salt immutable function fallback missing noindex".split()
OURS = "format path files stem form mark shard".split()
TESTED_FOR = ["normalize"]
"""Not in the runtime's list, and only called where it exists."""
KNOWN = {*ES5, *LATER, *CLOUDFRONT, *EVENT, *RECORD, *OURS, *TESTED_FOR}

MISSING = {
    "for-of": r"\bof\b",
    "spread, rest": r"\.\.\.",
    "optional chaining": r"\?\.[^\d]",
    "nullish coalescing": r"\?\?",
    "class": r"\bclass\b",
    "generator": r"function\s*\*|\byield\b",
    "destructuring": r"\b(?:const|let|var)\s*[\[{]|\(\s*\{[^)]*\}\s*\)\s*=>",
    "shorthand property": r"\{\s*\w+\s*[,}]|,\s*\w+\s*\}",
    "shorthand method": r"[{,]\s*(?!(?:if|for|while|switch|catch|function)\b)\w+\s*\([^)]*\)\s*\{",
    "computed property": r"[{,]\s*\[[^\]]*\]\s*:",
    "default value": r"function \w+\([^)]*=",
    "logical assignment": r"(?:\|\||&&|\?\?)=",
    "async closure": r"async\s*\(|async\s+\w+\s*=>",
    "await among arguments": r"(?<!if )(?<!!)[(\[,:]\s*await\b",
    "promise chain": r"\.(?:then|catch|finally)\(",
    "dynamic code": r"\beval\b|\bFunction\b",
    "lookbehind": r"\(\?<[=!]",
}
"""Syntax that a parser of today takes and the runtime may not."""

SOURCES = {"viewer-request": viewer_request("localhost"), "viewer-response": viewer_response()}
EXPRESSION = re.compile(r"/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n\[])+/[a-z]*(?=[.;,)\s])")


def _code(source: str) -> str:
    """Return the source without texts and regular expressions, but with what is put into texts."""
    source = re.sub(r"`[^`]*`", lambda text: ";".join(re.findall(r"\$\{([^}]*)\}", text[0])), source)
    source = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "''", source)
    return EXPRESSION.sub("''", source)


def _declared(code: str) -> set[str]:
    names = re.findall(r"\b(?:const|let|var|function)\s+(\w+)", code)
    parameters = re.findall(r"function\s+\w+\(([^)]*)\)|\bcatch\s*\((\w+)\)|\(([^()]*)\)\s*=>", code)
    return {*names, *re.findall(r"\w+", " ".join(" ".join(group) for group in parameters))}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_only_names_that_the_runtime_has_are_used(source: str) -> None:
    """Every word of the code is a keyword, a global or a method of the runtime, a field of an event, or declared."""
    code = re.sub(r"\b[\w-]+\s*:(?!:)", "", _code(source))  # a field that is being made
    words = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*|(?<=\.)[A-Za-z_]\w*", code))
    assert words - _declared(code) - KNOWN == set()


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("missing", MISSING)
def test_only_syntax_that_the_runtime_has_is_used(source: str, missing: str) -> None:
    """Syntax that the runtime does not know does not occur outside of texts."""
    assert re.findall(MISSING[missing], _code(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "for (const a of b) c();",
        "f(...a);",
        "a?.b;",
        "a ?? b;",
        "class A {}",
        "function* f() {}",
        "const { a } = b;",
        "const a = { b, c: 1 };",
        "const a = { b() {} };",
        "const a = { [b]: 1 };",
        "function f(a = 1) {}",
        "a ||= b;",
        "const a = async () => 1;",
        "a().then(b);",
        "eval(a);",
    ],
)
def test_missing_syntax_is_found(source: str) -> None:
    """The patterns match what they are for."""
    assert any(re.search(pattern, _code(source)) for pattern in MISSING.values())


@pytest.mark.parametrize("word", ["structuredClone", "at", "flatMap", "fetch", "setTimeout", "process", "fromEntries"])
def test_missing_name_is_found(word: str) -> None:
    """What Node has and the runtime has not is unknown here."""
    assert word not in KNOWN


def test_what_may_be_missing_is_tested_for() -> None:
    """Where a method is not in the runtime's list, the code looks for it before it calls it."""
    for name in TESTED_FOR:
        uses = [line for line in SOURCES["viewer-request"].splitlines() if f".{name}(" in line]
        assert uses
        assert all(re.search(rf"if \(\w+\.{name}\)", line) for line in uses)
