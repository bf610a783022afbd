"""What kind of site a repository is, and where its build leaves the files."""

from enum import StrEnum

from battleshiper.build_runner.detection.package import Package
from battleshiper.build_runner.tree import Tree


class Framework(StrEnum):
    """The kinds of sites, by their names in the result."""

    SVELTEKIT = "sveltekit"
    STATIC = "static"
    """A build script that leaves a folder."""
    FILES = "files"
    """Files that are served as they are."""


SVELTEKIT = "@sveltejs/kit"
STATIC_ADAPTER = "@sveltejs/adapter-static"

# Where each tool leaves its files by default; the first dependency found decides.
_OUTPUTS = {
    STATIC_ADAPTER: "build",
    "astro": "dist",
    "@11ty/eleventy": "_site",
    "next": "out",
    "nuxt": ".output/public",
    "gatsby": "public",
    "hexo": "public",
    "react-scripts": "build",
    "@docusaurus/core": "build",
    "vitepress": ".vitepress/dist",
    "vuepress": ".vuepress/dist",
    "@rspress/core": "doc_build",
    "vite": "dist",
    "parcel": "dist",
    "webpack": "dist",
}
_USUAL_OUTPUTS = ("dist", "build", "out", "_site", ".output/public", "public")


def detect_framework(package: Package | None, build_command: str | None) -> Framework:
    """Tell the kind of site from its package and from the command that builds it, if any."""
    if package and SVELTEKIT in package.dependencies:
        return Framework.SVELTEKIT
    return Framework.STATIC if build_command else Framework.FILES


def output_candidates(package: Package | None) -> tuple[str, ...]:
    """Return the folders where a build may leave its files, the likeliest first."""
    known = [folder for name, folder in _OUTPUTS.items() if package and name in package.dependencies]
    return tuple(dict.fromkeys([*known[:1], *_USUAL_OUTPUTS]))


def choose_output(tree: Tree, root: str, candidates: tuple[str, ...], committed: frozenset[str]) -> str | None:
    """Return the folder, below the root directory, that the build left; None when there is none.

    What the build made comes first. A folder that was in the repository before counts only with a page in it,
    because many tools take a folder named `public` as their input.
    """
    below = f"{root}/" if root else ""
    made = (folder for folder in candidates if folder not in committed and tree.has_folder(below + folder))
    kept = (folder for folder in candidates if tree.has_file(f"{below}{folder}/index.html"))
    return next(made, None) or next(kept, None)
