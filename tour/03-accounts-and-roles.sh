#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 03: roles and groups, separate accounts.
. "${0%/*}/lib.sh"
title "03 Roles and groups, separate accounts"
trap 'be_operator; drop_crew' EXIT

drop_crew() {
  quietly aws iam remove-user-from-group --group-name readers --user-name reader
  for key in $(aws iam list-access-keys --user-name reader \
    --query 'AccessKeyMetadata[].AccessKeyId' --output text 2>/dev/null); do
    quietly aws iam delete-access-key --user-name reader --access-key-id "$key"
  done
  quietly aws iam delete-user --user-name reader
  quietly aws iam delete-group-policy --group-name readers --policy-name read
  quietly aws iam delete-group --group-name readers
  quietly aws iam delete-role-policy --role-name auditor --policy-name look
  quietly aws iam delete-role --role-name auditor
  quietly aws ssm delete-parameter --name /harbor/plan
}
drop_crew

part "do: a group holds the permission, and a user is in it"
show aws iam create-group --group-name readers --query Group.Arn --output text
cat >"$TOUR_WORK/read.json" <<END
{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Action":"ssm:GetParameter","Resource":"arn:aws:ssm:*:$ACCOUNT:parameter/harbor/*"}]}
END
show aws iam put-group-policy --group-name readers --policy-name read \
  --policy-document "file://$TOUR_WORK/read.json"
show aws iam create-user --user-name reader --query User.Arn --output text
show aws iam add-user-to-group --group-name readers --user-name reader
show aws ssm put-parameter --name /harbor/plan --value north --type String --query Version --output text
typed aws iam create-access-key --user-name reader
keys=$(aws iam create-access-key --user-name reader \
  --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
# shellcheck disable=SC2086 # two words
be reader $keys
show aws ssm get-parameter --name /harbor/plan --query Parameter.Value --output text

part "do: an account of its own, with an administrator of its own"
be_operator
typed ./holdfast account create
made=$("$HOLDFAST" account create --json ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"}) ||
  broken "the account was to be made"
other=$(printf '%s' "$made" | sed -n 's/.*"AccountId": *"\([0-9]*\)".*/\1/p')
other_keys=$(printf '%s' "$made" | sed -n \
  's/.*"AccessKeyId": *"\([^"]*\)".*"SecretAccessKey": *"\([^"]*\)".*/\1 \2/p')
case "$other $other_keys" in
  ????????????" "AKIA*" "?*) ;;
  *) broken "the account was to be shown with its key" ;;
esac
note "account $other; the secret of its administrator is shown this once"

part "see: both accounts, and that the other one sees nothing of this one"
holdfast account list
# shellcheck disable=SC2086 # two words
be other $other_keys
show aws sts get-caller-identity --query Account --output text
[ -z "$(aws ssm describe-parameters --query 'Parameters[].Name' --output text | sed 's/^None$//')" ] ||
  broken "the other account was to be empty"

part "be refused: its administrator may do everything there, and names an ARN of this account"
refused 'AccessDenied' aws ssm get-parameter \
  --name "arn:aws:ssm:$AWS_REGION:$ACCOUNT:parameter/harbor/plan"
refused 'AccessDenied' aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/auditor" \
  --role-session-name tour

part "mend: a role of this account trusts the other one, and allows one thing"
be_operator
cat >"$TOUR_WORK/trust.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::$other:root"},
 "Action":"sts:AssumeRole"}]}
END
cat >"$TOUR_WORK/look.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter",
 "Resource":"arn:aws:ssm:*:$ACCOUNT:parameter/harbor/plan"}]}
END
show aws iam create-role --role-name auditor --query Role.Arn --output text \
  --assume-role-policy-document "file://$TOUR_WORK/trust.json"
show aws iam put-role-policy --role-name auditor --policy-name look \
  --policy-document "file://$TOUR_WORK/look.json"
# shellcheck disable=SC2086
be other $other_keys
typed aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/auditor" --role-session-name tour
session=$(aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/auditor" --role-session-name tour \
  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text) ||
  broken "the role was to be assumed"
# shellcheck disable=SC2086 # three words
be auditor $session
show aws ssm get-parameter --name /harbor/plan --query Parameter.Value --output text
refused 'AccessDenied' aws ssm put-parameter --name /harbor/plan --value south --type String --overwrite
