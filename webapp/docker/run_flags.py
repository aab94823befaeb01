"""The flags of `docker run`, what follows each, and why Slipway can't carry it over to an action.

Source: Docker's command line 28.2 and 29.8 (github.com/docker/cli, cli/command/container/opts.go and run.go), with the
hidden and the deprecated ones; those before `run` are in cli/flags/options.go. Those that podman has besides are in its
manual (docs.podman.io/en/latest/markdown/podman-run.1.html and podman.1.html).
"""

from webapp.docker.flags import Arity, Flag, flag_table

BOOLEAN, VALUE, VALUES = Arity.BOOLEAN, Arity.VALUE, Arity.VALUES

NETWORK = "the action has no setting for networks"
PORTS = "the action has no setting for ports"
MEMORY = "the action has no setting for memory"
PROCESSOR = "the action has no setting for processors"
DISK = "the action has no setting for disks"
DEVICES = "the action has no setting for devices"
RIGHTS = "the action has no setting for rights of the container"
NAMESPACES = "the action has no setting for what the container shares with its host"
KERNEL = "the action has no setting for limits of the system"
HEALTH = "the action has no setting for health checks"
LABELS = "the action has no setting for labels"
LOGS = "Buddy shows what the commands print"
TERMINAL = "nobody types into a container of a pipeline"
PULL = "Buddy decides when it pulls the image"
STORAGE = "Buddy maps folders of the pipeline only"
READ_ONLY = "the action has no setting for a file system that is read-only"
END = "Buddy starts the container once in each run, and ends it"
HOST = "the container runs where Buddy runs it"
SECRETS = "the action has no setting for secrets of podman: make it an encrypted variable"
VARIABLES = "the container gets the variables of the action alone"
PODS = "the action has no setting for pods"
TIME_LIMIT = "set the time limit under “More options” instead"

