"""What runs in `tests/loopback.py` has a loopback that works, and no other network."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INSIDE = """
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
client.sendall(b"heard")
print(server.accept()[0].recv(9).decode(), *(name for _, name in socket.if_nameindex()))
"""


def test_there_is_a_loopback_and_nothing_else():
    command = [sys.executable, str(HERE / "loopback.py"), sys.executable, "-c", INSIDE]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    if "not allowed here" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.stdout.split() == ["heard", "lo"]


def test_the_command_s_exit_code_is_passed_on():
    command = [sys.executable, str(HERE / "loopback.py"), sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 7
