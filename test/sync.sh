#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A disk whose sync fails once (EIO), under the real program: test/failing-sync.c between it and the system.
# Four writers go on while the sync of the state's log fails; nothing is acknowledged after that, the server
# ends by itself and says why, and the next start has every write that was acknowledged. Likewise a table
# file's sync while the state opens, and with those of a blob and of its folder while it is pushed.
#   test/sync.sh [AWS]     AWS is the program to use as `aws` (default: the one in PATH)
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh reads some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=sync
. "$repo/test/lib.sh"
quiet_clients "${1:-$(command -v aws)}"
cd "$repo" || exit 1
port=$(free_port)
host=127.0.0.1:$port
AWS_MAX_ATTEMPTS=1
export AWS_MAX_ATTEMPTS
# No container engine is needed here, and none is touched.
DOCKER_HOST=unix://$work/no-engine.sock
export DOCKER_HOST
server=

over() {
  rm -f "$work/writing"
  [ -z "$server" ] || kill -9 "$server" 2>/dev/null
  timeout 60 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  wait
  rm -rf "$work"
}
trap over EXIT

if [ "$(uname)" != Linux ] || ! command -v cc >/dev/null 2>&1; then
  echo "not run: sync: a sync that fails needs Linux and a C compiler (cc)"
  exit 0
fi
if ! cc -Wall -shared -fPIC -O2 -o "$work/failing-sync.so" test/failing-sync.c -ldl >"$work/cc" 2>&1; then
  echo "not run: sync: test/failing-sync.c does not compile here: $(head -n 1 "$work/cc")"
  exit 0
fi

# fail_next PATTERN: the next sync of such a file fails.
fail_next() {
  rm -f "$work/fail.done"
  printf '%s\n' "$1" >"$work/fail.new"
  mv "$work/fail.new" "$work/fail"
}

failed() {
  [ -f "$work/fail.done" ]
}

# serve: a server on that disk, in this shell's hands, so that its exit code is known.
serve() {
  LD_PRELOAD=$work/failing-sync.so FAILING_SYNC=$work/fail \
    ./holdfast server --data-dir "$data" --port "$port" >>"$work/server.log" 2>&1 &
  server=$!
  tries=180
  until env_again >"$work/last" 2>&1; do
    tries=$((tries - 1))
    kill -0 "$server" 2>/dev/null && [ "$tries" -gt 0 ] || return 1
    sleep 0.5
  done
}

env_again() {
  ./holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || return 1
  eval "$(cat "$work/env")"
  aws sts get-caller-identity
}

ended() {
  ! kill -0 "$server" 2>/dev/null
}

# The server's exit code, once it has ended by itself.
ends_with() {
  soon ended || return 1
  wait "$server"
  code=$?
  server=
  same "$code" "$1"
}

# credentials FILE: what curl signs with.
credentials() {
  (
    umask 077
    printf 'aws-sigv4 = "aws:amz:us-east-1:ssm"\nuser = "%s:%s"\nheader = "x-amz-security-token: %s"\n' \
      "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" >"$1"
  )
}

# put_signed NAME: prints the status of the answer, 000 where there was none.
put_signed() {
  curl --silent --output /dev/null --write-out '%{http_code}\n' --max-time 20 --config "$work/signed" \
    --header 'content-type: application/x-amz-json-1.1' --header 'x-amz-target: AmazonSSM.PutParameter' \
    --data "{\"Name\":\"$1\",\"Value\":\"value of $1\",\"Type\":\"String\"}" "http://$host/"
}

# writer NUMBER: writes on while it may, also after a refusal; a line for each write: its name, its answer.
writer() {
  n=0
  while [ -f "$work/writing" ] && [ "$n" -lt 3000 ]; do
    n=$((n + 1))
    status=$(put_signed "/w$1/$n")
    printf '/w%s/%s %s\n' "$1" "$n" "$status" >>"$work/writes$1"
    [ "$status" = 200 ] || sleep 0.1
  done
}

acknowledged() {
  cat "$work"/writes? 2>/dev/null | grep -c ' 200$'
}

has_acknowledged() {
  [ "$(acknowledged)" -ge "$1" ]
}

was_refused() {
  grep -qv ' 200$' "$work/writes$1"
}

all_were_refused() {
  was_refused 1 && was_refused 2 && was_refused 3 && was_refused 4
}

# Of each writer: once it was refused, it is never acknowledged again.
nothing_after() {
  awk 'FNR == 1 {refused = 0} $2 != 200 {refused = 1} $2 == 200 && refused {print FILENAME ": " $0; bad = 1}
    END {exit bad}' "$work"/writes?
}

# What the state holds, a line for each parameter of the writers: its name, its value.
kept() {
  for number in 1 2 3 4; do
    aws ssm get-parameters-by-path --path "/w$number" --query 'Parameters[].[Name,Value]' --output text || return 1
  done | sort >"$work/kept"
}

every_write_is_there() {
  kept || return 1
  cat "$work"/writes? | sed -n 's/^\(.*\) 200$/\1/p' | sort >"$work/promised"
  cut -f 1 "$work/kept" | comm -23 "$work/promised" - >"$work/lost"
  cat "$work/lost"
  [ ! -s "$work/lost" ]
}

