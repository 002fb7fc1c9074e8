#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 02: only what was explicitly allowed.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "02 Only what was explicitly allowed"
have_secret dev

drop_newcomer() {
  for key in $(aws iam list-access-keys --user-name newcomer \
    --query 'AccessKeyMetadata[].AccessKeyId' --output text 2>/dev/null); do
    quietly aws iam delete-access-key --user-name newcomer --access-key-id "$key"
  done
  quietly aws iam delete-user-policy --user-name newcomer --policy-name read-one
  quietly aws iam delete-user --user-name newcomer
}
trap 'be_operator; drop_newcomer' EXIT
drop_newcomer

part "do: a new user asks for a parameter"
show aws iam create-user --user-name newcomer --query User.Arn --output text
typed aws iam create-access-key --user-name newcomer
keys=$(aws iam create-access-key --user-name newcomer \
  --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
# shellcheck disable=SC2086 # two words
be newcomer $keys
show aws sts get-caller-identity --query Arn --output text

part "be refused: nobody allowed it, so it is denied"
refused 'AccessDenied' aws ssm get-parameter --name /shop/dev/db-password --with-decryption
id=$(printf '%s\n' "$said" | sed -n 's/.*[Aa]uthorization [Ii][Dd][^A-Za-z0-9]*\([A-Za-z0-9_-]*\).*/\1/p' | head -n 1)
[ -n "$id" ] || broken "the refusal was to end with an authorization id"

part "see: which policy layer, which statement, which values, and the smallest way out"
be_operator
holdfast explain "$id"

part "mend: allow exactly that"
cat >"$TOUR_WORK/read-one.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter",
 "Resource":"arn:aws:ssm:$AWS_REGION:$ACCOUNT:parameter/shop/dev/db-password"}]}
END
show aws iam put-user-policy --user-name newcomer --policy-name read-one \
  --policy-document "file://$TOUR_WORK/read-one.json"
# shellcheck disable=SC2086
be newcomer $keys
show aws ssm get-parameter --name /shop/dev/db-password --with-decryption \
  --query Parameter.Name --output text
