# SPDX-License-Identifier: Apache-2.0
"""Runs a command at a terminal and types to it.

    terminal.py ROWSxCOLUMNS [--wait TEXT --type TEXT | --size ROWSxCOLUMNS | --hang-up]... -- COMMAND...

What the command says is printed. Each step begins when the one before it is done: --wait until a text was
said that was not there before, --type a text (\\n is Enter, \\x03 is Ctrl-C), --size gives the terminal
another size, --hang-up kills the command with all that it started. Ends with the command's exit code, or
124 where a text is not said within a minute.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 60


def resize(terminal, size):
    rows, columns = size.split("x")
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def steps(words):
    while words and words[0] != "--":
        name = words.pop(0)
        yield name, "" if name == "--hang-up" else words.pop(0)
    words.pop(0)


words = sys.argv[1:]
size = words.pop(0)
todo = list(steps(words))
gate_in, gate_out = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.read(gate_in, 1)  # the terminal has its size before anybody asks for it
    os.execvp(words[0], words)
resize(terminal, size)
os.write(gate_out, b"x")

said = b""
seen = 0
deadline = time.monotonic() + PATIENCE
while True:
    while todo:
        name, text = todo[0]
        if name == "--wait":
            at = said.find(text.encode(), seen)
            if at < 0:
                break
            seen = at + len(text.encode())
        elif name == "--type":
            os.write(terminal, text.encode().decode("unicode_escape").encode("latin-1"))
        elif name == "--size":
            resize(terminal, text)
        elif name == "--hang-up":
            os.killpg(child, signal.SIGKILL)
        todo.pop(0)
        deadline = time.monotonic() + PATIENCE
    if time.monotonic() > deadline:
        print("\n" + (f"nobody said {todo[0][1]!r}" if todo else "the command does not end"), file=sys.stderr)
        os.killpg(child, signal.SIGKILL)
        sys.exit(124)
    if not select.select([terminal], [], [], 0.2)[0]:
        continue
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        piece = b""
    if not piece:
        break
    said += piece
    sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
status = os.waitpid(child, 0)[1]
if todo:
    print(f"\nit ended before {todo[0]!r}", file=sys.stderr)
    sys.exit(124)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