# A write that was refused is whole or absent.
every_value_is_whole() {
  awk -F '\t' '$2 != "value of " $1 {print; bad = 1} END {exit bad}' "$work/kept"
}

mkdir -m 700 "$data"
must "a server on a disk whose sync may fail" serve
env_again >/dev/null # in this shell
credentials "$work/signed"

# --- the log of the state, under writers ---
touch "$work/writing"
writers=
for number in 1 2 3 4; do
  writer "$number" &
  writers="$writers $!"
done
must "writers are acknowledged" soon has_acknowledged 100
fail_next "$data/state/*.log"
check "a sync of the state's log fails" soon failed
check "every writer is refused" soon all_were_refused
check "the server ends by itself, with an exit code that says so" ends_with 1
rm -f "$work/writing"
# shellcheck disable=SC2086 # a word each; the server may still be there, and is not waited for
wait $writers
before=$(acknowledged)
check "nothing was acknowledged after a refusal" nothing_after
check "and words that say so" grep -q 'disk failed, so nothing more is acknowledged' "$work/server.log"
check "up again" ./holdfast up --detach --data-dir "$data" --port "$port"
check "the operator signs in" soon env_again
env_again >/dev/null
check "each of the $before acknowledged writes is there" every_write_is_there
check "each other one is whole or absent" every_value_is_whole
check "changes are taken" aws ssm put-parameter --name /after --value x --type String
check "down" ./holdfast down --stop-tasks --data-dir "$data"
check "fsck finds nothing" ./holdfast fsck --data-dir "$data"

# --- a table file, while the state opens ---
: >"$work/server.log"
must "a server again" serve
env_again >/dev/null
kill -9 "$server"
wait "$server" 2>/dev/null
fail_next "$data/state/*.sst"
: >"$work/server.log"
serve >/dev/null 2>&1
if failed; then
  check "a sync that fails while the state opens: the server ends in words" says 'Input/output error|I/O error' \
    cat "$work/server.log"
  check "and not as if all were well" ends_with 1
  check "up again after that" ./holdfast up --detach --data-dir "$data" --port "$port"
  check "the operator signs in again" soon env_again
  env_again >/dev/null
  check "and each acknowledged write is there still" every_write_is_there
else
  rm -f "$work/fail"
  echo "not run: sync: a sync that fails while the state opens: nothing was flushed there"
fi

# --- a blob, and the folder that keeps its name ---
# push_blob FILE: prints the status of the answer, 000 where there was none.
push_blob() {
  curl --silent --output /dev/null --write-out '%{http_code}\n' --max-time 20 --request POST \
    --user "AWS:$(aws ecr get-login-password)" --header 'Content-Type: application/octet-stream' \
    --data-binary "@$1" "http://$host/v2/shop/sync/blobs/uploads/?digest=sha256:$(digest "$1")"
}

digest() {
  sha256sum "$1" | cut -d ' ' -f 1
}

is_pushed() {
  same "$(push_blob "$1")" 201
}

is_whole() {
  curl --fail --silent --max-time 20 --user "AWS:$(aws ecr get-login-password)" --output "$work/pulled" \
    "http://$host/v2/shop/sync/blobs/sha256:$(digest "$1")" && cmp "$1" "$work/pulled"
}

is_absent() {
  same "$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 20 --head \
    --user "AWS:$(aws ecr get-login-password)" "http://$host/v2/shop/sync/blobs/sha256:$(digest "$1")")" 404
}

is_whole_or_absent() {
  is_whole "$1" || is_absent "$1"
}

must "a repository" aws ecr create-repository --repository-name shop/sync
head -c 100000 /dev/urandom >"$work/kept"
must "a blob is pushed" is_pushed "$work/kept"
for what in 'uploads/*' 'sha256/??'; do
  case $what in
    uploads*) thing="blob's" ;;
    *) thing="blob folder's" ;;
  esac
  must "down before a $thing sync fails" ./holdfast down --stop-tasks --data-dir "$data"
  : >"$work/server.log"
  must "a server, whose next push meets a sync that fails" serve
  env_again >/dev/null
  head -c 100000 /dev/urandom >"$work/refused"
  fail_next "$data/blobs/$what"
  status=$(push_blob "$work/refused")
  check "a $thing sync fails" failed
  check "and the push is not acknowledged ($status)" test "$status" != 201
  check "the server ends by itself" ends_with 1
  check "and says of which file or folder" grep -q "disk failed.*$data/blobs/" "$work/server.log"
  check "up again after a $thing sync failed" ./holdfast up --detach --data-dir "$data" --port "$port"
  must "the operator signs in after that" soon env_again
  env_again >/dev/null
  check "the blob that was acknowledged is there" is_whole "$work/kept"
  check "the other is whole or absent" is_whole_or_absent "$work/refused"
  check "pushed again" is_pushed "$work/refused"
  check "it is there" is_whole "$work/refused"
done
check "down at the end" ./holdfast down --stop-tasks --data-dir "$data"
check "fsck finds nothing wrong with the blobs" ./holdfast fsck --data-dir "$data"
echo "end of sync"
