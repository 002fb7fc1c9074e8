#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 04: classified data.
. "${0%/*}/lib.sh"
title "04 Classified data"

drop_people() {
  for user in bookkeeper newcomer-ssm; do
    for key in $(aws iam list-access-keys --user-name "$user" \
      --query 'AccessKeyMetadata[].AccessKeyId' --output text 2>/dev/null); do
      quietly aws iam delete-access-key --user-name "$user" --access-key-id "$key"
    done
    quietly aws iam delete-user-policy --user-name "$user" --policy-name rights
    quietly aws iam delete-user --user-name "$user"
  done
  quietly aws iam delete-role-policy --role-name finance --policy-name rights
  quietly aws iam delete-role --role-name finance
  quietly aws ssm delete-parameter --name /finance/salaries
}
trap 'be_operator; drop_people' EXIT
drop_people

# hire NAME POLICY: a user with a key and one inline policy.
hire() {
  quietly aws iam create-user --user-name "$1"
  printf '%s\n' "$2" >"$TOUR_WORK/$1.json"
  show aws iam put-user-policy --user-name "$1" --policy-name rights \
    --policy-document "file://$TOUR_WORK/$1.json"
  hired=$(aws iam create-access-key --user-name "$1" \
    --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
}

everything_of_ssm='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}'

part "do: classify a parameter; make a role that is cleared for it"
show aws ssm put-parameter --name /finance/salaries --type String --value "4711" \
  --tags Key=classification,Value=confidential --query Version --output text
cat >"$TOUR_WORK/finance-trust.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::$ACCOUNT:root"},
 "Action":"sts:AssumeRole"}]}
END
show aws iam create-role --role-name finance \
  --assume-role-policy-document "file://$TOUR_WORK/finance-trust.json" \
  --tags Key=classification,Value=confidential --query Role.Arn --output text
printf '%s\n' "$everything_of_ssm" >"$TOUR_WORK/finance.json"
show aws iam put-role-policy --role-name finance --policy-name rights \
  --policy-document "file://$TOUR_WORK/finance.json"
hire bookkeeper '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::'"$ACCOUNT"':role/finance"}]}'
bookkeeper=$hired

part "see: the finance role reads it"
# shellcheck disable=SC2086 # two words
be bookkeeper $bookkeeper
typed aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/finance" --role-session-name books
session=$(aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/finance" \
  --role-session-name books --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' \
  --output text) || broken "the role was to be assumed"
# shellcheck disable=SC2086 # three words
be finance $session
show aws ssm get-parameter --name /finance/salaries --query Parameter.Value --output text

part "be refused: a new employee with ssm:* on everything, and without the tag"
be_operator
hire newcomer-ssm "$everything_of_ssm"
# shellcheck disable=SC2086
be newcomer $hired
if guarded 'classified' aws ssm get-parameter --name /finance/salaries \
  --query Parameter.Value --output text; then
  id=$(printf '%s\n' "$said" | sed -n 's/.*authorization id: \([0-9a-f-]*\).*/\1/p' | head -n 1)
  [ -n "$id" ] || broken "the refusal was to end with an authorization id"
  refused 'classified' aws ssm remove-tags-from-resource --resource-type Parameter \
    --resource-id /finance/salaries --tag-keys classification
  be_operator
  holdfast explain "$id"
fi

part "mend: somebody else clears the new employee, by the tag that the data has"
be_operator
show aws iam tag-user --user-name newcomer-ssm --tags Key=classification,Value=confidential
# shellcheck disable=SC2086
be newcomer $hired
show aws ssm get-parameter --name /finance/salaries --query Parameter.Value --output text
