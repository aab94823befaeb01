"""Variables: the rule for their names, how a text uses them, and how to tell that a value is probably a secret."""

import re

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
USE = re.compile(rf"\$(?:({NAME.pattern})|\{{({NAME.pattern})\}})")
# A digit may stand wherever a variable may: in a host, a port, a path, a name and a tag.
STAND_IN = "1"

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
      | (?<!\w)[rs]k_live_[A-Za-z0-9]{10}                        # a key of Stripe
      | ://[^/\s:@]*:[^/\s@]+@                                   # an address with user name and password
      | (?<![A-Za-z])(?i:password|passwd|pwd)\s{0,9}=\s{0,9}[^\s;&]    # a connection string with a password
    """,
    re.VERBOSE,
)


class VariableNameError(ValueError):
    """A text is no name of a variable; the message says what it must be."""


def check_variable_name(text: str) -> None:
    """Raise `VariableNameError` unless a shell takes `text` as the name of a variable."""
    if not NAME.fullmatch(text):
        raise VariableNameError("The name must be letters, digits and _ only, and not begin with a digit")


def used_names(text: str) -> tuple[str, ...]:
    """The names of the variables that a text uses, as $NAME or ${NAME}, in their order."""
    return tuple(match[1] or match[2] for match in USE.finditer(text))


def with_stand_ins(text: str) -> str:
    """Put a digit in place of each variable that a text uses, to check what is around them.

    Where grammar wants letters or digits, a text with variables can become right only if it is right with these.
    Raises `VariableNameError` for a $ that begins no variable.
    """
    rest = USE.sub(STAND_IN, text)
    if "$" in rest:
        raise VariableNameError("A $ must begin the name of a variable, such as $VERSION or ${VERSION}")
    return rest


def without_uses(text: str) -> str:
    """A text without the variables that it uses, which may be empty: what it has at least."""
    return USE.sub("", text)


def looks_secret(key: str, value: str) -> bool:
    """Whether a variable is probably a secret: a guess, for a box that a person can untick.

    By its name: a word such as TOKEN, SECRET, PASSWORD, KEY, CREDENTIAL or PRIVATE, between underscores or capitals,
    where a KEY that is PUBLIC is none. By its value: a private key, a well-known kind of token, an address or a
    connection string with a password. What is empty hides nothing.
    """
    return bool(value.strip()) and (secret_name(key) or bool(SECRET_VALUES.search(value)))


def secret_name(key: str) -> bool:
    """Whether a name speaks of a secret."""
    words = [word.upper() for word in WORD.findall(key)]
    singles = [word.removesuffix("S") for word in words]
    if any(word.endswith(SECRET_ENDS) for word in singles):
        return True
    return "PUBLIC" not in words and any(word in SECRET_WORDS for word in (*words, *singles))
