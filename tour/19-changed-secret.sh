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
# It does not come up with a password that it cannot use.
definition shop-fresh "$REGISTRY/shop/web:1" '/shop/*/db-password' >"$TOUR_WORK/file"
# shellcheck disable=SC2016 # the container's shell expands
sed -i 's#"essential":true#"essential":true,"command":["/bin/sh","-c","case $DB_PASSWORD in unusable*) exit 1 ;; esac; exec /bin/serve"]#' \
  "$TOUR_WORK/shop-fresh.json"
register "$TOUR_WORK/shop-fresh.json"
show aws ecs create-service --cluster "$CLUSTER" --service-name "$SERVICE" --task-definition shop-fresh \
  --desired-count 1 --tags key=environment,value=prod key=holdfast:secrets,value=roll \
  --deployment-configuration 'deploymentCircuitBreaker={enable=true,rollback=true}' \
  --query 'service.[serviceName,status]' --output text
until_ok 60 completed || broken "the service was to run"
old=$(a_task)
until_ok 20 shows "$(cat "$TOUR_WORK/password-prod")" || broken "the task was to have the password"

part "do: change the secret, twice in a row"
began=$(date +%s)
for turn in first second; do
  PASSWORD="$turn-$(head -c 12 /dev/urandom | base64)"
  show_as "aws ssm put-parameter --name /shop/prod/db-password --overwrite --value \"\$PASSWORD\"" \
    aws ssm put-parameter --name /shop/prod/db-password --type SecureString --overwrite \
    --value "$PASSWORD" --query Version --output text
done
apart=$(($(date +%s) - began))
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
# On a machine that took its time between the two they are no burst.
[ "$rolls" -eq 1 ] || [ "$apart" -ge 5 ] || broken "one deployment was to do for both changes, and there were $rolls"
holdfast task explain "$(a_task)" | sed -n '/^secrets/,/^guardrails/p' | sed '$d'

part "see: a version that keeps the service from coming up goes back"
good=$PASSWORD
PASSWORD="unusable-$(head -c 12 /dev/urandom | base64)"
show_as "aws ssm put-parameter --name /shop/prod/db-password --overwrite --value \"\$PASSWORD\"" \
  aws ssm put-parameter --name /shop/prod/db-password --type SecureString --overwrite \
  --value "$PASSWORD" --query Version --output text
went_back() {
  status_of 'events[].message' | grep -q 'rolling back to' && completed && shows "$good"
}
until_ok 120 went_back || {
  status_of 'events[*].message'
  broken "the service was to go back to the version that it came up with"
}
show aws ecs describe-services --cluster "$CLUSTER" --services "$SERVICE" \
  --query 'reverse(services[0].events[:8].[message])' --output text

part "mend: a version that is good"
PASSWORD="third-$(head -c 12 /dev/urandom | base64)"
show_as "aws ssm put-parameter --name /shop/prod/db-password --overwrite --value \"\$PASSWORD\"" \
  aws ssm put-parameter --name /shop/prod/db-password --type SecureString --overwrite \
  --value "$PASSWORD" --query Version --output text
printf '%s' "$PASSWORD" >"$TOUR_WORK/password-prod"
mended() {
  completed && shows "$PASSWORD"
}
until_ok 60 mended || {
  status_of 'events[*].message'
  broken "the service was to be rolled to the good version"
}
note "Services without the tag take a new version with their next deployment, as on AWS:"
note "aws ecs update-service --force-new-deployment"
