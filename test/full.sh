#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Full disks: state, blobs and logs on small disks of their own, filled one by one, with real aws, docker
# and skopeo; file systems that turn read-only, and one that has less than it says.
#   test/full.sh [AWS]     AWS is the program to use as `aws` (default: the one in PATH)
# HOLDFAST_LONG=full fills the state's disk twenty times instead of once.
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

if [ "${HOLDFAST_TEST_APART:-}" != 1 ]; then
  if [ "$(id -u)" != 0 ] || ! unshare --mount true 2>/dev/null; then
    echo "not run: full: needs root and a mount namespace of its own"
    exit 0
  fi
  if ! docker version >/dev/null 2>&1; then
    echo "not run: full: no container engine answers"
    exit 0
  fi
  HOLDFAST_TEST_APART=1 exec unshare --mount sh "$0" "$@"
fi

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=full
. "$repo/test/lib.sh"
quiet_clients "${1:-$(command -v aws)}"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
port=$(free_port)
host=127.0.0.1:$port
AWS_MAX_ATTEMPTS=1
export AWS_MAX_ATTEMPTS

over() {
  rm -rf "$data/state/ballast" "$data/blobs/ballast" "$data/logs/ballast" "$work/disk/ballast"
  timeout 100 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  if [ -n "${server:-}" ]; then
    kill -9 "$server" 2>/dev/null
  fi
  docker image ls --quiet --filter "reference=$host/*/*" | sort -u | xargs -r docker image rm --force >/dev/null 2>&1
  # Twice: the disk that holds another one's image is free only after that.
  for _ in 1 2; do
    grep -o "$work/[^ ]*" /proc/mounts | sort -r | xargs -r -n 1 umount 2>/dev/null
  done
  rm -rf "$work"
}
trap over EXIT

# disk FOLDER OPTIONS: a small disk of its own.
disk() {
  mkdir -p "$1"
  mount -t tmpfs -o "mode=0700,$2" tmpfs "$1"
}

# fill FOLDER: with as much as was free when it was called, so that what the reserve gives back meanwhile is
# not filled too. What fills it already stays: were it cut first, the server could find the space and take its
# reserve back.
fill() {
  head -c "$(($(df --block-size=4096 --output=avail "$1" | tail -n 1) * 4096))" /dev/zero 2>/dev/null >>"$1/ballast"
  true
}

# fill_inodes FOLDER: to the last inode.
fill_inodes() {
  mkdir "$1/ballast"
  (cd "$1/ballast" && seq 1 2000 | xargs touch 2>/dev/null)
  true
}

free() {
  rm -rf "$1/ballast"
}

# small_ext4 IMAGE SIZE FOLDER: a file system that its owner can hurt; fails where there is no loop device.
small_ext4() {
  truncate -s "$2" "$1"
  mkfs.ext4 -q -O ^has_journal "$1" 2>/dev/null
  mount -o loop,errors=remount-ro "$1" "$3" 2>/dev/null || return 1
  chmod 700 "$3"
  rmdir "$3/lost+found"
}

# turns_read_only FOLDER: the kernel finds an error on this ext4, and takes no more writes.
turns_read_only() {
  device=$(sed -n "s|^/dev/\([^ ]*\) $1 .*|\1|p" /proc/mounts)
  [ -w "/sys/fs/ext4/$device/trigger_fs_error" ] || return 1
  echo test >"/sys/fs/ext4/$device/trigger_fs_error"
}

env_again() {
  ./holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || return 1
  eval "$(cat "$work/env")"
  aws sts get-caller-identity
}

put() {
  aws ssm put-parameter --name "$1" --type SecureString --value "${2:-value}" --overwrite
}

get() {
  same "$(aws ssm get-parameter --name "$1" --with-decryption --query Parameter.Value --output text)" "${2:-value}"
}

creds() {
  printf 'AWS:%s' "$(aws ecr get-login-password)"
}

inspect() {
  skopeo inspect --tls-verify=false --creds "$(creds)" "docker://$host/shop/web:1"
}

# push: by skopeo, which asks once. (docker tries again by itself, for most of a minute.)
push() {
  skopeo copy --dest-tls-verify=false --dest-creds "$(creds)" "docker-daemon:$host/shop/big:1" "docker://$host/shop/big:1"
}

