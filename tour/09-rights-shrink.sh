#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 09: rights shrink to what is used.
. "${0%/*}/lib.sh"
title "09 Rights shrink to what is used"

drop_clerk() {
  for policy in $(aws iam list-role-policies --role-name tour-clerk --query 'PolicyNames[]' \
    --output text 2>/dev/null); do
    quietly aws iam delete-role-policy --role-name tour-clerk --policy-name "$policy"
  done
  quietly aws iam delete-role --role-name tour-clerk
  quietly aws ssm delete-parameter --name /tour/price
}
trap 'be_operator; drop_clerk' EXIT
drop_clerk

part "do: a role that may far more than its work needs"
cat >"$TOUR_WORK/trust.json" <<END
{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"$ACCOUNT"},
 "Action":"sts:AssumeRole"}}
END
cat >"$TOUR_WORK/wide.json" <<END
{"Version":"2012-10-17","Statement":[
 {"Sid":"Parameters","Effect":"Allow","Action":"ssm:*","Resource":"*"},
 {"Sid":"People","Effect":"Allow","Action":"iam:*","Resource":"*"}]}
END
show aws iam create-role --role-name tour-clerk \
  --assume-role-policy-document "file://$TOUR_WORK/trust.json" --query Role.Arn --output text
show aws iam put-role-policy --role-name tour-clerk --policy-name work \
  --policy-document "file://$TOUR_WORK/wide.json"
show aws ssm put-parameter --name /tour/price --type String --value 7 --output text

part "do: its work, which is one parameter"
assume tour-clerk
show aws ssm get-parameter --name /tour/price --query Parameter.Value --output text

part "see: the least policy that covers what is on record, each statement within one of today's"
be_operator
recorded() {
  "$HOLDFAST" iam shrink tour-clerk --days 1 --json ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"} |
    tr -d ' \n' | grep -q '"unresolved":\[\]'
}
until_ok 20 recorded || broken "the call was to be on record"
holdfast iam shrink tour-clerk --days 1

part "do: put it in force; the old policy is kept, and the way back is told"
holdfast iam shrink tour-clerk --days 1 --apply --keep-in "$TOUR_WORK"
show aws iam get-role-policy --role-name tour-clerk --policy-name work --query PolicyDocument.Statement

part "see: the work goes on; what was never needed is refused"
assume tour-clerk
show aws ssm get-parameter --name /tour/price --query Parameter.Value --output text
refused 'AccessDenied' aws iam list-users
