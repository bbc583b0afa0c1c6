"""Messages between processes: pickled objects with their length before them, over a pipe."""

from __future__ import annotations

import io
import pickle
import struct
from typing import IO, Any

Stream = IO[bytes] | io.BufferedIOBase

_LENGTH = struct.Struct(">Q")


def send(stream: Stream, message: Any) -> None:
    """Write a message. Raises OSError if the other side is gone."""
    stream.write(pack(message))
    stream.flush()


def pack(message: Any) -> bytes:
    """Return a message as it is sent."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def receive(stream: Stream) -> Any:
    """Return the next message. Raises EOFError if there is none, or only a part of one."""
    return unpack(receive_packed(stream))


def receive_packed(stream: Stream) -> bytes:
    """Return the next message as it was sent. Raises as `receive`."""
    head = _exactly(stream, _LENGTH.size)
    return head + _exactly(stream, *_LENGTH.unpack(head))


def _exactly(stream: Stream, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other process has ended")
    return data


def whole(data: bytes | bytearray) -> bool:
    """Whether data read so far holds a whole message."""
    return len(data) >= _LENGTH.size and len(data) >= _LENGTH.size + _LENGTH.unpack_from(data)[0]


def unpack(data: bytes | bytearray) -> Any:
    """Return the message that data holds."""
    return pickle.loads(memoryview(data)[_LENGTH.size :])


class Packed:
    """A value on its way through processes that have no need of it: packed once, and unpacked where it is used."""

    def __init__(self, value: Any) -> None:
        self._data = pack(value)

    def value(self) -> Any:
        """Return the value, another one each time."""
        return unpack(self._data)
