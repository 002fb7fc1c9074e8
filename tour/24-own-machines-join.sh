#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 24: own machines join.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "24 Machines of your own join"

# The other machine is a network namespace with a container engine of its own. The platform of this
# tour is one of its own too: it listens where the other machine reaches it.
[ "$(id -u)" = 0 ] || not_run "a machine beside this one is made as root"
for tool in ip nsenter dockerd docker busybox; do
  command -v "$tool" >/dev/null || not_run "a machine beside this one needs $tool"
done
TOUR_WORK=$TOUR_WORK/own-machines # another platform's secrets than those of the rest of the tour
mkdir -p "$TOUR_WORK"
SPACE=tour$$
NEAR=198.18.$(($$ % 250)).1
FAR=198.18.$(($$ % 250)).2
PLATFORM=$TOUR_WORK/platform
OTHER=$TOUR_WORK/other
ENGINE=$OTHER/docker.sock
mkdir -p "$OTHER/engine"

# What was made goes, whatever happens.
apart() {
  be_operator
  [ ! -f "$OTHER/pid" ] || quietly kill "$(cat "$OTHER/pid")"
  quietly "$HOLDFAST" down --stop-tasks --data-dir "$PLATFORM"
  quietly docker image rm "$REGISTRY/shop/web:1"
  [ ! -S "$ENGINE" ] || for left in $(docker --host "unix://$ENGINE" ps --quiet --all 2>/dev/null); do
    quietly docker --host "unix://$ENGINE" rm --force "$left"
  done
  [ ! -f "$OTHER/docker.pid" ] || {
    engine=$(cat "$OTHER/docker.pid")
    quietly kill "$engine"
    until_ok 10 ended "$engine" || true
  }
  quietly ip netns delete "$SPACE"
  quietly ip link delete "$SPACE-a"
}
ended() {
  ! kill -0 "$1"
}
there() {
  nsenter --net="/var/run/netns/$SPACE" "$@"
}
trap apart EXIT

ip netns add "$SPACE" 2>/dev/null || not_run "this machine makes no network namespace"
{
  ip link add "$SPACE-a" type veth peer name "$SPACE-b" &&
    ip link set "$SPACE-b" netns "$SPACE" &&
    ip addr add "$NEAR/30" dev "$SPACE-a" && ip link set "$SPACE-a" up &&
    there ip link set lo up && there ip addr add "$FAR/30" dev "$SPACE-b" && there ip link set "$SPACE-b" up
} 2>/dev/null || not_run "this machine makes no network between namespaces"
there dockerd --data-root "$OTHER/engine/data" --exec-root "$OTHER/engine/exec" --pidfile "$OTHER/docker.pid" \
  --host "unix://$ENGINE" --containerd-namespace "$SPACE" --containerd-plugins-namespace "$SPACE-plugins" --bip 198.19.0.1/24 >"$OTHER/dockerd.log" 2>&1 &
until_ok 30 docker --host "unix://$ENGINE" version || not_run "no second container engine starts here"

part "do: a platform that other machines reach: over TLS, by an authority of its own"
show ./holdfast up --detach --data-dir "$PLATFORM" --profile standard --root-key "$TOUR_WORK/platform.key" \
  --port 0 --bind "$NEAR:0" --engine "$TOUR_WORK/no-engine" | sed -n '/url\|tls\|authority/p'
lines=$("$HOLDFAST" env --data-dir "$PLATFORM") || broken "the operator was to get a session"
eval "$lines"
HOLDFAST_DATA=$PLATFORM
REGISTRY=${AWS_ENDPOINT_URL#*://}
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
"$HOLDFAST" ca --data-dir "$PLATFORM" >"$TOUR_WORK/ca.pem"
tls=$("$HOLDFAST" status --data-dir "$PLATFORM" | sed -n 's/^tls *//p')
note "The client trusts the certificate of ./holdfast ca:"
show env AWS_CA_BUNDLE="$TOUR_WORK/ca.pem" AWS_ENDPOINT_URL="https://$tls" \
  aws sts get-caller-identity --endpoint-url "https://$tls" --query Account --output text

part "do: invite a machine; one command, with a code that is good once, for an hour and this name"
invitation=$("$HOLDFAST" host invite --name harbour --data-dir "$PLATFORM" | tail -n 1)
typed ./holdfast host invite --name harbour
printf '%s\n' "$invitation" | sed 's/[0-9a-f]\{40\} |/... |/'
code=$(printf '%s\n' "$invitation" | awk '{ print $3 }')
print=$(printf '%s\n' "$invitation" | awk '{ print $NF }')
join() {
  printf '%s\n' "$code" | there "$HOLDFAST" host join "$tls" --ca-sha256 "$1" --data-dir "$2" --engine "$ENGINE"
}

part "be refused: a platform that is not the one that invited; nothing was sent to it"
refused 'another fingerprint' join "$(printf 'ab%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)" "$OTHER/nowhere"

part "do: the command, on the other machine"
note "$ ... | ./holdfast host join $tls --ca-sha256 $print"
printf '%s\n' "$code" >"$OTHER/code"
there "$HOLDFAST" host join "$tls" --ca-sha256 "$print" --data-dir "$OTHER/host" --engine "$ENGINE" \
  <"$OTHER/code" >"$OTHER/host.log" 2>&1 &
echo $! >"$OTHER/pid"
joined() {
  "$HOLDFAST" host list --data-dir "$PLATFORM" | grep -q 'harbour.* connected'
}
until_ok 40 joined || {
  cat "$OTHER/host.log"
  broken "the machine was to join"
}
holdfast host list

part "be refused: the same code again"
refused 'join code is not good' join "$print" "$OTHER/again"

part "see: tasks run there; the image is the platform's, pulled through TLS with the task's own rights"
have_image
have_secret prod
have_exec_role
have_cluster
register "$(definition shop-web "$REGISTRY/shop/web:1" '/shop/*/db-password')"
run_task shop-web prod
await_running "$CLUSTER" "$TASK"
show aws ecs describe-container-instances --cluster "$CLUSTER" \
  --container-instances "$(aws ecs list-container-instances --cluster "$CLUSTER" --query 'containerInstanceArns[0]' --output text)" \
  --query 'containerInstances[].[ec2InstanceId,agentConnected,runningTasksCount]' --output text
port=$(web_port "$TASK")
expected=$(sha256sum <"$TOUR_WORK/password-prod" | cut -d ' ' -f 1)
show curl -sS --max-time 5 "http://$FAR:$port/" | grep -q "$expected" || broken "the task was to know its secret"

part "see: no new tasks on a machine that is drained"
holdfast host drain harbour
refused_task=$(show aws ecs run-task --cluster "$CLUSTER" --task-definition shop-web --tags key=environment,value=prod \
  --query 'failures[].reason' --output text)
printf '%s\n' "$refused_task"
[ -n "$refused_task" ] || broken "no task was to be placed"

part "mend: a machine that is not yours any more is removed; its certificate is void at once"
holdfast host remove harbour
gone() {
  ended "$(cat "$OTHER/pid")"
}
until_ok 40 gone || broken "the machine was to hear that it was removed"
tail -n 1 "$OTHER/host.log"
show aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$TASK" --query 'tasks[].[lastStatus,stoppedReason]' --output text
note "Who joined, who was refused and who removed it is in the audit:"
show aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventSource,AttributeValue=holdfast.internal \
  --query 'Events[].[EventName,Username]' --output text
