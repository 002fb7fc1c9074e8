#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 25: own machines survive a cut.
. "${0%/*}/lib.sh"
need_tasks

# An installation of its own, since the one that you use is not to be stopped for this.
HOLDFAST_DATA=$TOUR_WORK/cut/data
TOUR_WORK=$TOUR_WORK/cut
mkdir -p "$TOUR_WORK"
. "${0%/*}/shop.sh"
. "${0%/*}/machine.sh"
title "25 Own machines survive a cut"

over() {
  leave_machine
  quietly "$HOLDFAST" down --stop-tasks --data-dir "$HOLDFAST_DATA"
  # By name: the same image may be another platform's too.
  docker image ls --digests --format '{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}' 2>/dev/null |
    tr ' ' '\n' | grep "^$REGISTRY/" | grep -v '<none>' |
    while read -r image; do quietly docker image rm "$image"; done
  machine_gone
}
trap over EXIT

# With another machine the platform listens where that one reaches it, in the profile that allows it.
if have_machine; then
  bound=$NEAR:0
else
  bound=
fi

# up PORT
up() {
  set -- --port "$1" --data-dir "$HOLDFAST_DATA"
  if [ -n "$bound" ]; then
    set -- --profile standard --root-key "$TOUR_WORK/platform.key" --bind "$bound" "$@"
  else
    set -- --profile "$TOUR_PROFILE" "$@"
  fi
  show ./holdfast up --detach "$@" >"$TOUR_WORK/up"
  lines=$("$HOLDFAST" env --data-dir "$HOLDFAST_DATA") || broken "the operator was to get a session"
  eval "$lines"
  REGISTRY=${AWS_ENDPOINT_URL#*://}
  ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
}
up 0

SERVICE=shop-web
part "do: a task, and a service of one"
have_image
have_exec_role
have_cluster
cat >"$TOUR_WORK/shop-web.json" <<END
{"family":"shop-web","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/$EXEC_ROLE",
 "containerDefinitions":[{"name":"web","image":"$REGISTRY/shop/web:1","essential":true,"cpu":64,"memory":64,
  "portMappings":[{"containerPort":80}]}]}
END
register "$TOUR_WORK/shop-web.json"
run_task shop-web prod
ALONE=$TASK
show aws ecs create-service --cluster "$CLUSTER" --service-name "$SERVICE" --task-definition shop-web \
  --desired-count 1 --tags key=environment,value=prod --query service.status --output text
# service_task: the one that runs.
service_task() {
  aws ecs list-tasks --cluster "$CLUSTER" --service-name "$SERVICE" --query 'taskArns[0]' --output text
}
# is TASK STATUS [CLUSTER]
is() {
  [ "$(aws ecs describe-tasks --cluster "${3:-$CLUSTER}" --tasks "$1" --query 'tasks[0].lastStatus' --output text)" = "$2" ]
}
served() {
  is "$(service_task)" RUNNING
}
await_running "$CLUSTER" "$ALONE"
until_ok 60 served || broken "the service's task was to run"
VICTIM=$(service_task)
# container TASK
container() {
  docker ps --quiet --filter "label=com.amazonaws.ecs.task-arn=$1"
}
BEFORE=$(container "$ALONE")
[ -n "$BEFORE" ] || not_run "this user does not see the containers"
# containers: how many of this platform's run; others on this machine may have the same image.
containers() {
  docker ps --format '{{.Label "com.amazonaws.ecs.task-arn"}}' | grep -c ":$ACCOUNT:"
}
WEB=http://127.0.0.1:$(web_port "$ALONE")/

EDGE=
if [ -n "$bound" ]; then
  part "do: another machine joins, and has a task with a restart policy"
  bound=$("$HOLDFAST" status --data-dir "$HOLDFAST_DATA" | sed -n 's/^tls *//p') # the same port from now on
  EDGE=shop-edge
  show aws ecs create-cluster --cluster-name "$EDGE" --query cluster.clusterArn --output text
  typed ./holdfast host invite --name harbour --cluster "$EDGE" --attribute rack=pier
  invitation=$("$HOLDFAST" host invite --name harbour --cluster "$EDGE" --attribute rack=pier \
    --data-dir "$HOLDFAST_DATA" | tail -n 1)
  keeps_joined "$bound" "$(printf '%s\n' "$invitation" | awk '{ print $NF }')" \
    "$(printf '%s\n' "$invitation" | awk '{ print $3 }')"
  joined() {
    "$HOLDFAST" host list --data-dir "$HOLDFAST_DATA" | grep -q 'harbour.* connected'
  }
  until_ok 40 joined || {
    cat "$OTHER/host.log"
    broken "the machine was to join"
  }
  sed -e 's|"family":"shop-web"|"family":"shop-edge"|' \
    -e 's|"essential":true|"essential":true,"restartPolicy":{"enabled":true,"restartAttemptPeriod":60}|' \
    "$TOUR_WORK/shop-web.json" >"$TOUR_WORK/shop-edge.json"
  register "$TOUR_WORK/shop-edge.json"
  FAR_TASK=$(show aws ecs run-task --cluster "$EDGE" --task-definition shop-edge \
    --placement-constraints 'type=memberOf,expression=attribute:rack == pier' \
    --query '[tasks[].taskArn,failures[].reason][]' --output text)
  printf '%s\n' "$FAR_TASK"
  await_running "$EDGE" "$FAR_TASK"
  FAR_BEGAN=$(date +%s)
fi
# far_container: of the task there, while it runs.
far_container() {
  away ps --quiet --filter "label=com.amazonaws.ecs.task-arn=$FAR_TASK"
}
far_start() {
  away inspect --format '{{.State.StartedAt}}' "$(far_container)"
}
a_minute_old() {
  [ "$(($(date +%s) - FAR_BEGAN))" -gt 62 ]
}
began_again() {
  now=$(far_start) && [ -n "$now" ] && [ "$now" != "$FAR_START" ]
}

part "do: the platform dies, and with it its agent"
show kill -9 "$(cat "$HOLDFAST_DATA/server.pid")"
note "Nobody answers any more, and the task goes on:"
AWS_MAX_ATTEMPTS=1
export AWS_MAX_ATTEMPTS
refused 'onnect' aws ecs list-tasks --cluster "$CLUSTER"
unset AWS_MAX_ATTEMPTS
show curl --silent --show-error "$WEB" >"$TOUR_WORK/page"
note "Meanwhile a container of the service ends:"
show docker kill "$(container "$VICTIM")" >"$TOUR_WORK/killed"

if [ -n "$EDGE" ]; then
  part "see: on the other machine, whose agent lives on, what exits is started again by its policy"
  note "A policy starts again what has run for its period, here a minute."
  until_ok 70 a_minute_old
  FAR_START=$(far_start)
  show docker --host "unix://$ENGINE" kill "$(far_container)" >"$TOUR_WORK/killed"
  until_ok 40 began_again || broken "the container was to be started again, without the platform"
  show docker --host "unix://$ENGINE" ps --format '{{.Names}} {{.Status}}'
fi

part "see: it comes back, finds its containers, and tells what happened"
up "${AWS_ENDPOINT_URL##*:}"
until_ok 60 is "$VICTIM" STOPPED || broken "the container's end was to be told"
show aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$VICTIM" \
  --query 'tasks[0].[lastStatus,stopCode,containers[0].exitCode]' --output text
replaced() {
  [ "$(service_task)" != "$VICTIM" ] && served
}
until_ok 60 replaced || broken "the service's task was to be replaced"
note "The service has another task; the first one is in the container that it was in:"
show aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$ALONE" "$(service_task)" \
  --query 'tasks[].[lastStatus,taskArn]' --output text
[ "$(container "$ALONE")" = "$BEFORE" ] || broken "the container was to be the same"
[ "$(containers)" -eq 2 ] || broken "nothing was to be started twice"

if [ -n "$EDGE" ]; then
  until_ok 60 joined || broken "the other machine was to be back"
  holdfast host list
  is "$FAR_TASK" RUNNING "$EDGE" || broken "the task there was to be the same"
  [ "$(far_container | wc -l)" -eq 1 ] || broken "nothing was to be started twice there"
fi

part "do: it is stopped in order, its tasks kept, and started again"
holdfast down --keep-tasks
show curl --silent --show-error "$WEB" >"$TOUR_WORK/page"
up "${AWS_ENDPOINT_URL##*:}"
back() {
  is "$ALONE" RUNNING && served && [ "$(containers)" -eq 2 ]
}
until_ok 60 back || broken "both tasks were to run on"
[ "$(container "$ALONE")" = "$BEFORE" ] || broken "the container was to be the same"
note "Two tasks run, in the containers of before."
[ -n "$EDGE" ] || printf 'not run: what exits on another machine meanwhile: %s\n' "$why"
