"""Which programs a simulated container has, and what they print."""

import re
from collections.abc import Sequence

BUILT_IN = (
    ". : [ { } alias break case cd command continue do done echo elif else esac eval exec exit export false fi for "
    "function hash if in local printf pwd read return set shift source test then time trap true type ulimit umask "
    "unset until wait while"
)
COMMON = (
    "apk apt apt-get ash awk base64 basename bash cat chmod chown cp curl cut date dd df diff dirname dpkg du egrep "
    "env fallocate find free git grep gunzip gzip head hostname id jq kill ln ls make md5sum mkdir mktemp mv nproc "
    "openssl printenv ps readlink realpath rm rmdir rsync scp sed seq sh sha256sum sleep sort ssh stat stress sudo "
    "tail tar tee timeout touch tr truncate uname uniq unzip wc wget which whoami xargs zip"
)
EVERYWHERE = frozenset(f"{BUILT_IN} {COMMON}".split())
# The programs of a language, and the official images that have them.
LANGUAGES = {
    **dict.fromkeys(("pip", "pip3", "python", "python3"), ("python",)),
    **dict.fromkeys(("corepack", "node", "npm", "npx", "pnpm", "yarn"), ("node",)),
    **dict.fromkeys(("java", "javac"), ("amazoncorretto", "eclipse-temurin", "gradle", "maven", "openjdk")),
    **dict.fromkeys(("go", "gofmt"), ("golang",)),
    **dict.fromkeys(("bundle", "gem", "rake", "ruby"), ("ruby",)),
    **dict.fromkeys(("cargo", "rustc"), ("rust",)),
    "composer": ("composer",),
    "docker": ("docker",),
    "gradle": ("gradle",),
    "mvn": ("maven",),
    "php": ("composer", "php"),
    "psql": ("postgres",),
    "redis-cli": ("redis",),
}
SYSTEMS = ("alpine", "busybox", "debian", "fedora", "nginx", "ubuntu")
OFFICIAL = frozenset(SYSTEMS) | {image for images in LANGUAGES.values() for image in images}
INSTALLERS = frozenset({"apk", "apt", "apt-get", "bundle", "composer", "gem", "npm", "pip", "pip3", "pnpm", "yarn"})
INSTALLING = frozenset({"add", "ci", "install", "require"})
# What names something that is not there.
MISSING = re.compile(r"missing|no-?such|non-?exist|not-exist|unknown|typo", re.IGNORECASE)

PRINTED: dict[str, Sequence[str]] = {
    "apt-get": ("Reading package lists...", "Building dependency tree...", "Reading state information..."),
    "cargo": ("    Finished `dev` profile [unoptimized + debuginfo] target(s) in 2.41s",),
    "composer": ("Generating autoload files",),
    "git": ("Already up to date.",),
    "go": ("ok  \texample.com/app\t0.012s",),
    "gradle": ("", "BUILD SUCCESSFUL in 3s", "4 actionable tasks: 4 executed"),
    "ls": ("Dockerfile", "Makefile", "README.md", "requirements.txt", "src", "tests"),
    "mvn": ("[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0", "[INFO] BUILD SUCCESS"),
    "npm": ("", "added 312 packages, and audited 313 packages in 4s", "", "found 0 vulnerabilities"),
    "pwd": ("/buddy",),
    "pytest": (
        "============================= test session starts ==============================",
        "collected 12 items",
        "",
        "tests/test_app.py ............                                           [100%]",
        "",
        f"\x1b[32m{'=' * 30} \x1b[1m12 passed\x1b[0m\x1b[32m in 0.42s {'=' * 30}\x1b[0m",
    ),
    "whoami": ("root",),
}
FAILED: dict[str, Sequence[str]] = {
    "make": ("make: *** [Makefile:2: {0}] Error 1",),
    "npm": ("npm error code ELIFECYCLE", "npm error errno 1", "npm error app@1.0.0 {0}: `exit 1`"),
    "pytest": (
        "collected 12 items",
        "",
        "tests/test_app.py ..F.........                                           [100%]",
        "",
        "FAILED tests/test_app.py::test_total - assert 3 == 4",
        f"\x1b[31m{'=' * 24} \x1b[1m1 failed\x1b[0m\x1b[31m, 11 passed in 0.51s {'=' * 24}\x1b[0m",
    ),
}


def has_program(image: str, installed: frozenset[str], name: str) -> bool:
    """Whether a container has a program: by itself, by its image, or once something was `installed` in it.

    What an image of somebody's own has, nobody can tell from its name: all but what is called like nothing that is.
    """
    if name in EVERYWHERE | installed:
        return True
    if MISSING.search(name):
        return False
    if image not in OFFICIAL:
        return True
    return image in LANGUAGES.get(name, ()) or ("*" in installed and name not in LANGUAGES)


def official_name(image: str) -> str:
    """What an official image is called without what may stand before its name; another image as it is."""
    return image.removeprefix("docker.io/").removeprefix("library/")
