"""How many files the system lets this process have open, of which each connection is one."""

import sys
from contextlib import suppress

if sys.platform != "win32":
    import resource

# Beside a connection, what has come of a body or is left of an answer, where that is too large for memory.
OF_A_CONNECTION = 2
# Calls to Buddy and to registries, connections to the database with three files each, static files, and some to spare.
OTHERS = 500
# Where there are fewer than that, connections get one of so many.
SCARCE = 4


def room_for(connections: int) -> int:
    """Ask the system for as many open files as so many connections need, and give how many of them there is room for.

    Who takes one too many has no file left for a call to Buddy or for the database, either.
    """
    if sys.platform == "win32":
        # It has no such limit.
        return connections
    wanted = connections * OF_A_CONNECTION + OTHERS
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY != allowed < wanted:
        # Some systems have a lower limit than they say.
        with suppress(ValueError, OSError):
            ceiling = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
            resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, most))
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return connections
    return min(connections, max((allowed - OTHERS) // OF_A_CONNECTION, allowed // SCARCE))