pull() {
  rm -rf "$work/pulled"
  skopeo copy --src-tls-verify=false --src-creds "$(creds)" "docker://$host/shop/web:1" "dir:$work/pulled"
}

fact_is() {
  same "$(aws ecs describe-tasks --cluster shop --tasks "$1" --query "tasks[0].$2" --output text)" "$3"
}

status_says() {
  says "$1" ./holdfast status --data-dir "$data"
}

status_is_silent() {
  ./holdfast status --data-dir "$data" >"$work/said" 2>&1
  ! grep -E "$1" "$work/said"
}

reserve() {
  find "$data/state/reserve" -type f | wc -l
}

reserve_has() {
  same "$(reserve)" "$1"
}

no_upload_stays() {
  same "$(ls "$data/blobs/uploads")" ''
}

reads_go_on() {
  get /shop/db && inspect && aws ecs list-tasks --cluster shop && aws iam get-role --role-name shop-exec
}

stop() {
  aws ecs stop-task --cluster shop --task "$1" --reason full --query task.taskArn --output text
}

run_box() {
  aws ecs run-task --cluster shop --task-definition box --query 'tasks[0].taskArn' --output text
}

# a_key USER: an access key of this user, in $out.
a_key() {
  aws iam create-access-key --user-name "$1" --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text
}

as_key() {
  env -u AWS_SESSION_TOKEN AWS_ACCESS_KEY_ID="${1%%	*}" AWS_SECRET_ACCESS_KEY="${1##*	}" aws sts get-caller-identity
}

# revoked KEY: the key is deleted, and opens nothing any more.
revoked() {
  aws iam delete-access-key --user-name guest --access-key-id "${1%%	*}" && refused InvalidClientTokenId as_key "$1"
}

# tries_again NAME: with the retries of its own that a client has; some of its tries are refused.
tries_again() {
  AWS_MAX_ATTEMPTS=10 AWS_RETRY_MODE=standard aws --debug ssm put-parameter --name "$1" --type String --value x \
    --overwrite 2>"$work/debug" && grep -q 'data directory is full' "$work/debug"
}

log_lines() {
  grep -Ec '^\{"time":.*\}$' "$data/logs/server.log"
}

more_log_lines() {
  [ "$(log_lines)" -gt "$lines" ]
}

# A line of its own, whole: the head of the audit is told every ten seconds in which it moved.
logging_goes_on() {
  lines=$(log_lines)
  put /shop/log && soon more_log_lines
}

same_process() {
  same "$(cat "$data/server.pid")" "$pid"
}

# --- a platform on three small disks ---
mkdir -m 700 "$data"
disk "$data/state" size=320m,nr_inodes=1200
disk "$data/blobs" size=200m,nr_inodes=1200
disk "$data/logs" size=8m,nr_inodes=64
must "up" ./holdfast up --detach --data-dir "$data" --port "$port"
pid=$(cat "$data/server.pid")
must "the operator signs in" env_again
env_again >/dev/null # in this shell
check "the log is written" logging_goes_on
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
check "status warns that the disks are small" status_says 'filling up: .*MiB and .*inodes'
must "the reserve is there" soon reserve_has 64
web_folder "$work/web" "full"
push_image() {
  aws ecr create-repository --repository-name shop/web && aws ecr create-repository --repository-name shop/big &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker build --quiet --tag "$host/shop/web:1" "$work/web" && docker push --quiet "$host/shop/web:1"
}
must "an image" push_image
mkdir "$work/big"
big() {
  head -c "$1" /dev/urandom >"$work/big/file"
  printf 'FROM scratch\nCOPY file /\n' >"$work/big/Dockerfile"
  docker build --quiet --tag "$host/shop/big:1" "$work/big"
}
must "a big image" big 24000000
things() {
  aws ecs create-cluster --cluster-name shop && put /shop/db &&
    box_role && aws iam create-user --user-name guest
}
must "things" things
must "a key" a_key guest
key=$out
must "another key" a_key guest
other_key=$out
must "they open" as_key "$key"
must "both do" as_key "$other_key"
must "a definition" define_box
must "a task" run_box
first=$out
must "another" run_box
second=$out
must "it runs" soon fact_is "$first" lastStatus RUNNING
must "so does the other" soon fact_is "$second" lastStatus RUNNING

# --- the state's disk ---
fill "$data/state"
check "full: a change gets an error that clients retry" \
  refused 'ServiceUnavailable.*data directory is full' put /shop/db other
