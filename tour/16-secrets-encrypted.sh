#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 16: secrets encrypted, readable by few.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "16 Secrets encrypted, readable by few"

part "do: store one password for each environment"
have_secret dev
have_secret prod

part "see: the values are nowhere in clear: not in the answer, not on disk, not in the log"
show aws ssm get-parameter --name /shop/prod/db-password --query Parameter.Value --output text |
  cut -c 1-60
data=$("$HOLDFAST" status --json ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"} | sed -n 's/.*"dataDir":"\([^"]*\)".*/\1/p')
printf "\$ grep -r \"\$PASSWORD\" %s\n" "$data"
for environment in dev prod; do
  if grep -rqaF -f "$TOUR_WORK/password-$environment" "$data"; then
    broken "a password lies in clear in $data"
  fi
done
note "(nothing)"

part "be refused: a key that does not let you decrypt"
key_policy() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":[%s],"Resource":"*"}]}\n' \
    "$ACCOUNT" "$1" >"$TOUR_WORK/key-policy.json"
}
all_but_decrypt='"kms:Encrypt","kms:GenerateDataKey*","kms:Describe*","kms:Get*","kms:List*","kms:Put*","kms:CreateAlias","kms:TagResource"'
key_policy "$all_but_decrypt"
key=$(aws kms describe-key --key-id alias/shop-sealed --query KeyMetadata.KeyId --output text 2>/dev/null) || key=
if [ -z "$key" ]; then
  key=$(show aws kms create-key --description "the shop's own key" \
    --policy "file://$TOUR_WORK/key-policy.json" --query KeyMetadata.KeyId --output text)
  show aws kms create-alias --alias-name alias/shop-sealed --target-key-id "$key"
else
  show aws kms put-key-policy --key-id "$key" --policy-name default \
    --policy "file://$TOUR_WORK/key-policy.json"
fi
show aws ssm put-parameter --name /shop/sealed --type SecureString --key-id alias/shop-sealed \
  --value "not for everybody" --overwrite --query Version --output text
refused 'AccessDenied|not authorized' aws ssm get-parameter --name /shop/sealed --with-decryption

part "mend: the key's policy is the place where its owner consents"
key_policy "$all_but_decrypt,\"kms:Decrypt\""
show aws kms put-key-policy --key-id "$key" --policy-name default \
  --policy "file://$TOUR_WORK/key-policy.json"
show aws ssm get-parameter --name /shop/sealed --with-decryption --query Parameter.Value --output text
