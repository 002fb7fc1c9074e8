# SPDX-License-Identifier: Apache-2.0
"""An identity provider for tests, under the name issuer.test, with openssl and Python's own library.

issuer.py DIR serve PORT           serves https://issuer.test on 127.0.0.1:PORT until it is killed
issuer.py DIR token SUB AUD SECS   prints a token that holds for so many seconds
issuer.py DIR other SUB AUD SECS   the same, signed with another key of the same name
"""

import base64
import http.server
import json
import os
import ssl
import subprocess
import sys
import time

URL = "https://issuer.test"
folder, mode = sys.argv[1:3]


def path(name):
    return os.path.join(folder, name)


def openssl(*words, data=None):
    return subprocess.run(
        ["openssl", *words], input=data, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ).stdout


def key(name):
    if not os.path.exists(path(name)):
        openssl("genrsa", "-out", path(name), "2048")
    return path(name)


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def keys():
    line = openssl("rsa", "-in", key("token.pem"), "-noout", "-modulus").decode()
    modulus = bytes.fromhex(line.strip().split("=")[1])
    return {"keys": [{"kty": "RSA", "use": "sig", "kid": "k", "n": text(modulus), "e": "AQAB"}]}


def token(signer, subject, audience, seconds):
    now = int(time.time())
    claims = {"iss": URL, "sub": subject, "aud": audience, "iat": now - 5, "exp": now + int(seconds)}
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "kid": "k"}, claims)]
    signed = ".".join(text(part) for part in parts)
    signature = openssl("dgst", "-sha256", "-sign", key(signer), data=signed.encode())
    return signed + "." + text(signature)


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = keys() if self.path == "/keys" else {"issuer": URL, "jwks_uri": URL + "/keys"}
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if mode == "serve":
    openssl(
        "req", "-x509", "-key", key("site.pem"), "-out", path("site.crt"), "-days", "2",
        "-subj", "/CN=Issuer", "-addext", "subjectAltName=DNS:issuer.test",
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("site.crt"), path("site.pem"))
    key("token.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3])), Site)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    open(path("ready"), "w").close()
    server.serve_forever()
else:
    print(token("token.pem" if mode == "token" else "other.pem", *sys.argv[3:6]))
