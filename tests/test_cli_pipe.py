"""The command line as a part of a pipe."""

import os
import subprocess
import sys


def test_whoever_reads_no_further_is_told_nothing() -> None:
    """`stile … | head`: nothing on stderr, and no traceback."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "stile", "register", "example"],
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
