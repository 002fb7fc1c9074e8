#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 11: an image cannot change under you.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "11 An image cannot change under you"
need_tasks
have_exec_role
have_cluster
have_secret dev
log_in
trap 'be_operator; stop_tasks "$CLUSTER" shop-moving' EXIT

part "do: push an image to a repository whose tags may move, and run it"
have_repository shop/moving --image-tag-mutability MUTABLE
push_web shop/moving stable "first content, $(date +%s)"
register "$(definition shop-moving "$REGISTRY/shop/moving:stable" '/shop/*/db-password')"
run_task shop-moving dev
await_running "$CLUSTER" "$TASK"
before=$(aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$TASK" \
  --query 'tasks[0].containers[0].imageDigest' --output text)

part "see: the same tag is pushed again with other content; what runs stays what it was"
push_web shop/moving stable "other content, $(date +%s)"
after=$(show aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$TASK" \
  --query 'tasks[0].containers[0].imageDigest' --output text)
printf '%s\n' "$after"
[ "$after" = "$before" ] || broken "the running task was to keep its image"

part "be refused: to run by the tag that has moved"
guarded 'sha256:.*sha256:' aws ecs run-task --cluster "$CLUSTER" --task-definition shop-moving \
  --tags key=environment,value=dev || true

part "mend: a new revision takes the new content knowingly"
register "$(definition shop-moving "$REGISTRY/shop/moving:stable" '/shop/*/db-password')"
run_task shop-moving dev
await_running "$CLUSTER" "$TASK"
