"""Prove that the migrations have one head and go up, down and up again on a scratch database."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory


def main() -> int:
    config = Config("alembic.ini")
    script = ScriptDirectory.from_config(config)
    heads, revisions = script.get_heads(), list(script.walk_revisions())
    if len(heads) != 1:
        print(f"error: {len(heads)} heads, there has to be one: {', '.join(heads) or 'none'}")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        config.cmd_opts = type("Options", (), {"x": [f"url=sqlite:///{Path(folder) / 'scratch.db'}"]})()
        command.upgrade(config, "head")
        command.downgrade(config, "base")
        command.upgrade(config, "head")
    print(f"{len(revisions)} revisions, one head {heads[0]}: up, down and up again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
