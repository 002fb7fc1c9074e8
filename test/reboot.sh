#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A reboot, as nearly as it can be played without one: an engine and the platform in a network namespace of
# their own, the platform started by the lines of the unit that `./holdfast install-service` writes. Then all of
# it is killed at once, containers too; what a reboot takes (the namespace, the engine's run folder) is taken;
# and all is started again in the unit's order.
#   test/reboot.sh [AWS]     AWS is the program to use as `aws` (default: the one in PATH)
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
for tool in ip nsenter dockerd docker busybox; do
  command -v "$tool" >/dev/null || {
    echo "not run: reboot: needs $tool"
    exit 0
  }
done
if [ "$(id -u)" != 0 ] || ! ip netns add "probe$$" 2>/dev/null; then
  echo "not run: reboot: needs root and network namespaces"
  exit 0
fi
ip netns delete "probe$$"

work=$(mktemp -d)
data=$work/data
script=reboot
. "$repo/test/lib.sh"
real_aws=${1:-$(command -v aws)}
real_docker=$(command -v docker)
quiet_clients "$real_aws"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
port=4566 # the namespace is ours alone
host=127.0.0.1:$port
NET=reboot$$
DOCKER_HOST=unix://$work/run/docker.sock
export DOCKER_HOST

# Clients talk to what is in the namespace.
rm "$work/select/aws"
for client in aws docker; do
  program=$real_aws
  [ "$client" = aws ] || program=$real_docker
  printf '#!/bin/sh\nexec nsenter --net=/var/run/netns/%s %s "$@"\n' "$NET" "$program" >"$work/select/$client"
  chmod 755 "$work/select/$client"
done

there() {
  nsenter --net="/var/run/netns/$NET" "$@"
}

# ours: the processes of all that is played: engine, platform, agent, and the shims with their containers.
ours() {
  {
    cat "$work/run/docker.pid" "$data/server.pid" "$work/engine-pid" "$work/unit-pid"
    ip netns pids "$NET"
    for shim in $(pgrep -f -- "-namespace $NET "); do
      echo "$shim"
      pgrep -P "$shim"
    done
  } 2>/dev/null | sort -u
}

# power_off: all at once, and what a reboot does not keep.
power_off() {
  # shellcheck disable=SC2046 # a word each
  kill -9 $(ours) 2>/dev/null
  wait
  left=0
  soon none_left || left=1
  grep -o "$work/[^ ]*" /proc/mounts | sort -r | xargs -r umount 2>/dev/null
  ip netns delete "$NET"
  rm -rf "$work/run" "$work/engine-pid" "$work/unit-pid"
  return "$left"
}

none_left() {
  for one in $(ours); do
    ! kill -9 "$one" 2>/dev/null || return 1
  done
}

