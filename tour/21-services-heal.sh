#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 21: services are tightly controlled, and heal themselves.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "21 A service is tightly controlled, and heals itself"
need_tasks
have_image
have_secret prod
have_exec_role
have_cluster

SERVICE=shop-web
gone() {
  quietly aws ecs delete-service --cluster "$CLUSTER" --service "$SERVICE" --force
  until_ok 40 ended || true
}
ended() {
  [ "$(status_of status)" != ACTIVE ] && [ "$(status_of status)" != DRAINING ]
}
# status_of MEMBER...: of the service.
status_of() {
  aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query "services[0].$1" --output text
}
running() {
  [ "$(status_of runningCount)" = "$1" ]
}
# completed: one deployment, all of it there and healthy. Only such a one can be gone back to.
completed() {
  [ "$(status_of 'deployments[].rolloutState')" = COMPLETED ]
}
trap 'be_operator; gone' EXIT
gone

part "do: a service of two tasks, in the environment that its tag says"
register "$(definition shop-web "$REGISTRY/shop/web:1" '/shop/*/db-password')"
show aws ecs create-service --cluster "$CLUSTER" --service-name "$SERVICE" --task-definition shop-web \
  --desired-count 2 --tags key=environment,value=prod \
  --deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}' \
  --query 'service.[serviceArn,status]' --output text
typed aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE"
aws ecs wait services-stable --cluster "$CLUSTER" --services "$SERVICE" || {
  status_of 'events[*].message'
  broken "the service was to become stable"
}
note "The waiter asks for running tasks; the deployment is completed when they are healthy, too."
until_ok 60 completed || {
  status_of 'events[*].message'
  broken "the deployment was to be completed"
}
show aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \
  --query 'services[0].[desiredCount,runningCount,deployments[0].rolloutState]' --output text

part "see: a container is killed behind the platform's back, and replaced within seconds"
victim=$(aws ecs list-tasks --cluster "$CLUSTER" --service-name "$SERVICE" --query 'taskArns[0]' --output text)
container=$(docker ps --quiet --filter "label=com.amazonaws.ecs.task-arn=$victim" | head -n 1)
[ -n "$container" ] || not_run "this user does not see the containers"
show docker kill "$container" >/dev/null
started=$(date +%s)
replaced() {
  now=$(aws ecs list-tasks --cluster "$CLUSTER" --service-name "$SERVICE" --query 'taskArns[]' --output text)
  case $now in *"$victim"*) return 1 ;; esac
  running 2
}
until_ok 40 replaced || {
  status_of 'events[*].message'
  broken "the task was to be replaced"
}
note "Two run again after $(($(date +%s) - started)) seconds; the service says what it did:"
show aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \
  --query 'services[0].events[:3].[message]' --output text
holdfast status | sed -n '/^service/p'

part "be refused: what would let a container out of its walls, whatever the profile"
sed 's|"essential":true|"essential":true,"privileged":true|' "$TOUR_WORK/shop-web.json" >"$TOUR_WORK/unsafe.json"
note 'with "privileged":true'
refused 'InvalidParameter.*privileged' \
  aws ecs register-task-definition --cli-input-json "file://$TOUR_WORK/unsafe.json"
# ungranted TEXT SED: a definition that AWS would take; no host here is given what it asks for.
ungranted() {
  note "with $1"
  sed -e 's|"family":"shop-web"|"family":"shop-unsafe"|' -e "$2" "$TOUR_WORK/shop-web.json" >"$TOUR_WORK/unsafe.json"
  show aws ecs register-task-definition --cli-input-json "file://$TOUR_WORK/unsafe.json" \
    --query taskDefinition.taskDefinitionArn --output text
  said=$(show aws ecs run-task --cluster "$CLUSTER" --task-definition shop-unsafe \
    --tags key=environment,value=prod --query 'failures[].[reason,detail]' --output text)
  printf '%s\n' "$said"
  case $said in
    ATTRIBUTE*) ;;
    *) broken "no host was to take this task" ;;
  esac
}
ungranted 'an added capability' \
  's|"essential":true|"essential":true,"linuxParameters":{"capabilities":{"add":["SYS_ADMIN"]}}|'
ungranted "a folder of the host" \
  's|"essential":true|"essential":true,"mountPoints":[{"sourceVolume":"goods","containerPath":"/srv","readOnly":true}]|
   s|"executionRoleArn"|"volumes":[{"name":"goods","host":{"sourcePath":"/srv"}}],"executionRoleArn"|'
ungranted "the host's own network" 's|"executionRoleArn"|"networkMode":"host","executionRoleArn"|'
ungranted "the host's own processes" 's|"executionRoleArn"|"pidMode":"host","executionRoleArn"|'

part "see: a revision that cannot start goes back by itself"
sed 's|"essential":true|"essential":true,"command":["/bin/nothing"]|' "$TOUR_WORK/shop-web.json" >"$TOUR_WORK/unsafe.json"
register "$TOUR_WORK/unsafe.json"
good=$(status_of taskDefinition)
show aws ecs update-service --cluster "$CLUSTER" --service "$SERVICE" --task-definition shop-web \
  --query service.taskDefinition --output text
went_back() {
  [ "$(status_of taskDefinition)" = "$good" ] && running 2
}
until_ok 60 went_back || {
  status_of 'events[*].message'
  broken "the service was to go back to its last good revision"
}
show aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \
  --query 'services[0].events[:8].[message]' --output text

part "mend: leave it out, or grant it on a host of yours; and end the service when it is not needed any more"
refused 'scaled above 0' aws ecs delete-service --cluster "$CLUSTER" --service "$SERVICE"
show aws ecs delete-service --cluster "$CLUSTER" --service "$SERVICE" --force \
  --query service.status --output text
