"""Names of variables that change what a program runs, what it loads, or whom it talks to.

Sources: the manuals of sh, bash, ld.so, glibc ("unsecure" variables), git, curl, GNU make, and of the languages and
tools that the names speak of. In any case, since some of them are read in both.
"""

NAMES = frozenset((
    "ALL_PROXY", "AR", "AS", "AWKLIBPATH", "AWKPATH", "AWS_CA_BUNDLE", "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE", "BROWSER", "BZIP", "BZIP2", "CC", "CDPATH", "CFLAGS", "CLASSPATH", "COMSPEC",
    "CPP", "CPPFLAGS", "CURL_CA_BUNDLE", "CURL_HOME", "CVS_RSH", "CXX", "CXXFLAGS", "EDITOR", "ENV", "EXECIGNORE",
    "EXINIT", "FCEDIT", "FPATH", "FTP_PROXY", "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "GLOBIGNORE",
    "GNUMAKEFLAGS", "GOBIN", "GOENV", "GOFLAGS", "GOINSECURE", "GONOSUMCHECK", "GONOSUMDB",
    "GOOGLE_APPLICATION_CREDENTIALS", "GOPATH", "GOPRIVATE", "GOPROXY", "GOROOT", "GOSUMDB", "GOTOOLCHAIN",
    "GREP_OPTIONS", "GZIP", "HISTFILE", "HOME", "HOSTALIASES", "HTTPS_PROXY", "HTTP_PROXY", "IFS", "INPUTRC",
    "JDK_JAVA_OPTIONS", "KUBECONFIG", "LD", "LDFLAGS", "LESS", "LESSCLOSE", "LESSEDIT", "LESSKEY", "LESSOPEN",
    "LOCALDOMAIN", "LOCPATH", "MAKE", "MAKEFILES", "MAKEFLAGS", "MANPAGER", "MFLAGS", "NETRC", "NLSPATH", "NO_PROXY",
    "OLDPWD", "PAGER", "PATH", "PATHEXT", "PHPRC", "PS0", "PS1", "PS2", "PS3", "PS4", "PSMODULEPATH", "PSQLRC",
    "PSQL_EDITOR", "PSQL_PAGER", "PWD", "REQUESTS_CA_BUNDLE", "RES_OPTIONS", "RSYNC_RSH", "SHELL", "SHELLOPTS",
    "SVN_SSH", "TAPE", "TAR_OPTIONS", "TERMCAP", "TERMINFO", "TMPDIR", "TZDIR", "UNZIP", "VIMINIT", "VIRTUAL_ENV",
    "VISUAL", "WGETRC", "XZ_DEFAULTS", "XZ_OPT", "ZDOTDIR", "ZIPOPT", "_",
))  # fmt: skip
PREFIXES = (
    "ANSIBLE_", "ANT_", "AWS_ENDPOINT_", "BASH", "BUDDY_", "BUILDKIT_", "BUNDLER_", "BUNDLE_", "CARGO_", "CGO_",
    "CLOUDSDK_", "CMAKE_", "COMPLUS_", "COMPOSER_", "COMPOSE_", "CONDA_", "CORECLR_", "COREPACK_", "DENO_", "DOCKER_",
    "DOTNET_", "DYLD_", "ELIXIR_", "EMACS", "ERL_", "FISH", "GEM_", "GIT_", "GRADLE_", "HELM_", "JAVA_", "JULIA_",
    "KSH", "KUBE_", "LD_", "LUA_", "MALLOC_", "MAVEN_", "MIX_", "MSBUILD", "NODE_", "NPM_", "NUGET_", "OPENSSL_",
    "PERL", "PGSERVICE", "PGSYSCONF", "PHP_", "PIP_", "PNPM_", "POETRY_", "PROMPT_", "PYTHON", "RUBY", "RUST", "R_",
    "SBT_", "SSH_", "SSL_", "SUDO_", "TF_", "UV_", "XDG_", "YARN_", "ZSH", "_JAVA_",
)  # fmt: skip


def changes_programs(name: str) -> bool:
    """Whether a variable of this name can change what a program runs."""
    upper = name.upper()
    return upper in NAMES or upper.startswith(PREFIXES)
