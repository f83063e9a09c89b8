"""While tests run, no connection and no look-up of a name leaves this machine."""

import socket

import pytest

from tests.support.database_plugin import NetworkBlocked


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as out, pytest.raises(NetworkBlocked):
        out.connect(("192.0.2.1", 9))


def test_a_name_look_up_is_refused() -> None:
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("example.invalid", 80)


def test_the_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as inside:
        inside.connect(server.getsockname())
