"""How far a process goes that reads what a stranger made."""

import sys


def bound(seconds: int, memory: int) -> None:
    """Of this process, from now on: its time on the processor, its address space in bytes, and that it writes no file.
    Only where the system can."""
    if sys.platform == "win32":
        return
    import os
    import resource

    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
