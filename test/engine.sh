#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The container engine absent, started late, and dying while a task runs: with an engine of its own, in
# a network namespace of its own, so that the machine's engine is never touched.
#   test/engine.sh AWS       AWS is the program to use as `aws`
# Each check prints `ok NAME` or `FAILED NAME`.
set -u

if [ "${HOLDFAST_TEST_APART:-}" != 1 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v dockerd >/dev/null 2>&1 || ! unshare --net --mount true 2>/dev/null; then
    echo "not run: engine: needs root, dockerd and a network namespace of its own"
    exit 0
  fi
  HOLDFAST_TEST_APART=1 exec unshare --net --mount sh "$0" "$@"
fi

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=engine
. "$repo/test/lib.sh"
quiet_clients "$1"
DOCKER_HOST=unix://$work/engine.sock
export DOCKER_HOST
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
ip link set lo up

engine() {
  cat "$work/engine-pid" 2>/dev/null
}

over() {
  timeout 60 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker ps --all --quiet 2>/dev/null | xargs -r docker rm --force >/dev/null 2>&1
  if [ -n "$(engine)" ] && kill "$(engine)" 2>/dev/null; then
    soon sh -c "! kill -0 $(engine)" 2>/dev/null
  fi
  grep -o "$work/[^ ]*" /proc/mounts | sort -r | xargs -r umount 2>/dev/null
  rm -rf "$work"
}
trap over EXIT

# engine_up: whether it answers. One that was killed may end again while it takes over what it left: then it
# is started once more.
engine_up() {
  docker version && return
  kill -0 "$(engine)" 2>/dev/null || launch_dockerd
  tail -n 3 "$work/engine.log"
  return 1
}

start_dockerd() {
  launch_dockerd
  soon engine_up
}

launch_dockerd() {
  rm -f "$work/engine.pid"
  dockerd --host "$DOCKER_HOST" --data-root "$work/engine" --exec-root "$work/exec" \
    --pidfile "$work/engine.pid" --bridge none --containerd-namespace "voyage$$" \
    --containerd-plugins-namespace "voyage-plugins$$" >>"$work/engine.log" 2>&1 &
  echo $! >"$work/engine-pid"
}

status_says() {
  says "$1" ./holdfast status --data-dir "$data"
}

fact() {
  aws ecs describe-tasks --cluster shop --tasks "$TASK" --query "tasks[0].$1" --output text
}

fact_is() {
  fact "$1"
  [ "$(fact "$1")" = "$2" ]
}

run_box() {
  aws ecs run-task --cluster shop --task-definition box --query 'tasks[0].taskArn' --output text
}

nothing_stays() {
  docker ps --all --filter label=dev.holdfast.installation | tail -n +2
  docker network ls --filter label=dev.holdfast.installation | tail -n +2
  nft list tables | grep holdfast
}

# --- absent ---
must "up without an engine serves the APIs and says why tasks cannot run" \
  says 'cannot run here: .*(engine|socket)' ./holdfast up --detach --data-dir "$data" --port 4566
lines=$(./holdfast env --data-dir "$data" 2>/dev/null) || exit 1
eval "$lines"
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
must "the APIs answer" aws ecs create-cluster --cluster-name shop

# --- started late ---
if ! start_dockerd >"$work/err" 2>&1; then
  echo "not run: engine: a second container engine does not start here: $(tail -n 1 "$work/engine.log")"
  exit 0
fi
must "the agent finds it by itself" soon status_says 'tasks +can run here'
host=127.0.0.1:4566
web_folder "$work/web" "engine"
push() {
  aws ecr create-repository --repository-name shop/web &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker build --quiet --tag "$host/shop/web:1" "$work/web" && docker push --quiet "$host/shop/web:1"
}
must "an image" push
must "a role" box_role
must "a definition" define_box
must "run-task" run_box
TASK=$(cat "$work/out")
first=$TASK
must "the task runs" aws ecs wait tasks-running --cluster shop --tasks "$TASK"

# --- dying while a task runs ---
kill -9 "$(engine)"
must "status says that the engine died" soon status_says 'cannot run here: .*engine'
check "describe-tasks still answers" aws ecs describe-tasks --cluster shop --tasks "$TASK"
check "down --stop-tasks says at once that it cannot" says 'cannot be stopped now: .*engine' \
  timeout 20 ./holdfast down --stop-tasks --data-dir "$data"
must "the engine starts again" start_dockerd
must "the agent finds it again" soon status_says 'tasks +can run here'
# Without live-restore an engine ends the containers that it finds running.
check "the task that it ended is stopped" soon fact_is lastStatus STOPPED
must "another task" run_box
TASK=$(cat "$work/out")
check "and it runs" aws ecs wait tasks-running --cluster shop --tasks "$TASK"
TASK=$first
check "the first one's end has a reason" says 'Essential|Exit|Error' fact '[stopCode,stoppedReason]'
check "down --stop-tasks" timeout 90 ./holdfast down --stop-tasks --data-dir "$data"
check "nothing stays" test -z "$(nothing_stays)"
echo "end of engine"