over() {
  there timeout 60 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  power_off >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT
trap 'exit 1' INT TERM HUP

# power_on: the machine's network and engine, as before the unit starts.
power_on() {
  mkdir -m 700 "$work/run" && ip netns add "$NET" && there ip link set lo up && start_engine
}

start_engine() {
  launch_engine
  soon engine_up
}

launch_engine() {
  rm -f "$work/run/docker.pid"
  there dockerd --host "$DOCKER_HOST" --data-root "$work/engine" --exec-root "$work/run/exec" --bridge none \
    --pidfile "$work/run/docker.pid" --containerd-namespace "$NET" --containerd-plugins-namespace "$NET-plugins" \
    >>"$work/engine.log" 2>&1 &
  echo $! >"$work/engine-pid"
}

# One that was killed may end again while it takes over what it left: then it is started once more.
engine_up() {
  docker version && return
  kill -0 "$(cat "$work/engine-pid")" 2>/dev/null || launch_engine
  tail -n 3 "$work/engine.log"
  return 1
}

# start_unit: what systemd would run, with the variables of the unit and no others.
start_unit() {
  variables=$(sed -n 's/^Environment=//p' "$work/unit" | tr '\n' ' ')
  command=$(sed -n 's/^ExecStart=//p' "$work/unit")
  (umask 0077 && eval "there env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin $variables $command" \
    >>"$work/unit.log" 2>&1) &
  echo $! >"$work/unit-pid"
}

env_again() {
  there ./holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || return 1
  eval "$(cat "$work/env")"
  aws sts get-caller-identity
}

query() {
  aws "$@" --output text
}

push() {
  web_folder "$work/web" reboot
  aws ecr create-repository --repository-name shop/web &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker build --quiet --tag "$host/shop/web:1" "$work/web" && docker push --quiet "$host/shop/web:1"
}

service_is() {
  same "$(query ecs describe-services --cluster shop --services box \
    --query 'services[0].[runningCount,pendingCount,deployments[0].rolloutState]' | tr '\t' ' ')" "$1"
}

fact() {
  query ecs describe-tasks --cluster shop --tasks "$1" --query "tasks[0].$2"
}

fact_is() {
  same "$(fact "$1" "$2")" "$3"
}

of_service() {
  query ecs list-tasks --cluster shop --service-name box --query 'sort(taskArns)'
}

get() {
  same "$(query ssm get-parameter --name /shop/db --with-decryption --query Parameter.Value)" value
}

# Those that run are those that the API says run, once each.
containers_agree() {
  [ -n "$(of_service)" ] && same "$(docker ps --filter label=com.amazonaws.ecs.task-arn --format '{{.Label "com.amazonaws.ecs.task-arn"}}' | sort)" \
    "$(query ecs list-tasks --cluster shop --query 'sort(taskArns)' | tr '\t' '\n')"
}

unit() {
  ./holdfast install-service --print --name "$NET" --data-dir "$data" --port "$port" \
    --engine "$work/run/docker.sock" >"$work/unit" && grep -q '^ExecStart=' "$work/unit"
}

# --- before ---
must "a unit" unit
if ! power_on >"$work/err" 2>&1; then
  echo "not run: reboot: a second container engine does not start here: $(tail -n 1 "$work/engine.log")"
  exit 0
fi
start_unit
must "the unit's lines start the platform" soon env_again
env_again >/dev/null # in this shell
ACCOUNT=$(query sts get-caller-identity --query Account)
must "a parameter" aws ssm put-parameter --name /shop/db --type SecureString --value value
must "a cluster" aws ecs create-cluster --cluster-name shop
must "an image" push
must "a role" box_role
must "a definition" define_box
must "a service of two" aws ecs create-service --cluster shop --service-name box --task-definition box --desired-count 2
must "it is steady" soon service_is '2 0 COMPLETED'
before=$(of_service)
alone=$(query ecs run-task --cluster shop --task-definition box --query 'tasks[0].taskArn')
must "a task of its own runs" soon fact_is "$alone" lastStatus RUNNING
check "the containers are what the API says" containers_agree

# --- the reboot ---
must "everything is killed at once" power_off
must "the engine is started again" power_on
started=$(date +%s)
start_unit
must "the unit's lines start the platform again" soon get
took=$(($(date +%s) - started))
check "with the session of before (after $took s)" get
check "the service is back at its count" soon service_is '2 0 COMPLETED'
after=$(of_service)
check "with other tasks" test -n "$after" -a -n "$before" -a "$after" != "$before"
for old in $before $alone; do
  check "a task of before is stopped" soon fact_is "$old" lastStatus STOPPED
  check "with a reason: $(fact "$old" stoppedReason)" test -n "$(fact "$old" stoppedReason | grep -v None)"
done
check "the containers are what the API says again" soon containers_agree
check "a task runs" aws ecs run-task --cluster shop --task-definition box
check "changes are taken" aws ssm put-parameter --name /shop/after --type String --value x
check "the audit is whole" there ./holdfast audit verify --data-dir "$data"
check "down --stop-tasks" there timeout 100 ./holdfast down --stop-tasks --data-dir "$data"
check "fsck finds nothing" ./holdfast fsck --data-dir "$data"
echo "end of reboot"