check "full: the refused change left nothing" get /shop/db
check "full: reads go on" reads_go_on
check "full: status says so and how much is needed" status_says 'is full: only what stops.*128 MiB'
check "full: the log says so" grep -q 'is full: only what stops' "$data/logs/server.log"
check "full: run-task is refused" refused 'data directory is full' run_box
# docker tries five times in most of a minute, beside what follows.
docker push "$host/shop/big:1" >"$work/pushed" 2>&1 &
docker_push=$!
check "full: a push is refused in words" refused 'is full' push
check "full: the operator signs in" env_again
check "full: revoking works" revoked "$key"
check "full: stop-task works" stop "$first"
check "full: the agent's report of its end is kept" soon fact_is "$first" lastStatus STOPPED
stop_is_audited() {
  says StopTask aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopTask
}
check "full: and stop-task is in the audit" soon stop_is_audited
docker_gave_up() {
  ! wait "$docker_push" && cat "$work/pushed" && grep -q 'Retrying in' "$work/pushed"
}
check "full: docker tries its push again, and gives up" docker_gave_up
check "full: in words" grep -q 'is full' "$work/pushed"
check "full: no half upload remains" soon no_upload_stays
rm -f "$work/debug"
{
  seen=0
  until grep -q 'data directory is full' "$work/debug" 2>/dev/null || [ "$seen" -gt 300 ]; do
    seen=$((seen + 1))
    sleep 0.1
  done
  free "$data/state"
} &
check "freed meanwhile: a client that is refused tries again, and succeeds" tries_again /shop/again
wait $!
soon reserve_has 64
rounds=1
[ "${HOLDFAST_LONG:-}" != full ] || rounds=20
round=0
while [ "$round" -lt "$rounds" ]; do
  round=$((round + 1))
  fill "$data/state"
  soon reserve_has 0
  fill "$data/state" # what the reserve gave back, too
  check "spent ($round): nothing is taken, not even stop-task" refused 'data directory is full' stop "$second"
  check "spent ($round): reads" reads_go_on
  check "spent ($round): the operator signs in" env_again
  check "spent ($round): status says so" status_says 'reserve is spent'
  free "$data/state"
  check "freed ($round): changes are taken again, without a restart" soon put /shop/round "$round"
  check "freed ($round): the reserve is back" soon reserve_has 64
done
check "freed: the same process" same_process
check "freed: status is content" soon status_is_silent 'is full'
check "freed: run-task works" run_box
third=$out
check "freed: and the audit is whole" ./holdfast audit verify --data-dir "$data"

# --- killed and started on a full disk ---
same_server_lives() {
  kill -0 "$(cat "$data/server.pid")" 2>/dev/null
}
fill "$data/state"
soon reserve_has 0
kill -9 "$pid"
# Recovery needs room to flush. Where the dead server had used what the reserve gave, it says so.
starts_or_says_full() {
  says 'is full, and the store needs some of it to open|process|serving|http://' \
    ./holdfast up --detach --data-dir "$data" --port "$port"
}
check "killed on a full disk: it starts, or says that it needs space" starts_or_says_full
if ! same_server_lives; then
  free "$data/state"
  must "killed on a full disk: with space it starts" ./holdfast up --detach --data-dir "$data" --port "$port"
  fill "$data/state"
  soon reserve_has 0
fi
pid=$(cat "$data/server.pid")
check "killed on a full disk: reads" reads_go_on
check "killed on a full disk: stop-task" soon stop "$second"
free "$data/state"
check "killed on a full disk: freed" soon put /shop/db
soon reserve_has 64

# --- the state's inodes ---
fill_inodes "$data/state"
# Until the reserve has looked, one may still go through: a parameter that nothing is read from.
check "no inodes: a change is refused" soon refused 'data directory is full' put /shop/probe other
check "no inodes: reads go on" reads_go_on
check "no inodes: the operator signs in" env_again
check "no inodes: stop-task works" stop "$third"
check "no inodes: the agent's report of its end is kept" soon fact_is "$third" lastStatus STOPPED
check "no inodes: revoking works" revoked "$other_key"
free "$data/state"
check "no inodes: freed" soon put /shop/db
check "no inodes: the reserve is back" soon reserve_has 64
check "no inodes: run-task works again" run_box
check "no inodes: and is stopped" stop "$out"

