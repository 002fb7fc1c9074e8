#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The operator's mistakes: two servers on one directory, a kill in the middle of a request, a wrong key,
# a wrong owner or mode, a slip in a name. (A clock that leaps: test/clock.sh.)
#   test/operator.sh [AWS]     AWS is the program to use as `aws` (default: the one in PATH)
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh reads some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=operator
. "$repo/test/lib.sh"
quiet_clients "${1:-$(command -v aws)}"
cd "$repo" || exit 1
port=$(free_port)
AWS_MAX_ATTEMPTS=1
export AWS_MAX_ATTEMPTS
# No container engine is needed here, and none is touched.
DOCKER_HOST=unix://$work/no-engine.sock
export DOCKER_HOST

over() {
  timeout 60 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  [ -z "$there" ] || as_nobody timeout 60 "$there/program/holdfast" down --keep-tasks --data-dir "$there/data" >/dev/null 2>&1
  rm -rf "$work" ${there:+"$there"}
}
there=
trap over EXIT

up() {
  ./holdfast up --detach --data-dir "$data" --port "$port"
}

down() {
  ./holdfast down --keep-tasks --data-dir "$data"
}

env_again() {
  ./holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || return 1
  eval "$(cat "$work/env")"
  aws sts get-caller-identity
}



get() {
  same "$(aws ssm get-parameter --name /shop/db --with-decryption --query Parameter.Value --output text)" value
}

# What lies in the directory, without logs and what a running server leaves.
state() {
  (cd "$data" && find . -path ./logs -prune -o -path ./run -prune -o -path ./agent -prune -o -type f \
    -exec sha256sum {} + | sort -k 2)
}

# untouched COMMAND...: as it does, and nothing in the directory is another than before.
untouched() {
  state >"$work/before"
  "$@" || return 1
  state >"$work/after"
  diff "$work/before" "$work/after"
}

must "up" up
must "the operator signs in" env_again
env_again >/dev/null # in this shell
must "a parameter" aws ssm put-parameter --name /shop/db --type SecureString --value value
pid=$(cat "$data/server.pid")

# --- two servers ---
check "a second server is refused with the first one's process id" \
  refused "already runs on $data \(process $pid\)" timeout 20 ./holdfast server --data-dir "$data" --port 0
check "so is a second up" \
  refused "already runs on $data \(process $pid\)" timeout 20 ./holdfast up --data-dir "$data" --port 0
check "up --detach says that it is up" says 'It is up already' up
check "and the first one serves on" get

# --- SIGTERM in the middle of a request ---
aws ecr create-repository --repository-name shop/slow >/dev/null
cat >"$work/slow.py" <<'END'
import base64, http.client, os, signal, sys, time
port, server, token = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
auth = {"Authorization": "Basic " + base64.b64encode(b"AWS:" + token.encode()).decode()}
c = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
c.request("POST", "/v2/shop/slow/blobs/uploads/", headers=auth)
r = c.getresponse(); r.read()
where = r.headers["Location"]
where = where[where.index("/v2/"):]
def body():
    for i in range(10):
        if i == 2:
            os.kill(server, signal.SIGTERM)
            open(sys.argv[4], "w").write(str(int(time.time())))
        time.sleep(0.15)
        yield b"x" * 1000
c.request("PATCH", where, body=body(), headers=auth, encode_chunked=True)
r = c.getresponse()
print(r.status, r.headers["Range"])
END
slow() {
  python3 "$work/slow.py" "$port" "$pid" "$(aws ecr get-login-password)" "$work/killed"
}
check "SIGTERM: a slow request gets its answer" says '202 0-9999' slow
ended() {
  ! kill -0 "$pid"
}
check "SIGTERM: the server ends" soon ended
check "SIGTERM: within five seconds" test $(($(date +%s) - $(cat "$work/killed"))) -le 5
check "SIGTERM: and the log says so" grep -q 'stopping' "$data/logs/server.log"

