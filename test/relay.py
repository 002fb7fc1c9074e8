# SPDX-License-Identifier: Apache-2.0
"""Carries connections from one address to another, so that a loopback port of another network
namespace leads to the platform's:
    relay.py FROM TO     each tcp:PORT, on 127.0.0.1, or unix:PATH
It ends when it is killed, and with it every connection; stopped (SIGSTOP), it carries nothing and
closes nothing, as a cable that was cut."""

import os
import socket
import sys
import threading


def opened(address):
    kind, _, where = address.partition(":")
    if kind == "unix":
        return socket.socket(socket.AF_UNIX), where
    return socket.socket(), ("127.0.0.1", int(where))


def carry(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def join(near, address):
    far, where = opened(address)
    with near, far:
        try:
            far.connect(where)
        except OSError:
            return
        back = threading.Thread(target=carry, args=(far, near), daemon=True)
        back.start()
        carry(near, far)
        back.join()


def main(source, target):
    door, where = opened(source)
    if source.startswith("unix:") and os.path.exists(where):
        os.unlink(where)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(where)
    door.listen(64)
    while True:
        near, _ = door.accept()
        threading.Thread(target=join, args=(near, target), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:3])
