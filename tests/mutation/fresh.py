"""A plugin of pytest for a process of its own, in which one module is mutated from the start.

The environment names it: READINESS_MUTANT holds the name of the module, its file, and a file with its mutated source.
"""

import os
from pathlib import Path

from mutation.swapping import import_mutated

VARIABLE = "READINESS_MUTANT"

if VARIABLE in os.environ:
    _name, _path, _source = os.environ[VARIABLE].split(os.pathsep)
    import_mutated(_name, Path(_path), Path(_source).read_text())
