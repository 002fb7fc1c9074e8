# SPDX-License-Identifier: Apache-2.0
"""The other side of test/browser.sh: a hostile site, and taps that show what a browser sent.

    browser.py SITE_PORT TAP_PORT PLATFORM_PORT FOLDER

SITE_PORT on 127.0.0.1 serves FOLDER/*.html under any name. TAP_PORT on 127.0.0.1 passes requests on
to the platform as if they had come to it (the Host field says so), and PLATFORM_PORT on 127.0.0.2
passes them on as they are: what a name sees that was rebound to the platform's address. Pages are
served there too, so that they are of the same site. Each request is a line of FOLDER/seen: method, target, Host, Origin, Sec-Fetch-Site, whether it was authorized, and
the platform's status. What a page reports is a line of FOLDER/report.
"""
import socket
import sys
import threading
import urllib.parse

site_port, tap_port, platform_port = (int(text) for text in sys.argv[1:4])
folder = sys.argv[4]
lock = threading.Lock()


def note(name, line):
    with lock, open(f"{folder}/{name}", "a", encoding="utf-8") as file:
        file.write(line + "\n")


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            break
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), rest


def field(lines, name):
    for line in lines[1:]:
        key, _, value = line.partition(":")
        if key.strip().lower() == name:
            return value.strip()
    return "-"


def page(connection, name):
    try:
        with open(f"{folder}/{name}", "rb") as file:
            body = file.read()
        status = "200 OK"
    except OSError:
        body, status = b"no such page", "404 Not Found"
    connection.sendall(
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )


def own(connection, lines):
    """Serves pages and takes reports; false where the request is neither."""
    target = lines[0].split(" ")[1]
    url = urllib.parse.urlsplit(target)
    if url.path == "/report":
        note("report", urllib.parse.unquote(url.query))
        page(connection, "empty.html")
    elif url.path.endswith(".html"):
        page(connection, url.path.rsplit("/", 1)[-1])
    else:
        return False
    return True


def passed_on(connection, lines, rest, host):
    kept = [line for line in lines[1:] if line.split(":")[0].lower() not in ("connection", "host")]
    upgrade = "Upgrade, " if field(lines, "upgrade") != "-" else ""
    head = "\r\n".join([lines[0], "Host: " + host, f"Connection: {upgrade}close"] + kept) + "\r\n\r\n"
    length = int(field(lines, "content-length").replace("-", "0"))
    while len(rest) < length:
        piece = connection.recv(65536)
        if not piece:
            break
        rest += piece
    answer = b""
    with socket.create_connection(("127.0.0.1", platform_port), timeout=10) as platform:
        platform.sendall(head.encode("latin-1") + rest)
        while True:
            piece = platform.recv(65536)
            if not piece:
                break
            answer += piece
    status = answer[9:12].decode("latin-1")
    method, target = lines[0].split(" ")[:2]
    note(
        "seen",
        f"{method} {target} host={host} origin={field(lines, 'origin')} "
        f"site={field(lines, 'sec-fetch-site')} "
        f"authorized={'no' if field(lines, 'authorization') == '-' else 'yes'} status={status}",
    )
    connection.sendall(answer)


def serve(connection, how):
    with connection:
        try:
            connection.settimeout(15)
            lines, rest = read_head(connection)
            if len(lines[0].split(" ")) < 3:
                return
            if how == "site":
                if not own(connection, lines):
                    page(connection, "none.html")
            elif not own(connection, lines):
                named = f"127.0.0.1:{platform_port}" if how == "tap" else field(lines, "host")
                passed_on(connection, lines, rest, named)
        except OSError as e:
            note("faults", f"{how}: {e}")


def listen(address, how):
    server = socket.create_server(address)

    def loop():
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection, how), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()


listen(("127.0.0.1", site_port), "site")
listen(("127.0.0.1", tap_port), "tap")
listen(("127.0.0.2", platform_port), "rebound")
note("ready", "ready")
threading.Event().wait()
