#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 17: one configuration per environment, chosen by tag at start.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "17 One definition, and the environment's own secret, chosen by tag at start"
need_tasks

part "do: an image, a secret for each environment, a role that reads them, a role that deploys"
have_image
have_secret dev
have_secret prod
have_exec_role
have_deployer
have_cluster
stop_tasks "$CLUSTER" shop-web

part "do: one definition; the secret is named by a pattern"
register "$(definition shop-web "$REGISTRY/shop/web:1" '/shop/*/db-password')"

part "do: the deployer starts it twice"
assume "$DEPLOYER"
run_task shop-web dev
dev_task=$TASK
run_task shop-web prod
prod_task=$TASK
for task in "$dev_task" "$prod_task"; do
  await_running "$CLUSTER" "$task"
done

part "see: each shows the hash of its own environment's password"
# check_hash TASK ENVIRONMENT
check_hash() {
  port=$(web_port "$1")
  until_ok 30 curl -fsS "http://127.0.0.1:$port/" || broken "the web server was to answer"
  got=$(show curl -sS "http://127.0.0.1:$port/")
  stored=$(sha256sum <"$TOUR_WORK/password-$2" | cut -d ' ' -f 1)
  printf '%s  the secret of the task tagged %s\n' "$got" "$2"
  printf '%s  what was stored for %s\n' "$stored" "$2"
  [ "$got" = "$stored" ] || broken "the two were to be the same"
}
check_hash "$dev_task" dev
check_hash "$prod_task" prod
be_operator
holdfast task explain "$prod_task"

part "be refused: a tag that the caller may not set"
assume "$DEPLOYER"
refused 'AccessDenied' aws ecs run-task --cluster "$CLUSTER" --task-definition shop-web \
  --tags key=environment,value=staging
be_operator

part "be refused: an environment that has no such secret; the text lists what was found"
refused 'InvalidParameter' aws ecs run-task --cluster "$CLUSTER" --task-definition shop-web \
  --tags key=environment,value=staging

part "mend: store one for it (--tags Key=environment,Value=staging), or choose dev or prod"
note "Both tasks run on: aws ecs list-tasks --cluster $CLUSTER"
