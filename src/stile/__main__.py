"""`python -m stile` is `stile`."""

from stile.entrypoints.cli import app

if __name__ == "__main__":  # the supervisor's child imports this file again, and must not start a second one
    app(prog_name="stile")
