#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A clock that is set under the real program: an hour back, right again, ten years ahead, and right again,
# while a service, a role's session, a grant and a key that waits for its deletion are there. Server, agent and
# clients have the same clock (test/moved-clock.c between them and the system); the engine keeps the true one.
# (A start while the clock is wrong: SettledClockTest.)
#   test/clock.sh [AWS]     AWS is the program to use as `aws` (default: the one in PATH)
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=clock
. "$repo/test/lib.sh"
real_aws=${1:-$(command -v aws)}
quiet_clients "$real_aws"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
port=$(free_port)
host=127.0.0.1:$port
REGISTRY=$host
AWS_MAX_ATTEMPTS=1
export AWS_MAX_ATTEMPTS

over() {
  timeout 100 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker image rm --force "$host/shop/web:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

for tool in cc python3 docker; do
  command -v "$tool" >/dev/null 2>&1 || {
    echo "not run: clock: needs $tool"
    exit 0
  }
done
if [ "$(uname)" != Linux ] || ! docker version >/dev/null 2>&1; then
  echo "not run: clock: needs Linux and a container engine"
  exit 0
fi
clock=$work/clock.so
if ! cc -Wall -shared -fPIC -O2 -o "$clock" test/moved-clock.c -ldl >"$work/cc" 2>&1; then
  echo "not run: clock: test/moved-clock.c does not compile here: $(head -n 1 "$work/cc")"
  exit 0
fi

HOUR=3600
YEARS=315360000

# set_clock SECONDS: ahead of the true time. In place: processes have the file mapped.
set_clock() {
  [ -f "$clock.ahead" ] || head -c 8 /dev/zero >"$clock.ahead"
  python3 -c 'import struct, sys; open(sys.argv[1], "r+b").write(struct.pack("q", int(sys.argv[2])))' \
    "$clock.ahead" "$1"
}
set_clock 0

# From here on `aws` has the clock that is set.
rm "$work/select/aws"
printf '#!/bin/sh\nLD_PRELOAD=%s exec %s "$@"\n' "$clock" "$real_aws" >"$work/select/aws"
chmod 755 "$work/select/aws"

holdfast() {
  LD_PRELOAD=$clock ./holdfast "$@"
}

env_again() {
  holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || return 1
  eval "$(cat "$work/env")"
  aws sts get-caller-identity
}

# as_role COMMAND...: with the session that a role got before the clock was set.
as_role() {
  (
    eval "$(cat "$work/role-session")"
    "$@"
  )
}

# keep_session FILE: what a shell has to read to go on with the session of now.
keep_session() {
  (
    umask 077
    printf 'export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_SESSION_TOKEN=%s\n' \
      "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" >"$1"
  )
}

assume() {
  aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/shop-reader" --role-session-name before \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text >"$work/assumed" || return 1
  (
    umask 077
    read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <"$work/assumed"
    keep_session "$work/role-session"
  )
}

reader() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}' \
    "$ACCOUNT" >"$work/reader.json"
  aws iam create-role --role-name shop-reader --assume-role-policy-document "file://$work/reader.json" &&
    aws iam put-role-policy --role-name shop-reader --policy-name least --policy-document \
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}]}'
}

query() {
  aws "$@" --output text
}

key() {
  query kms create-key --query KeyMetadata.KeyId
}

push() {
  web_folder "$work/web" clock
  aws ecr create-repository --repository-name shop/web &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker build --quiet --tag "$host/shop/web:1" "$work/web" && docker push --quiet "$host/shop/web:1"
}

service_is() {
  same "$(query ecs describe-services --cluster shop --services box \
    --query 'services[0].[runningCount,pendingCount,deployments[0].rolloutState]' | tr '\t' ' ')" "$1"
}

containers() {
  docker ps --no-trunc --quiet --filter "label=com.amazonaws.ecs.task-arn=$task"
}

status_says() {
  says "$1" ./holdfast status --data-dir "$data"
}

get() {
  same "$(query ssm get-parameter --name /shop/db --with-decryption --query Parameter.Value)" value
}

