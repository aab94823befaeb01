"""Programs that can run what they are given: as a word, as a flag, or on their input."""

# Programs of a shell itself. Those that take a value as a value alone are left out: echo, printf, test, true, false.
BUILTINS = frozenset((
    ".", "alias", "autoload", "bg", "bind", "break", "builtin", "caller", "cd", "compgen", "complete", "compopt",
    "continue", "coproc", "declare", "dirs", "disown", "enable", "eval", "exit", "fc", "fg", "function", "getopts",
    "hash", "help", "history", "jobs", "let", "local", "logout", "mapfile", "newgrp", "popd", "pushd", "read",
    "readarray", "readonly", "return", "select", "set", "shift", "shopt", "source", "suspend", "times", "trap", "type",
    "typeset", "ulimit", "umask", "unalias", "unset", "wait",
))  # fmt: skip
# They run a file, which may be given an answer as a word; any other flag could make them run a text.
INTERPRETERS = frozenset((
    "ash", "bash", "bun", "dash", "deno", "elixir", "erl", "escript", "expect", "fish", "groovy", "java", "julia",
    "ksh", "lua", "mksh", "node", "nodejs", "osascript", "perl", "php", "powershell", "pwsh", "pypy", "python", "rbash",
    "ruby", "runhaskell", "scala", "sh", "swift", "tclsh", "tcsh", "csh", "ts-node", "tsx", "wish", "yash", "zsh",
))  # fmt: skip
# They run another program, which follows.
THROUGH = frozenset({"command", "env", "exec", "nice", "nohup", "setsid", "stdbuf", "sudo", "time", "timeout"})
# They have a language of their own, run commands, or take a flag that does.
RUNNERS = frozenset((
    "Rscript", "R", "ansible", "ansible-playbook", "apk", "apt", "apt-get", "ar", "at", "awk", "batch", "bc", "busybox",
    "bundle", "bzip2", "c++", "cargo", "cc", "chrt", "chroot", "clang", "cmake", "cmd", "composer", "cpan", "crontab",
    "dc", "dnf", "docker", "doas", "ed", "emacs", "ex", "fakeroot", "find", "flock", "ftp", "g++", "gawk", "gcc", "gdb",
    "gem", "git", "gmake", "go", "gradle", "gsed", "hg", "ionice", "jrunscript", "kubectl", "less", "lftp", "ltrace",
    "m4", "mail", "mailx", "make", "man", "mawk", "more", "mvn", "mysql", "nawk", "nc", "ncat", "netcat", "ninja",
    "npm", "npx", "nsenter", "openssl", "parallel", "pip", "pip3", "pnpm", "podman", "psql", "rsh", "rsync", "rpm",
    "run-parts", "runuser", "scp", "screen", "script", "sed", "setarch", "sftp", "socat", "sort", "split", "sqlite3",
    "ssh", "ssh-agent", "sshpass", "strace", "su", "svn", "sysctl", "tar", "taskset", "telnet", "tmux", "toybox",
    "unshare", "uv", "uvx", "vi", "view", "vim", "watch", "wget", "xargs", "yarn", "yum", "zip",
))  # fmt: skip
# They print variables, answers among them.
TELLERS = frozenset({"env", "printenv", "set", "export", "declare", "typeset", "readonly", "compgen", "envsubst"})
# python3.11, lua5.4, gcc-12
OF_VERSIONS = "0123456789."


def called(text: str) -> str:
    """What a program is called, without its folder and its version."""
    name = text.rpartition("/")[2]
    # No pattern that looks for the end from each digit on: a text may have very many.
    version = name[len(name.rstrip(OF_VERSIONS)) :].lstrip(".")
    return (name.removesuffix(version).removesuffix("-") if version else name) or name
