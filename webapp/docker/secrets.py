"""How to tell that a name, a value or any text probably holds a secret: guesses, for what a person can put right."""

import re
from base64 import b64decode
from collections.abc import Iterator

# Words of a name that speak of a secret, alone or at the end of a longer word, as in PGPASSWORD.
SECRET_ENDS = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "APIKEY", "AUTHKEY")
SECRET_WORDS = frozenset({"KEY", "PASS", "PRIVATE"})
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
SECRET_VALUES = re.compile(
    r"""-----BEGIN\ [A-Z0-9 ]{0,40}PRIVATE\ KEY-----             # a private key in PEM
      | (?<![\w-])eyJ[\w-]+\.eyJ[\w-]+\.                         # a JSON web token
      | (?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])    # an access key of AWS
      | (?<!\w)gh[opsur]_[A-Za-z0-9]{20}                         # a token of GitHub
      | (?<!\w)github_pat_\w{20}
      | (?<!\w)glpat-[\w-]{20}                                   # of GitLab
      | (?<!\w)xox[abeprs]-[\w-]{10}                             # of Slack
      | ://hooks\.slack\.com/(?:services|triggers|workflows)/\w    # an address that lets anybody post
      | ://(?:\w{1,20}\.)?discord(?:app)?\.com/api/webhooks/\w
      | ://[\w.-]{1,100}\.webhook\.office\.com/\w
      | (?<!\w)npm_[A-Za-z0-9]{20}                               # of npm
      | (?<!\w)pypi-AgE[\w-]{10}                                # of PyPI
      | "auths"\s{0,9}:\s{0,9}\{                                 # what docker login writes down
      | (?<!\w)[rs]k_live_[A-Za-z0-9]{10}                        # a key of Stripe
      | ://[^/\s:@]*:[^/\s@]+@                                   # an address with user name and password
      | ://[\w-]{16,}@                                           # or with a token
      | (?<![A-Za-z])(?i:password|passwd|pwd)\s{0,9}=\s{0,9}[^\s;&]    # a connection string with a password
    """,
    re.VERBOSE,
)

PLACEHOLDER = re.compile(r"<[A-Za-z][^<>\n]{0,60}>")
OF_WORDS = re.compile(r"[\s_-]|<[A-Z]+>")
# What may stand after a name, up to a secret that is written out: a $ begins what a shell fills in.
WRITTEN_OUT = r"""["']?[^\s"'$]"""
# A name and a value, in shell, in JSON, in a header or in an address; or a flag and its value.
NAMED = re.compile(rf"""(?<![\w.-])-{{0,2}}([A-Za-z_][\w.-]{{0,80}})["']?\s{{0,3}}[=:]\s{{0,3}}{WRITTEN_OUT}""")
FLAGGED = re.compile(r"""(?<![\w.-])--?([A-Za-z][\w-]{0,80})[ \t]{1,9}["']?[^\s"'$-]""")
BY_DEFAULT = re.compile(r"""\$\{(\w{1,80}):?[-=+]["']?[^}$"']""")
# A name such as TOKEN_FILE tells where a secret is.
ELSEWHERE = re.compile(r"(?i)[_.-]?(?:stdin|file|path)$")
# Commands that sign in somewhere, each with its password.
SIGNS_IN = rf"""
        (?<!\w)login(?!\w)[^\n;|&]{{0,300}}?\s-p[ \t=]{{0,3}}(?:["'][^\s"'$]|[^\s"'$-])   # docker login -p
      | (?<!\w)sshpass\s{{1,3}}-p\s{{0,3}}{WRITTEN_OUT}
      | (?<!\w)(?:mysql|maria)\w{{0,10}}\s[^\n;|&]{{0,300}}?(?<=\s)-p["']?[^\s"'$-]
      | (?<!\w)(?:mongo\w{{0,10}}\s[^\n;|&]{{0,300}}?(?<=\s)-p|redis-cli\s[^\n;|&]{{0,300}}?(?<=\s)-a)
        [ \t]{{1,3}}["']?[^\s"'$-]
      | (?<!\w)(?:echo|printf)\s{{1,3}}(?:-\w{{1,3}}\s{{1,3}})?+["']?[^\s"'$%]
        [^\n|]{{0,300}}\|[^\n]{{0,300}}--password-stdin
"""
# The password of a user that is called otherwise, and is none of a group.
OF_USER = r"""["']?(?P<user>[^\s"'$:/]{1,64}):(?!\d+(?!\w))(?!(?P=user)(?![^\s"']))[^\s"'$]"""
SIGNING_IN = re.compile(rf"{SIGNS_IN} | (?<!\w)curl\s[^\n;|&]{{0,300}}?(?<=\s)-u[ \t]{{0,3}}{OF_USER}", re.VERBOSE)
IN_COMMANDS = re.compile(
    rf"""(?i:authorization|cookie)["']?\s{{0,3}}[:=]\s{{0,3}}["']?(?:(?i:bearer|basic|token|digest)\s{{1,3}})?+{WRITTEN_OUT}
      | (?<!\w)(?i:bearer)\s{{1,3}}[A-Za-z0-9._~+/-]{{8}}
      | {SIGNS_IN}
      | (?<=\s)(?:-u|--user|--proxy-user)[ \t=]{{0,3}}["']?[^\s"'$:/]{{0,64}}:(?!\d+(?!\w))[^\s"'$]       # curl -u
    """,
    re.VERBOSE,
)
# What could be a secret where a name or a flag says so: not what is filled in, or only stands for something.
VALUE = r"([^\s\"'$<{%*\\,;&-][^\s\"'\\,;&]{0,200})"
# A name and a value that are told apart for sure: in JSON; with a = between them; alone on a line or in quotes, as
# headers and YAML have them; or a flag of a whole word.
SURELY_NAMED = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"""\\?["']([A-Za-z_][\w.-]{{0,80}})\\?["']\s{{0,3}}:\s{{0,3}}\\?["']{VALUE}""",
        rf"""(?<![\w.-])-{{0,2}}([A-Za-z_][\w.-]{{0,80}})=["']?{VALUE}""",
        rf"""(?:^|(?<=["']))[ \t]{{0,20}}([A-Za-z_][\w.-]{{0,80}}):[ \t]{{0,3}}{VALUE}[ \t]{{0,3}}(?:$|(?=["']))""",
        rf"""(?<![\w.-])--([A-Za-z][\w-]{{0,80}})[ \t]{{1,9}}["']?{VALUE}""",
    )
)
# What such a value may be that is no secret: a switch, or how many of something.
NO_SECRET = re.compile(r"(?i:true|false|null|none|yes|no|on|off|[0-9]{1,6})")
SIGNED = re.compile(
    rf"""(?<![\w-])(?i:bearer)\s{{1,3}}(?=[A-Za-z._~+/-]{{0,200}}[0-9])[A-Za-z0-9._~+/-]{{8}}
      | (?<![\w-])(?i:authorization)["']?\s{{0,3}}[:=]\s{{0,3}}["']?(?i:bearer|basic|digest|token)\s{{1,3}}{VALUE}
      | (?<![\w-])--(?:proxy-)?user[ \t=]{{1,3}}{OF_USER}
    """,
    re.VERBOSE,
)
BASIC = re.compile(r"(?<![\w-])(?i:basic)\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})(?![\w+/=])")
# What a key is for where it is a secret: any other could be one of a table.
OF_KEYS = frozenset({"ACCESS", "ACCOUNT", "API", "AUTH", "ENCRYPTION", "MASTER", "PRIVATE", "SECRET", "SIGNING"})
# A word that nobody types: long, and capitals, small letters and digits in it.
LONG_WORD = re.compile(r"(?<![\w/.+-])[A-Za-z0-9_-]{24,200}(?![\w/.+-])")
FEWEST_DIGITS = 3