RUN_FLAGS = flag_table(
    (
        # What an action takes, or what the person has to see to.
        Flag("--entrypoint", VALUE),
        Flag("--env", VALUES, short="-e"),
        Flag("--env-file", VALUES, "Slipway can't read files of your computer: paste the text of the file"),
        Flag("--mount", VALUES),
        Flag("--platform", VALUE, "the action has no setting for the platform"),
        Flag("--user", VALUE, short="-u"),
        Flag("--volume", VALUES, short="-v"),
        Flag("--workdir", VALUE, short="-w"),
        # How it starts and ends.
        Flag("--attach", VALUES, LOGS, short="-a"),
        Flag("--cidfile", VALUE, "Buddy knows the container by itself"),
        Flag("--detach", BOOLEAN, "Buddy waits for the commands to end", short="-d"),
        Flag("--detach-keys", VALUE, TERMINAL),
        Flag("--disable-content-trust", BOOLEAN, PULL),
        Flag("--help", BOOLEAN, "it only shows a help text"),
        Flag("--init", BOOLEAN, END),
        Flag("--interactive", BOOLEAN, TERMINAL, short="-i"),
        Flag("--name", VALUE, "Buddy names the container by itself"),
        Flag("--pull", VALUE, PULL),
        Flag("--quiet", BOOLEAN, LOGS, short="-q"),
        Flag("--restart", VALUE, END),
        Flag("--rm", BOOLEAN, "Buddy removes the container by itself"),
        Flag("--sig-proxy", BOOLEAN, END),
        Flag("--stop-signal", VALUE, END),
        Flag("--stop-timeout", VALUE, END),
        Flag("--tty", BOOLEAN, TERMINAL, short="-t"),
        # Names, labels, logs and health.
        Flag("--annotation", VALUES, LABELS),
        Flag("--health-cmd", VALUE, HEALTH),
        Flag("--health-interval", VALUE, HEALTH),
        Flag("--health-retries", VALUE, HEALTH),
        Flag("--health-start-interval", VALUE, HEALTH),
        Flag("--health-start-period", VALUE, HEALTH),
        Flag("--health-timeout", VALUE, HEALTH),
        Flag("--label", VALUES, LABELS, short="-l"),
        Flag("--label-file", VALUES, LABELS),
        Flag("--log-driver", VALUE, LOGS),
        Flag("--log-opt", VALUES, LOGS),
        Flag("--no-healthcheck", BOOLEAN, HEALTH),
        # Networks.
        Flag("--add-host", VALUES, NETWORK),
        Flag("--dns", VALUES, NETWORK),
        Flag("--dns-opt", VALUES, NETWORK),
        Flag("--dns-option", VALUES, NETWORK),
        Flag("--dns-search", VALUES, NETWORK),
        Flag("--domainname", VALUE, NETWORK),
        Flag("--expose", VALUES, PORTS),
        Flag("--hostname", VALUE, NETWORK, short="-h"),
        Flag("--ip", VALUE, NETWORK),
        Flag("--ip6", VALUE, NETWORK),
        Flag("--link", VALUES, NETWORK),
        Flag("--link-local-ip", VALUES, NETWORK),
        Flag("--mac-address", VALUE, NETWORK),
        Flag("--net", VALUES, NETWORK),
        Flag("--net-alias", VALUES, NETWORK),
        Flag("--network", VALUES, NETWORK),
        Flag("--network-alias", VALUES, NETWORK),
        Flag("--publish", VALUES, PORTS, short="-p"),
        Flag("--publish-all", BOOLEAN, PORTS, short="-P"),
        # Storage and devices.
        Flag("--device", VALUES, DEVICES),
        Flag("--device-cgroup-rule", VALUES, DEVICES),
        Flag("--device-read-bps", VALUES, DEVICES),
        Flag("--device-read-iops", VALUES, DEVICES),
        Flag("--device-write-bps", VALUES, DEVICES),
        Flag("--device-write-iops", VALUES, DEVICES),
        Flag("--gpus", VALUES, DEVICES),
        Flag("--read-only", BOOLEAN, READ_ONLY),
        Flag("--storage-opt", VALUES, STORAGE),
        Flag("--tmpfs", VALUES, STORAGE),
        Flag("--volume-driver", VALUE, STORAGE),
        Flag("--volumes-from", VALUES, STORAGE),
        # Limits.
        Flag("--blkio-weight", VALUE, DISK),
        Flag("--blkio-weight-device", VALUES, DISK),
        Flag("--cpu-count", VALUE, PROCESSOR),
        Flag("--cpu-percent", VALUE, PROCESSOR),
        Flag("--cpu-period", VALUE, PROCESSOR),
        Flag("--cpu-quota", VALUE, PROCESSOR),
        Flag("--cpu-rt-period", VALUE, PROCESSOR),
        Flag("--cpu-rt-runtime", VALUE, PROCESSOR),
        Flag("--cpu-shares", VALUE, PROCESSOR, short="-c"),
        Flag("--cpus", VALUE, PROCESSOR),
        Flag("--cpuset-cpus", VALUE, PROCESSOR),
        Flag("--cpuset-mems", VALUE, PROCESSOR),
        Flag("--io-maxbandwidth", VALUE, DISK),
        Flag("--io-maxiops", VALUE, DISK),
        Flag("--kernel-memory", VALUE, MEMORY),
        Flag("--memory", VALUE, MEMORY, short="-m"),
        Flag("--memory-reservation", VALUE, MEMORY),
        Flag("--memory-swap", VALUE, MEMORY),
        Flag("--memory-swappiness", VALUE, MEMORY),
        Flag("--oom-kill-disable", BOOLEAN, MEMORY),
        Flag("--oom-score-adj", VALUE, MEMORY),
        Flag("--pids-limit", VALUE, KERNEL),
        Flag("--shm-size", VALUE, MEMORY),
        Flag("--sysctl", VALUES, KERNEL),
        Flag("--ulimit", VALUES, KERNEL),
        # Rights, and what it shares with its host.
        Flag("--cap-add", VALUES, RIGHTS),
        Flag("--cap-drop", VALUES, RIGHTS),
        Flag("--cgroup-parent", VALUE, NAMESPACES),
        Flag("--cgroupns", VALUE, NAMESPACES),
        Flag("--group-add", VALUES, RIGHTS),
        Flag("--ipc", VALUE, NAMESPACES),
        Flag("--isolation", VALUE, NAMESPACES),
        Flag("--pid", VALUE, NAMESPACES),
        Flag("--privileged", BOOLEAN, RIGHTS),
        Flag("--runtime", VALUE, HOST),
        Flag("--security-opt", VALUES, RIGHTS),
        Flag("--use-api-socket", BOOLEAN, RIGHTS),
        Flag("--userns", VALUE, NAMESPACES),
        Flag("--uts", VALUE, NAMESPACES),
    )
)

