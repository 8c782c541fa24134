"""The check `tls`: certificates and protocol versions of every host are sound."""

from readiness_checks.tls.check import Tls

__all__ = ["Tls"]
