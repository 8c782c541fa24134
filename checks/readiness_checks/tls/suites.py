"""Cipher suites that no server should agree to, by what is wrong with them, as IANA numbers and names them.

Sources: RFC 9325 §4.2 (recommendations for TLS), RFC 7465 (RC4), NIST SP 800-131A r2 (3DES), RFC 7919 §4 (DH groups).
"""

from enum import Enum

from readiness.outcome import Level


class Weakness(Enum):
    """What is wrong with a suite: the rule of a finding, how much it weighs, and what it says."""

    NO_ENCRYPTION = ("no-encryption", Level.ERROR, "it agrees to connections without encryption")
    ANONYMOUS = ("no-authentication", Level.ERROR, "it agrees to connections without a certificate")
    EXPORT = ("broken-cipher", Level.ERROR, "it agrees to ciphers with keys of 40 or 56 bits, which anybody breaks")
    RC4 = ("rc4", Level.ERROR, "it agrees to RC4, which RFC 7465 forbids")
    TRIPLE_DES = ("3des", Level.ERROR, "it agrees to 3DES, whose blocks of 64 bits leak data (SWEET32)")
    NO_FORWARD_SECRECY = (
        "no-forward-secrecy",
        Level.WARNING,
        "it agrees to suites without forward secrecy: who gets its key later reads what was recorded",
    )

    @property
    def rule(self) -> str:
        """Of the finding."""
        return self.value[0]

    @property
    def level(self) -> Level:
        """Of the finding."""
        return self.value[1]

    @property
    def words(self) -> str:
        """What it means."""
        return self.value[2]


