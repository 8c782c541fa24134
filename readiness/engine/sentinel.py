"""The program of a process that outlives the engine by a moment: when that is killed, it ends all that it started.

Started as `python -P -m readiness.engine.sentinel MARK`, with a pipe as standard input. The engine says goodbye through
it before it leaves; an end without goodbye means that the engine was killed and could not clean up.
"""

import os
import sys

GOODBYE = b"goodbye"


def main() -> None:
    """Wait for the engine's end, and clean up after it when it has not done so itself."""
    said = b""
    while part := os.read(0, 64):
        said = (said + part)[-len(GOODBYE) :]
    if said != GOODBYE:
        from readiness.processes import kill_marked

        kill_marked(sys.argv[1], spare={os.getpid()})


if __name__ == "__main__":
    main()