# Its day is judged by the wall clock: after it nobody is served the key, but it is not deleted by that.
doomed_waits() {
  same "$(query kms describe-key --key-id "$doomed" --query KeyMetadata.KeyState)" PendingDeletion
}

# Everything else that was there before the clock was set, by the operator of now.
all_is_there() {
  get &&
    same "$(query kms list-grants --key-id "$lasting" --query 'length(Grants)')" 1 &&
    query kms encrypt --key-id "$lasting" --plaintext eA== --query KeyId &&
    same "$(query ecr list-images --repository-name shop/web --query 'length(imageIds)')" 1 &&
    service_is '1 0 COMPLETED' &&
    same "$(query ecs list-tasks --cluster shop --query 'taskArns[0]')" "$task"
}

same_container() {
  same "$(containers)" "$container"
}

same_process() {
  same "$(cat "$data/server.pid")" "$pid" && kill -0 "$pid"
}

written() {
  aws ssm put-parameter --name "/shop/$1" --type String --value x
}

# --- what is there while the clock is right ---
must "up" holdfast up --detach --data-dir "$data" --port "$port"
must "the operator signs in" env_again
env_again >/dev/null # in this shell
ACCOUNT=$(query sts get-caller-identity --query Account)
pid=$(cat "$data/server.pid")
must "a parameter" aws ssm put-parameter --name /shop/db --type SecureString --value value
must "a role" reader
must "a session of it" assume
check "reads with it" as_role get
lasting=$(key)
must "a grant" aws kms create-grant --key-id "$lasting" --operations Encrypt \
  --grantee-principal "arn:aws:iam::$ACCOUNT:role/shop-reader"
doomed=$(key)
must "a key that waits for its deletion" aws kms schedule-key-deletion --key-id "$doomed" --pending-window-in-days 7
must "a cluster" aws ecs create-cluster --cluster-name shop
must "an image" push
must "an execution role" box_role
must "a definition" define_box
must "a service" aws ecs create-service --cluster shop --service-name box --task-definition box --desired-count 1
must "it is steady" soon service_is '1 0 COMPLETED'
task=$(query ecs list-tasks --cluster shop --query 'taskArns[0]')
container=$(containers)
must "its container is known" test -n "$container"
keep_session "$work/operator-session"

# --- an hour back ---
set_clock "-$HOUR"
check "an hour back: status warns" soon status_says 'the clock went back'
check "an hour back: the operator's session goes on" get
check "an hour back: so does the role's" as_role get
check "an hour back: all is there" soon all_is_there
check "an hour back: the key waits for its deletion" doomed_waits
check "an hour back: changes are taken" written back
set_clock 0
check "right again: all is there" soon all_is_there
check "right again: the role's session goes on" as_role get

# --- ten years ahead ---
set_clock "$YEARS"
check "ten years ahead: status warns, and says what to type" soon status_says \
  'days ahead of a moment before: nothing is deleted by that time yet; .*./holdfast clock --confirm'
check "ten years ahead: a session of before is refused as what it is" refused 'ExpiredToken|expired' get
check "ten years ahead: the role's likewise" refused 'ExpiredToken|expired' as_role get
must "ten years ahead: the operator signs in again" soon env_again
env_again >/dev/null
check "ten years ahead: all is there" soon all_is_there
check "ten years ahead: in the same container" same_container
check "ten years ahead: changes are taken" written ahead
keep_session "$work/session-of-then"

# --- right again ---
set_clock 0
check "mended: what was issued under the wrong clock is refused" refused 'InvalidClientTokenId|ExpiredToken|InvalidToken|UnrecognizedClient' get
eval "$(cat "$work/operator-session")"
check "mended: the operator's session of before goes on" get
check "mended: the role's too" as_role get
check "mended: all is there" soon all_is_there
check "mended: the key waits for its deletion still" doomed_waits
check "mended: in the same container" same_container
check "mended: changes are taken" written mended
check "mended: all the same process" same_process
check "mended: the audit is whole" ./holdfast audit verify --data-dir "$data"

check "down --stop-tasks" timeout 200 ./holdfast down --stop-tasks --data-dir "$data"
check "fsck finds nothing" ./holdfast fsck --data-dir "$data"
echo "end of clock"
