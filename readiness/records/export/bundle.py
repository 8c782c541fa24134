"""An archive that is the same for the same content, with a manifest of digests; safe to unpack anywhere."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping

MANIFEST = "MANIFEST.sha256"
"""In the format of `sha256sum -c`: all other files."""
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*", re.ASCII)
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE | re.ASCII)
"""Names that Windows keeps for itself, with any suffix."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip can hold."""
_UNIX = 3
_FILE, _PROGRAM = 0o100644, 0o100755


def check_names(names: Mapping[str, bytes]) -> None:
    """Insist that every name is a plain one on every system, and that no two are the same where case does not count.

    Raises:
        ValueError: One is not.
    """
    for name in names:
        if not all(_PART.fullmatch(part) and not _DEVICE.fullmatch(part) for part in name.split("/")):
            raise ValueError(f"{name!r} is no name for a file of the archive")
    if len({name.casefold() for name in names}) != len(names):
        raise ValueError("two files of the archive differ in case only")


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Digests of all files, by name."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """Pack files and their manifest as a zip: sorted, without dates, owners, links or folders.

    Args:
        files: Content by name; `/` stands between folders.

    Raises:
        ValueError: A name is not safe on every system.
    """
    check_names(files)
    packed = {**files, MANIFEST: manifest(files)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name in sorted(packed):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = (_PROGRAM if name.endswith(".sh") else _FILE) << 16
            pack.writestr(entry, packed[name], zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
