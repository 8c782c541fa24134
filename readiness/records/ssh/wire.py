"""Reads and writes SSH's binary encoding (RFC 4251 §5), refusing everything that is not minimal and complete."""


class WireError(ValueError):
    """The bytes are not what they should be."""


class Reader:
    """Reads values from bytes in their order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        """Read so many bytes.

        Raises:
            WireError: There are not enough.
        """
        end = self._at + length
        if end > len(self._data):
            raise WireError("it ends too early")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def byte(self) -> int:
        """Read one byte."""
        return self.take(1)[0]

    def uint32(self) -> int:
        """Read a 32-bit number."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """Read bytes with their length in front."""
        return self.take(self.uint32())

    def text(self) -> str:
        """Read an ASCII name.

        Raises:
            WireError: It holds anything else.
        """
        data = self.string()
        if not data.isascii() or b"\0" in data:
            raise WireError("a name in it is not ASCII")
        return data.decode("ascii")

    def mpint(self) -> int:
        """Read a positive number.

        Raises:
            WireError: It is zero, negative, or has needless zeros in front.
        """
        data = self.string()
        if not data or data[0] & 0x80 or (data[0] == 0 and (len(data) == 1 or not data[1] & 0x80)):
            raise WireError("a number in it is not positive or not minimal")
        return int.from_bytes(data, "big")

    def end(self) -> None:
        """Insist that all was read.

        Raises:
            WireError: There is more.
        """
        if self._at != len(self._data):
            raise WireError("there are bytes after its end")


def string(data: bytes) -> bytes:
    """Write bytes with their length in front."""
    return len(data).to_bytes(4, "big") + data


def mpint(number: int) -> bytes:
    """Write a positive number."""
    return string(number.to_bytes(number.bit_length() // 8 + 1, "big"))