DOCKER_FLAGS = flag_table(
    (
        Flag("--config", VALUE, HOST),
        Flag("--context", VALUE, HOST, short="-c"),
        Flag("--debug", BOOLEAN, LOGS, short="-D"),
        Flag("--host", VALUES, HOST, short="-H"),
        Flag("--log-level", VALUE, LOGS, short="-l"),
        Flag("--tls", BOOLEAN, HOST),
        Flag("--tlscacert", VALUE, HOST),
        Flag("--tlscert", VALUE, HOST),
        Flag("--tlskey", VALUE, HOST),
        Flag("--tlsverify", BOOLEAN, HOST),
        Flag("--version", BOOLEAN, "it only shows the version", short="-v"),
    )
)

PODMAN_RUN_FLAGS = RUN_FLAGS | flag_table(
    (
        Flag("--arch", VALUE, "the action has no setting for the platform"),
        Flag("--authfile", VALUE, PULL),
        Flag("--cert-dir", VALUE, PULL),
        Flag("--cgroup-conf", VALUES, NAMESPACES),
        Flag("--cgroups", VALUE, NAMESPACES),
        Flag("--chrootdirs", VALUES, STORAGE),
        Flag("--conmon-pidfile", VALUE, HOST),
        Flag("--creds", VALUE, "choose a private registry above, with its user name and password"),
        Flag("--decryption-key", VALUES, PULL),
        Flag("--env-host", BOOLEAN, VARIABLES),
        Flag("--env-merge", VALUES, VARIABLES),
        Flag("--gidmap", VALUES, NAMESPACES),
        Flag("--group-entry", VALUE, RIGHTS),
        Flag("--health-log-destination", VALUE, HEALTH),
        Flag("--health-max-log-count", VALUE, HEALTH),
        Flag("--health-max-log-size", VALUE, HEALTH),
        Flag("--health-on-failure", VALUE, HEALTH),
        Flag("--health-startup-cmd", VALUE, HEALTH),
        Flag("--health-startup-interval", VALUE, HEALTH),
        Flag("--health-startup-retries", VALUE, HEALTH),
        Flag("--health-startup-success", VALUE, HEALTH),
        Flag("--health-startup-timeout", VALUE, HEALTH),
        Flag("--hosts-file", VALUE, NETWORK),
        Flag("--hostuser", VALUES, RIGHTS),
        Flag("--http-proxy", BOOLEAN, NETWORK),
        Flag("--image-volume", VALUE, STORAGE),
        Flag("--init-path", VALUE, END),
        Flag("--no-hostname", BOOLEAN, NETWORK),
        Flag("--no-hosts", BOOLEAN, NETWORK),
        Flag("--os", VALUE, "the action has no setting for the platform"),
        Flag("--passwd", BOOLEAN, RIGHTS),
        Flag("--passwd-entry", VALUE, RIGHTS),
        Flag("--personality", VALUE, HOST),
        Flag("--pidfile", VALUE, HOST),
        Flag("--pod", VALUE, PODS),
        Flag("--pod-id-file", VALUE, PODS),
        Flag("--preserve-fd", VALUES, HOST),
        Flag("--preserve-fds", VALUE, HOST),
        Flag("--rdt-class", VALUE, PROCESSOR),
        Flag("--read-only-tmpfs", BOOLEAN, STORAGE),
        Flag("--replace", BOOLEAN, "Buddy names the container by itself"),
        Flag("--requires", VALUES, PODS),
        Flag("--retry", VALUE, PULL),
        Flag("--retry-delay", VALUE, PULL),
        Flag("--rmi", BOOLEAN, PULL),
        Flag("--rootfs", BOOLEAN, "Buddy starts images alone, and no folders"),
        Flag("--sdnotify", VALUE, HOST),
        Flag("--seccomp-policy", VALUE, RIGHTS),
        Flag("--secret", VALUES, SECRETS),
        Flag("--shm-size-systemd", VALUE, MEMORY),
        Flag("--subgidname", VALUE, NAMESPACES),
        Flag("--subuidname", VALUE, NAMESPACES),
        Flag("--systemd", VALUE, END),
        Flag("--timeout", VALUE, TIME_LIMIT),
        Flag("--tls-verify", BOOLEAN, PULL),
        Flag("--tz", VALUE, "make it a variable called TZ"),
        Flag("--uidmap", VALUES, NAMESPACES),
        Flag("--umask", VALUE, "the action has no setting for it: begin the commands with umask"),
        Flag("--unsetenv", VALUES, VARIABLES),
        Flag("--unsetenv-all", BOOLEAN, VARIABLES),
        Flag("--variant", VALUE, "the action has no setting for the platform"),
    )
)

