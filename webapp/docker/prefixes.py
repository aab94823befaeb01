"""What stands in front of a command and runs it as it is: words of the shell, and programs with their flags."""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.docker.flags import Arity, Flag, flag_table

# POSIX 2.4: the reserved words after which a command begins; bash has `time` and `coproc` besides.
KEYWORDS = frozenset({"!", "{", "if", "then", "elif", "else", "while", "until", "do", "coproc"})
TIME_LIMIT = "set the time limit under “More options” instead"


@dataclass(frozen=True)
class Wrapper:
    """A program: its flags, how many words follow them, and why it is not carried over where that matters."""

    flags: Mapping[str, Flag]
    operands: int = 0
    why: str = ""


def wrapper(alone: str = "", valued: str = "", operands: int = 0, why: str = "") -> Wrapper:
    """A program by the names of its flags: those that stand `alone`, and those that a value follows."""
    flags = [Flag(name, Arity.BOOLEAN) for name in alone.split()] + [Flag(name, Arity.VALUE) for name in valued.split()]
    return Wrapper(flag_table(flags), operands, why)


# Their manuals: sudo(8), doas(1), time(1), env(1), exec and command in bash(1), nohup(1), nice(1), ionice(1),
# timeout(1), stdbuf(1), setsid(1); winpty is what Git for Windows needs before programs with a terminal, and wsl
# starts one of Linux (learn.microsoft.com/windows/wsl/basic-commands).
WRAPPERS: Mapping[str, Wrapper] = {
    "sudo": wrapper(
        "-A -B -b -E -e -H -i -K -k -N -n -P -S -s --askpass --background --bell --login --non-interactive "
        "--no-update --preserve-groups --reset-timestamp --set-home --shell --stdin",
        "-C -D -g -h -p -R -r -T -t -U -u --chdir --chroot --close-from --group --host --preserve-env --prompt --role "
        "--type --user",
    ),
    "doas": wrapper("-n -s", "-a -C -u"),
    "time": wrapper("-p -l -v"),
    "env": wrapper("-0 -i -v --ignore-environment --null", "-C -u --chdir --unset"),
    "exec": wrapper("-c -l", "-a"),
    "command": wrapper("-p"),
    "nohup": wrapper(),
    "nice": wrapper("", "-n --adjustment"),
    "ionice": wrapper("-t", "-c -n"),
    "timeout": wrapper("-v --foreground --preserve-status --verbose", "-k -s --kill-after --signal", 1, TIME_LIMIT),
    "stdbuf": wrapper("", "-e -i -o"),
    "setsid": wrapper("-c -f -w"),
    "winpty": wrapper(),
    "wsl": wrapper("-e --exec", "-d -u --cd --distribution --shell-type --user"),
}
