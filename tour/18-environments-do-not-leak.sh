#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 18: environments do not leak.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "18 Environments do not leak"
need_tasks
have_image
have_secret dev
have_secret prod
have_exec_role
have_cluster
trap 'be_operator; stop_tasks "$CLUSTER" shop-leak' EXIT

part "do: a second definition names the prod parameter outright; its role's policy allows it"
register "$(definition shop-leak "$REGISTRY/shop/web:1" /shop/prod/db-password)"

part "be refused: run as dev it gets nothing"
typed aws ecs run-task --cluster "$CLUSTER" --task-definition shop-leak --tags key=environment,value=dev
if said=$(aws ecs run-task --cluster "$CLUSTER" --task-definition shop-leak \
  --tags key=environment,value=dev --query 'tasks[0].taskArn' --output text 2>&1); then
  TASK=$said
  printf '%s\n' "$TASK"
  if [ "$TOUR_PROFILE" = dev ]; then
    await_running "$CLUSTER" "$TASK"
    note "Profile dev only teaches this guardrail: the task runs, and the verdict stands on the task."
    note "In profile standard it does not start."
    holdfast task explain "$TASK"
  else
    typed aws ecs wait tasks-stopped --cluster "$CLUSTER" --tasks "$TASK"
    aws ecs wait tasks-stopped --cluster "$CLUSTER" --tasks "$TASK" || broken "the task was to stop"
    show aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$TASK" \
      --query 'tasks[0].[stopCode,stoppedReason]' --output text | tee "$TOUR_WORK/reason"
    grep -q 'TaskFailedToStart.*environment' "$TOUR_WORK/reason" ||
      broken "the task was to be refused its secret"
  fi
else
  printf '%s\n' "$said"
  [ "$TOUR_PROFILE" != dev ] || broken "profile dev was to teach, not to refuse"
  printf '%s\n' "$said" | grep -q environment || broken "the refusal was to name the environment"
fi

part "mend: name the secret by pattern, and let the tag choose"
register "$(definition shop-leak "$REGISTRY/shop/web:1" '/shop/*/db-password')"
run_task shop-leak dev
await_running "$CLUSTER" "$TASK"
