#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 19: a changed secret reaches the service safely.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "19 A changed secret reaches the service safely"
need_tasks
have_image
have_secret prod
have_exec_role
have_cluster

SERVICE=shop-fresh
status_of() {
  aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" --query "services[0].$1" --output text
}
ended() {
  [ "$(status_of status)" != ACTIVE ] && [ "$(status_of status)" != DRAINING ]
}
gone() {
  quietly aws ecs delete-service --cluster "$CLUSTER" --service "$SERVICE" --force
  until_ok 40 ended || true
}
trap 'be_operator; gone' EXIT
gone

# completed: one deployment, all of it there.
completed() {
  [ "$(status_of 'deployments[].rolloutState')" = COMPLETED ]
}
a_task() {
  aws ecs list-tasks --cluster "$CLUSTER" --service-name "$SERVICE" --query 'taskArns[0]' --output text
}
# shows PASSWORD: the service's task shows its hash.
shows() {
  got=$(curl -fsS "http://127.0.0.1:$(web_port "$(a_task)")/") || return 1
  [ "$got" = "$(printf '%s' "$1" | sha256sum | cut -d ' ' -f 1)" ]
}

part "do: a service that asks to be rolled when a secret of its changes"
register "$(definition shop-fresh "$REGISTRY/shop/web:1" '/shop/*/db-password')"
show aws ecs create-service --cluster "$CLUSTER" --service-name "$SERVICE" --task-definition shop-fresh \
  --desired-count 1 --tags key=environment,value=prod key=holdfast:secrets,value=roll \
  --deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}' \
  --query 'service.[serviceName,status]' --output text
until_ok 60 completed || broken "the service was to run"
old=$(a_task)
until_ok 20 shows "$(cat "$TOUR_WORK/password-prod")" || broken "the task was to have the password"

part "do: change the secret, twice in a row"
for turn in first second; do
  PASSWORD="$turn-$(head -c 12 /dev/urandom | base64)"
  show_as "aws ssm put-parameter --name /shop/prod/db-password --overwrite --value \"\$PASSWORD\"" \
    aws ssm put-parameter --name /shop/prod/db-password --type SecureString --overwrite \
    --value "$PASSWORD" --query Version --output text
done
printf '%s' "$PASSWORD" >"$TOUR_WORK/password-prod"

part "see: one deployment for both, the new task before the old one goes"
rolled() {
  now=$(a_task)
  [ "$now" != "$old" ] && completed && shows "$PASSWORD"
}
until_ok 60 rolled || {
  status_of 'events[*].message'
  broken "the service was to be rolled"
}
show aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \
  --query 'reverse(services[0].events[].[message])' --output text
rolls=$(status_of 'events[].message' | grep -o 'is rolled' | wc -l)
[ "$rolls" -eq 1 ] || broken "one deployment was to do for both changes, and there were $rolls"
holdfast task explain "$(a_task)" | sed -n '/^secrets/,/^guardrails/p' | sed '$d'

part "be refused: nothing; a version that keeps the service from coming up is rolled back"
note "The circuit breaker goes back to the last good deployment, which keeps the versions it had."
note "Services without the tag take a new version with their next deployment, as on AWS:"
note "aws ecs update-service --force-new-deployment"