# github.com/containerd/nerdctl, docs/command-reference.md: after `run` it has the flags of docker.
NERDCTL_FLAGS = DOCKER_FLAGS | flag_table(
    (
        Flag("--address", VALUE, HOST, short="-a"),
        Flag("--cgroup-manager", VALUE, HOST),
        Flag("--data-root", VALUE, HOST),
        Flag("--insecure-registry", BOOLEAN, PULL),
        Flag("--namespace", VALUE, HOST, short="-n"),
        Flag("--snapshotter", VALUE, HOST),
    )
)

PODMAN_FLAGS = flag_table(
    (
        Flag("--cdi-spec-dir", VALUES, HOST),
        Flag("--cgroup-manager", VALUE, HOST),
        Flag("--config", VALUE, HOST),
        Flag("--conmon", VALUE, HOST),
        Flag("--connection", VALUE, HOST, short="-c"),
        Flag("--events-backend", VALUE, HOST),
        Flag("--hooks-dir", VALUES, HOST),
        Flag("--identity", VALUE, HOST),
        Flag("--imagestore", VALUE, HOST),
        Flag("--log-level", VALUE, LOGS),
        Flag("--module", VALUES, HOST),
        Flag("--network-cmd-path", VALUE, HOST),
        Flag("--network-config-dir", VALUE, HOST),
        Flag("--out", VALUE, LOGS),
        Flag("--remote", BOOLEAN, HOST, short="-r"),
        Flag("--root", VALUE, HOST),
        Flag("--runroot", VALUE, HOST),
        Flag("--runtime", VALUE, HOST),
        Flag("--runtime-flag", VALUES, HOST),
        Flag("--ssh", VALUE, HOST),
        Flag("--storage-driver", VALUE, HOST),
        Flag("--storage-opt", VALUES, HOST),
        Flag("--syslog", BOOLEAN, LOGS),
        Flag("--tmpdir", VALUE, HOST),
        Flag("--transient-store", BOOLEAN, HOST),
        Flag("--url", VALUE, HOST),
        Flag("--volumepath", VALUE, HOST),
    )
)
