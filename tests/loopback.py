"""Run a command where no network is but the loopback of this machine: ``python tests/loopback.py COMMAND ...``.

The tests block sockets in their own process; this is for what they start: Java, Chromium, notebooks. Where the system
does not allow network namespaces the command runs all the same, and a sentence says so.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of <linux/sched.h>
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP of <linux/if.h>
_REFUSED = "network namespaces are not allowed here; sockets are blocked in Python only"


def leave_network() -> None:
    """Move this process, and all it will start, to a network of its own that has nothing but a loopback.

    Root does it as it is; others in a user namespace where they stay who they are.

    Raises
    ------
    OSError
        The system does not allow it.
    """
    user, group = os.getuid(), os.getgid()
    try:
        _unshare(_NEW_NETWORK)
    except PermissionError:
        _unshare(_NEW_USER | _NEW_NETWORK)
        own = Path("/proc/self")
        (own / "setgroups").write_text("deny")
        (own / "uid_map").write_text(f"{user} {user} 1")
        (own / "gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sh14x", b"lo", 0)
        name, flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, _GET_FLAGS, asked))
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", name, flags | _UP))


def _unshare(what: int) -> None:
    if sys.platform != "linux":
        raise OSError("only Linux has namespaces")
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(what):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    try:
        leave_network()
    except OSError:
        print(_REFUSED, file=sys.stderr, flush=True)
    os.execvp(sys.argv[1], sys.argv[1:])