# --- the blobs' disk ---
fill "$data/blobs"
check "blobs full: a push is refused in words" refused 'disk is full' push
check "blobs full: no half upload remains" soon no_upload_stays
check "blobs full: another repository's image is pulled" pull
check "blobs full: changes elsewhere go on" put /shop/db
check "blobs full: status says so" status_says 'blobs is full.*pushes are refused'
docker push "$host/shop/big:1" >"$work/pushed" 2>&1 &
docker_push=$!
soon grep -q 'Retrying in' "$work/pushed"
free "$data/blobs"
pushed_in_the_end() {
  wait "$docker_push" || {
    cat "$work/pushed"
    return 1
  }
}
check "blobs full: freed meanwhile, docker's push is refused, tried again, and works" pushed_in_the_end
fill_inodes "$data/blobs"
must "another big image" big 24000000
check "blobs without inodes: a push is refused in words" refused 'disk is full' push
check "blobs without inodes: pulls go on" pull
free "$data/blobs"
mount -o remount,ro "$data/blobs" || echo "  (not remounted)"
check "blobs read-only: a push is refused in words" refused 'read-only' push
check "blobs read-only: pulls go on" pull
check "blobs read-only: status says so" status_says 'blobs is read-only'
mount -o remount,rw "$data/blobs"
check "blobs writable again: the push works" soon push
check "blobs: no half upload remains" soon no_upload_stays

# --- the logs' disk ---
fill "$data/logs"
check "logs full: changes go on" put /shop/db
check "logs full: run-task goes on" run_box
fourth=$out
check "logs full: it runs" soon fact_is "$fourth" lastStatus RUNNING
check "logs full: refusals are answered" refused ParameterNotFound aws ssm get-parameter --name /none
check "logs full: status says so" status_says 'logs is full'
free "$data/logs"
check "logs full: freed, the log goes on" logging_goes_on
check "logs full: all the same process" same_process
fill_inodes "$data/logs"
check "logs without inodes: changes go on" put /shop/db
check "logs without inodes: run-task goes on" run_box
fifth=$out
check "logs without inodes: it runs" soon fact_is "$fifth" lastStatus RUNNING
check "logs without inodes: status says so" status_says 'logs is full'
free "$data/logs"
check "logs without inodes: freed, the log goes on" logging_goes_on
check "logs without inodes: all the same process" same_process
check "logs without inodes: stop-task" stop "$fifth"

# --- SIGTERM while a task runs ---
container() {
  docker ps --no-trunc --quiet --filter "label=com.amazonaws.ecs.task-arn=$fourth"
}
before=$(container)
start=$(date +%s)
kill -TERM "$pid"
ended() {
  ! kill -0 "$pid"
}
check "SIGTERM ends the server" soon ended
check "within five seconds" test $(($(date +%s) - start)) -le 5
check "and touches no container" same "$(container)" "$before"

# --- logs on a disk that turns read-only ---
logs_fail=''
umount "$data/logs"
small_ext4 "$work/logs-image" 32m "$data/logs" || logs_fail='no loop device'
must "up again" ./holdfast up --detach --data-dir "$data" --port "$port"
pid=$(cat "$data/server.pid")
check "the task runs on" soon fact_is "$fourth" lastStatus RUNNING
check "in the same container" same "$(container)" "$before"
[ -n "$logs_fail" ] || turns_read_only "$data/logs" || logs_fail='this kernel lets nobody make an error of ext4'
if [ -n "$logs_fail" ]; then
  echo "not run: full: logs on a disk that turns read-only: $logs_fail"
else
  check "logs read-only: nothing is written to them" refused 'Read-only file system' touch "$data/logs/probe"
  check "logs read-only: changes go on" put /shop/db other
  check "logs read-only: and are kept" get /shop/db other
  check "logs read-only: run-task goes on" run_box
  sixth=$out
  check "logs read-only: it runs" soon fact_is "$sixth" lastStatus RUNNING
  check "logs read-only: refusals are answered" refused ParameterNotFound aws ssm get-parameter --name /none
  check "logs read-only: the operator signs in" env_again
  check "logs read-only: stop-task" stop "$sixth"
  check "logs read-only: all the same process" same_process
  kill -TERM "$pid"
  must "logs read-only: SIGTERM ends the server" soon ended
  check "logs read-only: up is refused in words" refused 'Read-only file system' \
    ./holdfast up --detach --data-dir "$data" --port "$port"
  umount "$data/logs"
  e2fsck -fy "$work/logs-image" >/dev/null 2>&1
  mount -o loop "$work/logs-image" "$data/logs"
  must "logs writable again: up" ./holdfast up --detach --data-dir "$data" --port "$port"
  check "logs writable again: the log goes on" logging_goes_on