def looks_secret(key: str, value: str) -> bool:
    """Whether a variable is probably a secret: a guess, for a box that a person can untick.

    By its name: a word such as TOKEN, SECRET, PASSWORD, KEY, CREDENTIAL or PRIVATE, between underscores or capitals,
    where a KEY that is PUBLIC is none. By its value: a private key, a well-known kind of token, an address or a
    connection string with a password, or one that is written out in it after its name. What is empty hides nothing.
    """
    return bool(value.strip()) and (secret_name(key) or written_out(value))


def writes_secret(commands: str) -> bool:
    """Whether a password or a token stands in commands, almost for sure."""
    return written_out(commands) or bool(SIGNING_IN.search(commands))


def written_out(text: str) -> bool:
    """Whether a secret stands in a text, almost for sure: by how it looks, or by the name, flag or header before it."""
    return (
        bool(SECRET_VALUES.search(text) or SIGNED.search(text))
        or any(is_pair(match[1]) for match in BASIC.finditer(text))
        or any(names_secret(match[1], match[2]) for pattern in SURELY_NAMED for match in pattern.finditer(text))
    )


def names_secret(name: str, value: str) -> bool:
    """Whether a name and its value are those of a secret: by the last word of the name."""
    words: list[str] = [word.upper() for word in WORD.findall(name)] or [""]
    if NO_SECRET.fullmatch(value):
        return False
    if words[-1] == "KEY":
        return not OF_KEYS.isdisjoint(words[-2:-1])
    return words[-1].endswith(SECRET_ENDS) or words[-1] == "PASS"


def is_pair(text: str) -> bool:
    """Whether a text is a name and a password in Base64."""
    try:
        return b":" in b64decode(text, validate=True)
    except ValueError:
        return False


def stands_for_something(key: str, value: str) -> bool:
    """Whether the value of a variable is a text such as <your token>, in place of what is still to be put in.

    A single word in brackets could be markup, unless a secret should stand there.
    """
    return bool(PLACEHOLDER.fullmatch(value)) and (secret_name(key) or bool(OF_WORDS.search(value)))


def secret_name(key: str) -> bool:
    """Whether a name speaks of a secret."""
    words = [word.upper() for word in WORD.findall(key)]
    singles = [word.removesuffix("S") for word in words]
    if any(word.endswith(SECRET_ENDS) for word in singles):
        return True
    return "PUBLIC" not in words and any(word in SECRET_WORDS for word in (*words, *singles))


def holds_secret(text: str) -> bool:
    """Whether a secret is probably written out somewhere in a text, such as commands: a guess to be careful with.

    By all that writes one out almost for sure; by the name before a value, of a variable, a flag or a header; by a
    command that signs in; by a word that looks like chance.
    """
    return (
        writes_secret(text)
        or bool(IN_COMMANDS.search(text))
        or any(secret_name(name) for name in given_names(text))
        or any(like_chance(match[0]) for match in LONG_WORD.finditer(text))
    )


def given_names(text: str) -> Iterator[str]:
    """The names in a text after which a value is written out."""
    for pattern in (NAMED, FLAGGED, BY_DEFAULT):
        yield from (match[1] for match in pattern.finditer(text) if not ELSEWHERE.search(match[1]))


def like_chance(word: str) -> bool:
    """Whether a long word looks like a random one."""
    digits = sum(char.isdigit() for char in word)
    return digits >= FEWEST_DIGITS and word != word.lower() and word != word.upper()