# --- wrong keys, owners and modes ---
cp -p "$data/root.key" "$work/root.key"
head -c 32 /dev/urandom >"$data/root.key"
check "a wrong root key is refused" untouched refused "does not open under the root key.*--root-key FILE" up
rm "$data/root.key"
check "a missing root key is refused" untouched refused "root.key.* is missing.*--root-key FILE" up
cp -p "$work/root.key" "$data/root.key"
for file in root.key keyring.json; do
  chmod 644 "$data/$file"
  check "a $file that others can read is refused" untouched refused "$file can be read by others: chmod 600" up
  chmod 600 "$data/$file"
done
chmod 777 "$data"
check "a directory that others can change is refused" untouched refused "can be changed by others: chmod go-w" up
chmod 700 "$data"
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1; then
  for file in . state keyring.json; do
    chown nobody "$data/$file"
    check "another owner of $file is refused" untouched refused "belongs to nobody and this is root.*chown" up
    chown root "$data/$file"
  done
  chown nobody "$data/state/HIGH-WATER"
  check "fsck names another owner inside the state" untouched refused \
    "state/HIGH-WATER belongs to nobody, the directory to root" ./holdfast fsck --data-dir "$data"
  chown root "$data/state/HIGH-WATER"
else
  echo "not run: operator: another owner: needs root"
fi

# --- slips in names ---
check "a misspelt option names the right one" refused 'Did you mean: --port' ./holdfast up --prot 1
check "a misspelt command names the right one" refused 'status' ./holdfast stauts
check "a misspelt variable names the right one" \
  untouched refused 'HOLDFAST_HAEP; did you mean HOLDFAST_HEAP' env HOLDFAST_HAEP=1g ./holdfast up --detach \
  --data-dir "$data" --port "$port"
cp -p "$data/installation.json" "$work/installation.json"
sed -i 's/"rootKey"/"root_key"/' "$data/installation.json"
check "a misspelt key of installation.json names the right one" untouched refused 'did you mean .rootKey' up
cp -p "$work/installation.json" "$data/installation.json"
must "with all of it undone it starts" up
check "and nothing is lost" get

