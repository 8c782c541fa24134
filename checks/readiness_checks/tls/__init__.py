"""The check `tls`: certificates and protocol versions of every host are valid and safe."""

from readiness_checks.tls.check import Tls

__all__ = ["Tls"]