fi
check "down --stop-tasks" timeout 100 ./holdfast down --stop-tasks --data-dir "$data"

# --- a disk that turns read-only, and one that has less than it says ---
data=$work/data2
mkdir -m 700 "$data" "$work/disk"
mkdir "$data/state"
mount -t tmpfs -o size=240m tmpfs "$work/disk"
if ! small_ext4 "$work/disk/image" 600m "$data/state"; then
  echo "not run: full: a read-only state and a thin one: no loop device"
  exit 0
fi
serve() {
  ./holdfast server --data-dir "$data" --port "$port" >>"$work/server2.log" 2>&1 &
  server=$!
  tries=180
  until env_again >"$work/last" 2>&1; do
    tries=$((tries - 1))
    kill -0 "$server" 2>/dev/null && [ "$tries" -gt 0 ] || return 1
    sleep 0.5
  done
}
must "a platform on a disk of its own" serve
env_again >/dev/null
must "a parameter" put /shop/db
soon reserve_has 64
if turns_read_only "$data/state"; then
  check "read-only: a change is refused in words" refused 'read-only|takes no writes' put /shop/db other
  check "read-only: reads go on" get /shop/db
  check "read-only: the operator signs in" env_again
  check "read-only: the server lives" kill -0 "$server"
  kill -TERM "$server"
  wait "$server"
  umount "$data/state"
  mount -o loop,errors=remount-ro "$work/disk/image" "$data/state"
  must "mounted anew: it starts" serve
  env_again >/dev/null
  check "mounted anew: nothing is lost" get /shop/db
  check "mounted anew: changes are taken" put /shop/db
else
  echo "not run: full: a state that turns read-only: this kernel lets nobody make an error of ext4"
fi
# A disk that has less than it says: writes are taken and their syncs fail for want of space.
fill "$work/disk"
number=0
while [ "$number" -lt 400 ] && put "/shop/n$number" "$(head -c 2000 /dev/zero | tr '\0' x)" >/dev/null 2>"$work/last-put"; do
  number=$((number + 1))
done
# The kernel says ENOSPC or EIO, as it comes: the one is refused, the other ends the server.
sleep 5
if kill -0 "$server" 2>/dev/null; then
  check "thin: a change is refused in words" \
    refused 'data directory (is full|takes no writes)|read-only' put /shop/db other
  check "thin: reads go on" get /shop/db
  echo "not run: full: thin: the server's end after EIO: this kernel said ENOSPC (test/sync.sh plays a failed sync)"
  kill -TERM "$server"
  wait "$server"
else
  wait "$server"
  code=$?
  check "failed sync: the server ended with an exit code that says so" same "$code" 1
  check "failed sync: and words that say so" grep -q 'nothing more is acknowledged' "$work/server2.log"
  echo "not run: full: thin: refusals after ENOSPC: this kernel said EIO, which ended the server"
fi
server=
rm "$work/disk/ballast"
umount "$data/state"
e2fsck -fy "$work/disk/image" >/dev/null 2>&1
mount -o loop "$work/disk/image" "$data/state"
# What such a disk took and lost is not the platform's to mend: it starts with all that it acknowledged,
# or it refuses in words and changes nothing.
: >"$work/server2.log"
if serve >/dev/null 2>&1; then
  env_again >/dev/null
  acknowledged() {
    n=0
    while [ "$n" -lt "$number" ]; do
      aws ssm get-parameter --name "/shop/n$n" --query Parameter.Version || return 1
      n=$((n + 7))
    done
    [ "$number" = 0 ] || aws ssm get-parameter --name "/shop/n$((number - 1))"
  }
  check "thin: with space and mounted anew each of $number acknowledged changes is there" acknowledged
  check "thin: changes are taken" put /shop/db
  kill -TERM "$server"
else
  check "thin: what the disk lost is refused in words at the start" grep -q 'Nothing was changed' "$work/server2.log"
  sed 's/^/  /' "$work/server2.log"
fi
wait "$server"
server=
echo "end of full"