# --- a damaged directory ---
# fsck_says CODE PATTERN [OPTION]: what the check of the directory says, and how it exits.
fsck_says() {
  ./holdfast fsck --data-dir "$data" ${3:+"$3"} >"$work/said" 2>&1
  code=$?
  cat "$work/said"
  [ "$code" = "$1" ] || {
    echo "it exited with $code and not with $1" >&2
    return 1
  }
  grep -Eqz -e "$2" "$work/said"
}
push() {
  curl -fsS -o /dev/null -X POST -u "AWS:$(aws ecr get-login-password)" -H 'Content-Type: application/octet-stream' \
    --data-binary "@$work/blob" "http://127.0.0.1:$port/v2/shop/slow/blobs/uploads/?digest=sha256:$digest"
}
# hurt FILE AT: another byte in its place.
hurt() {
  printf 'X' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
log_of_state() {
  find "$data/state" -name '*.log' -size +0 | sort | tail -n 1
}
head -c 5000 /dev/zero | tr '\0' y >"$work/blob"
digest=$(sha256sum "$work/blob" | cut -d ' ' -f 1)
stored=$data/blobs/sha256/$(printf %.2s "$digest")/$digest
check "a blob is pushed" push
must "down" down
check "fsck of a whole directory exits with 0" fsck_says 0 'Nothing is wrong'
chmod 644 "$data/keyring.json"
mv "$data/installation.json" "$work/installation.json"
hurt "$stored" 17
check "fsck of a damaged one exits with 1 and says what to do about each thing" untouched fsck_says 1 \
  "keyring.json is open to others.*-> chmod go-rwx.*blob sha256:$digest of .*-> .*push the image again.*installation.json is missing.*-> .*fsck --repair.*3 things are wrong"
check "fsck --repair says what it mends, and that something is left" fsck_says 1 \
  "mended  .*keyring.json is its owner's alone now.*mended  .*installation.json says again.*mended  blob sha256:$digest is in blobs/quarantine.*Check again" --repair
check "then the blob is all that is wrong" fsck_says 1 "blob sha256:$digest of .*missing.*-> push the image again.*One thing is wrong"
must "it starts" up
check "and has what it had" get
check "the blob is pushed again" push
must "down again" down
check "and nothing is wrong any more" fsck_says 0 'Nothing is wrong'
log=$(log_of_state)
cp -p "$log" "$work/log"
hurt "$log" $(($(wc -c <"$log") / 2))
check "a damaged log of the state is refused" untouched refused 'fsck --accept-loss' up
check "fsck says so, and by what it can be gone on" untouched fsck_says 1 \
  'the state:.*-> restore a backup.*or give up what is lost: ./holdfast fsck --accept-loss'
check "a repair does not give anything up" untouched fsck_says 1 'or give up what is lost' --repair
cp -p "$work/log" "$log"
check "with the file of before it is whole" fsck_says 0 'Nothing is wrong'

# --- on another machine: another user, home, port and place of the root key; nothing of the old one ---
elsewhere() {
  mkdir "$there/home" "$there/moved"
  ./holdfast key export "$there/moved/root.key" --data-dir "$data" || return 1
  ./holdfast backup "$there/moved/vault" --data-dir "$data" || return 1
  chown -R nobody "$there"
}
# The program too is another's: a copy that this user may read.
program() {
  there=$(mktemp -d) || return 1
  mkdir -p "$there/program/target" && cp -rp holdfast lib "$there/program" && cp -rp target/dist "$there/program/target" &&
    chown -R nobody "$there"
}
as_nobody() {
  (cd / && setpriv --reuid nobody --clear-groups env -i PATH="$PATH" HOME="$there/home" JAVA_HOME="${JAVA_HOME:-}" \
    HOLDFAST_NO_BUILD=1 DOCKER_HOST="$DOCKER_HOST" "$@")
}
there_signs_in() {
  as_nobody "$there/program/holdfast" env --data-dir "$there/data" >"$work/env" || return 1
  eval "$(cat "$work/env")"
  [ "$AWS_ENDPOINT_URL" = "http://127.0.0.1:$other" ] && get
}
gives_nothing_up() {
  ! grep accept-loss "$work/said"
}
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1 && command -v setpriv >/dev/null && program &&
  as_nobody "$there/program/holdfast" version >/dev/null 2>&1; then
  must "a backup, and the key's export" elsewhere
  mv "$data" "$work/away" # as on a machine that never had it
  check "it comes back for another user" says "is restored from" as_nobody "$there/program/holdfast" restore \
    "$there/moved/vault" --data-dir "$there/data" --root-key "$there/moved/root.key"
  check "nothing there is another's" same "$(find "$there/data" ! -user nobody)" ''
  check "fsck finds nothing wrong there" says 'Nothing is wrong' as_nobody "$there/program/holdfast" fsck --data-dir "$there/data"
  chown root "$there/data/state/HIGH-WATER" && chmod 600 "$there/data/state/HIGH-WATER"
  check "a file that fsck may not read is named with the chown" refused "HIGH-WATER: Permission denied.*chown" \
    as_nobody "$there/program/holdfast" fsck --data-dir "$there/data"
  check "and is no damage that anything is given up for" gives_nothing_up
  chown nobody "$there/data/state/HIGH-WATER"
  other=$(free_port)
  check "it starts there, on another port" as_nobody "$there/program/holdfast" up --detach --data-dir "$there/data" --port "$other"
  check "and opens what was sealed on the old one" there_signs_in
  as_nobody timeout 60 "$there/program/holdfast" down --keep-tasks --data-dir "$there/data" >/dev/null 2>&1
  mv "$work/away" "$data"
else
  echo "not run: operator: a restore as another user: needs root, setpriv, and a program that others may run"
fi

echo "end of operator"
