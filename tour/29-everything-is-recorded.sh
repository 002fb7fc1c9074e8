#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 29: everything is recorded.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "29 Everything is recorded"

part "do: one call that is allowed and one that is not served"
show aws ecs list-clusters --query 'clusterArns[]' --output text
refused 'DescribeTaskSets|UnknownOperation' aws ecs describe-task-sets --cluster "$CLUSTER" --service web

part "see: who did what, and whether it was allowed, in CloudTrail's own format"
until_ok 10 sh -c "aws cloudtrail lookup-events --max-results 1 --lookup-attributes \
  AttributeKey=EventName,AttributeValue=ListClusters --output text | grep -q ListClusters" ||
  broken "the call was to be found"
show aws cloudtrail lookup-events --max-results 3 \
  --lookup-attributes AttributeKey=EventName,AttributeValue=ListClusters \
  --query 'Events[].[EventTime,EventName,Username,EventId]' --output text
show aws cloudtrail lookup-events --max-results 5 \
  --lookup-attributes AttributeKey=EventName,AttributeValue=RunTask \
  --query 'Events[].[EventTime,EventName,Username,EventId]' --output text

part "see: the records form a chain; an edit or a deletion breaks it, even with the right key"
holdfast audit verify

part "mend: nothing to mend while the chain is whole; keep its head elsewhere to notice a cut end"