_NAMES: dict[Weakness, dict[int, str]] = {
    Weakness.NO_ENCRYPTION: {
        0x0001: "RSA_WITH_NULL_MD5", 0x0002: "RSA_WITH_NULL_SHA", 0x003B: "RSA_WITH_NULL_SHA256",
        0xC006: "ECDHE_ECDSA_WITH_NULL_SHA", 0xC010: "ECDHE_RSA_WITH_NULL_SHA", 0xC015: "ECDH_anon_WITH_NULL_SHA",
        0xC001: "ECDH_ECDSA_WITH_NULL_SHA", 0xC00B: "ECDH_RSA_WITH_NULL_SHA",
    },
    Weakness.ANONYMOUS: {
        0x0018: "DH_anon_WITH_RC4_128_MD5", 0x001B: "DH_anon_WITH_3DES_EDE_CBC_SHA",
        0x0034: "DH_anon_WITH_AES_128_CBC_SHA", 0x003A: "DH_anon_WITH_AES_256_CBC_SHA",
        0x006C: "DH_anon_WITH_AES_128_CBC_SHA256", 0x006D: "DH_anon_WITH_AES_256_CBC_SHA256",
        0x00A6: "DH_anon_WITH_AES_128_GCM_SHA256", 0x00A7: "DH_anon_WITH_AES_256_GCM_SHA384",
        0x0046: "DH_anon_WITH_CAMELLIA_128_CBC_SHA", 0x0089: "DH_anon_WITH_CAMELLIA_256_CBC_SHA",
        0xC016: "ECDH_anon_WITH_RC4_128_SHA", 0xC017: "ECDH_anon_WITH_3DES_EDE_CBC_SHA",
        0xC018: "ECDH_anon_WITH_AES_128_CBC_SHA", 0xC019: "ECDH_anon_WITH_AES_256_CBC_SHA",
    },
    Weakness.EXPORT: {
        0x0003: "RSA_EXPORT_WITH_RC4_40_MD5", 0x0006: "RSA_EXPORT_WITH_RC2_CBC_40_MD5",
        0x0008: "RSA_EXPORT_WITH_DES40_CBC_SHA", 0x0009: "RSA_WITH_DES_CBC_SHA",
        0x0011: "DHE_DSS_EXPORT_WITH_DES40_CBC_SHA", 0x0012: "DHE_DSS_WITH_DES_CBC_SHA",
        0x0014: "DHE_RSA_EXPORT_WITH_DES40_CBC_SHA", 0x0015: "DHE_RSA_WITH_DES_CBC_SHA",
        0x0017: "DH_anon_EXPORT_WITH_RC4_40_MD5", 0x0019: "DH_anon_EXPORT_WITH_DES40_CBC_SHA",
        0x001A: "DH_anon_WITH_DES_CBC_SHA", 0x0062: "RSA_EXPORT1024_WITH_DES_CBC_SHA",
        0x0064: "RSA_EXPORT1024_WITH_RC4_56_SHA",
    },
    Weakness.RC4: {
        0x0004: "RSA_WITH_RC4_128_MD5", 0x0005: "RSA_WITH_RC4_128_SHA", 0xC007: "ECDHE_ECDSA_WITH_RC4_128_SHA",
        0xC011: "ECDHE_RSA_WITH_RC4_128_SHA", 0xC002: "ECDH_ECDSA_WITH_RC4_128_SHA",
        0xC00C: "ECDH_RSA_WITH_RC4_128_SHA",
    },
    Weakness.TRIPLE_DES: {
        0x000A: "RSA_WITH_3DES_EDE_CBC_SHA", 0x0013: "DHE_DSS_WITH_3DES_EDE_CBC_SHA",
        0x0016: "DHE_RSA_WITH_3DES_EDE_CBC_SHA", 0xC003: "ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA",
        0xC008: "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", 0xC00D: "ECDH_RSA_WITH_3DES_EDE_CBC_SHA",
        0xC012: "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    },
    Weakness.NO_FORWARD_SECRECY: {
        0x002F: "RSA_WITH_AES_128_CBC_SHA", 0x0035: "RSA_WITH_AES_256_CBC_SHA",
        0x003C: "RSA_WITH_AES_128_CBC_SHA256", 0x003D: "RSA_WITH_AES_256_CBC_SHA256",
        0x009C: "RSA_WITH_AES_128_GCM_SHA256", 0x009D: "RSA_WITH_AES_256_GCM_SHA384",
        0x0041: "RSA_WITH_CAMELLIA_128_CBC_SHA", 0x0084: "RSA_WITH_CAMELLIA_256_CBC_SHA",
        0x00BA: "RSA_WITH_CAMELLIA_128_CBC_SHA256", 0x0096: "RSA_WITH_SEED_CBC_SHA", 0x0007: "RSA_WITH_IDEA_CBC_SHA",
        0xC09C: "RSA_WITH_AES_128_CCM", 0xC09D: "RSA_WITH_AES_256_CCM", 0xC0A0: "RSA_WITH_AES_128_CCM_8",
        0xC0A1: "RSA_WITH_AES_256_CCM_8", 0xC03C: "RSA_WITH_ARIA_128_CBC_SHA256",
        0xC050: "RSA_WITH_ARIA_128_GCM_SHA256",
    },
}  # fmt: skip

DIFFIE_HELLMAN = (
    *(0x009E, 0x009F, 0xCCAA, 0x0067, 0x006B, 0x0033, 0x0039, 0x0045, 0x0088, 0xC09E, 0xC09F),
    *(0x0032, 0x0038, 0x0040, 0x006A, 0x00A2, 0x00A3),
)
"""Suites with ephemeral DH over primes: the server says which prime it uses."""
LEAST_DH_BITS = 2048


CBC = (
    *(0xC009, 0xC00A, 0xC013, 0xC014, 0xC008, 0xC012, 0x002F, 0x0035, 0x0033, 0x0039, 0x0032, 0x0038),
    *(0x0041, 0x0084, 0x0045, 0x0088, 0x0096, 0x000A, 0x0016, 0x0013),
)
"""Suites in CBC mode that versions before TLS 1.2 know; there the padding and the vectors leak (BEAST, POODLE)."""
WEAK_GROUPS = (*range(1, 6), *range(15, 20))
"""Curves below 224 bits by their IANA numbers; RFC 8422 §5.1.1 deprecates them, NIST SP 800-186 as well."""
CERTIFIED = (0x0017, 0x0018, 0x0019)
"""Curves of the keys in certificates: P-256, P-384, P-521."""
ELLIPTIC = (
    *(0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0xC009, 0xC00A, 0xC013, 0xC014),
    *(0xC023, 0xC024, 0xC027, 0xC028),
)
"""Suites with an ephemeral key exchange over a curve."""


def numbers(weakness: Weakness) -> tuple[int, ...]:
    """The suites with one weakness."""
    return tuple(_NAMES[weakness])


def name(suite: int) -> str:
    """What IANA calls a suite."""
    found = next((names[suite] for names in _NAMES.values() if suite in names), "")
    return f"TLS_{found}" if found else f"0x{suite:04X}"


def weakness(suite: int) -> Weakness | None:
    """What is wrong with a suite; None when that is not known here."""
    return next((one for one, names in _NAMES.items() if suite in names), None)
