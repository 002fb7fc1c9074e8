#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Ten times kill -9 of the platform, of the agent, and of both, at random moments, while containers of
# tasks and of a service run and others write: afterwards the same containers run, never started again,
# none twice, and what was acknowledged is there.
#   test/crash.sh [AWS]      AWS is the program to use as `aws` (default: the one in PATH)
# HOLDFAST_SEED=N plays the moments of a run again. Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

if ! docker version >/dev/null 2>&1; then
  echo "not run: crash: no container engine answers"
  exit 0
fi
repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=crash
. "$repo/test/lib.sh"
quiet_clients "${1:-$(command -v aws)}"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
port=$(free_port)
host=127.0.0.1:$port
seed=${HOLDFAST_SEED:-$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')}
unset HOLDFAST_SEED # the program knows no such variable
# A call whose platform dies under it is told so, and tried no more.
AWS_MAX_ATTEMPTS=1
export AWS_MAX_ATTEMPTS

writers=
over() {
  touch "$work/enough"
  # shellcheck disable=SC2086 # process ids
  [ -z "$writers" ] || kill $writers 2>/dev/null
  timeout 100 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker image rm --force "$host/shop/web:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

up() {
  ./holdfast up --detach --data-dir "$data" --port "$port"
}

query() {
  aws "$@" --output text
}

push() {
  aws ecr create-repository --repository-name shop/web &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker build --quiet --tag "$host/shop/web:1" "$work/web" && docker push --quiet "$host/shop/web:1"
}

must "up" up
lines=$(./holdfast env --data-dir "$data" 2>/dev/null) || exit 1
eval "$lines"
ACCOUNT=$(query sts get-caller-identity --query Account)
installation=$(./holdfast status --json --data-dir "$data" | sed -n 's/.*"installation":"\([^"]*\)".*/\1/p')
web_folder "$work/web" "crash $port"
must "an image" push
must "a role" box_role
must "a definition" define_box
must "a cluster" aws ecs create-cluster --cluster-name shop
must "three tasks" query ecs run-task --cluster shop --task-definition box --count 3 --query 'length(tasks)'
must "a service of two" aws ecs create-service --cluster shop --service-name box --task-definition box --desired-count 2

tasks() {
  query ecs list-tasks --cluster shop --query taskArns | tr '\t' '\n' | sort
}

all_run() {
  # shellcheck disable=SC2046 # ARNs
  same "$(query ecs describe-tasks --cluster shop --tasks $(tasks) --query 'tasks[].lastStatus')" \
    "$(printf 'RUNNING\tRUNNING\tRUNNING\tRUNNING\tRUNNING')"
}

# Every container of the installation in whatever state, when it was started, and how often it was again.
containers() {
  docker ps --all --no-trunc --quiet --filter "label=dev.holdfast.installation=$installation" |
    xargs -r docker inspect --format '{{.Id}} {{.State.Status}} {{.State.StartedAt}} {{.RestartCount}}' | sort
}

must "five tasks run" soon all_run
tasks >"$work/tasks"
containers >"$work/before"
check "each has its container" test "$(grep -c ' running .* 0$' "$work/before")" -ge 5

# write N: puts one number after another, and notes each that was acknowledged.
write() {
  number=1
  while [ ! -e "$work/enough" ]; do
    if aws ssm put-parameter --name "/crash/$1" --type String --overwrite --value "$number"; then
      echo "$number" >"$work/wrote.$1"
    fi
    number=$((number + 1))
  done >/dev/null 2>&1
}
for writer in 1 2 3; do
  echo 0 >"$work/wrote.$writer"
  write "$writer" &
  writers="$writers $!"
done

status() {
  ./holdfast status --json --data-dir "$data"
}

agent_pid() {
  status | sed -n 's/.*"agent":{[^}]*"pid":\([0-9]*\).*/\1/p'
}

kill_agent() {
  agent=$(agent_pid)
  [ -n "$agent" ] && kill -9 "$agent"
}

# strike WHOM
strike() {
  case $1 in
    agent) soon kill_agent ;;
    platform) kill -9 "$(cat "$data/server.pid")" && up ;;
    both) soon kill_agent && kill -9 "$(cat "$data/server.pid")" && up ;;
  esac
}

moments=$(awk -v seed="$seed" 'BEGIN { srand(seed); for (i = 0; i < 10; i++) printf "%.2f ", rand() * 1.5 }')
set -- platform agent platform both agent platform agent both platform agent
kills=0
for moment in $moments; do
  sleep "$moment"
  if strike "$1" >"$work/strike" 2>&1; then
    kills=$((kills + 1))
  else
    cat "$work/strike"
  fi
  shift
done
check "ten kills (seed $seed)" same "$kills" 10

connected() {
  status | grep -q '"connected":true'
}
check "an agent is there again" soon connected
touch "$work/enough"
# shellcheck disable=SC2086 # process ids
wait $writers
writers=

check "the five tasks run" soon all_run
check "and are the same" same "$(tasks)" "$(cat "$work/tasks")"
check "in the same containers, never started again, none twice" same "$(containers)" "$(cat "$work/before")"
check "the service started no task anew" same \
  "$(query ecs describe-services --cluster shop --services box --query 'services[0].[runningCount,pendingCount,desiredCount]' | tr '\t' ' ')" \
  "2 0 2"
acknowledged() {
  total=0
  for writer in 1 2 3; do
    wrote=$(cat "$work/wrote.$writer")
    there=$(query ssm get-parameter --name "/crash/$writer" --query Parameter.Value)
    total=$((total + wrote))
    # What was cut off after it may have come through.
    [ "$there" -ge "$wrote" ] || {
      echo "writer $writer: $wrote was acknowledged, $there is there"
      return 1
    }
  done
  echo "$total"
  [ "$total" -ge 10 ]
}
check "what was acknowledged meanwhile is there" acknowledged
