#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 31: it can be restored.
. "${0%/*}/lib.sh"
title "31 It can be restored"

VAULT=$TOUR_WORK/vault
SAFE=$TOUR_WORK/safe
ELSEWHERE=$TOUR_WORK/elsewhere
mkdir -p "$SAFE"

# What ran there is stopped, whatever happens.
elsewhere() {
  quietly "$HOLDFAST" down --keep-tasks --data-dir "$ELSEWHERE"
}
trap elsewhere EXIT

# The installation that the next commands mean.
HERE=$HOLDFAST_DATA
on() {
  HOLDFAST_DATA=$1
}

part "do: a user with two access keys, and a backup; it asks for the root key's export first"
aws iam get-user --user-name shop-sailor >/dev/null 2>&1 || show aws iam create-user --user-name shop-sailor \
  --query User.Arn --output text
for old in $(aws iam list-access-keys --user-name shop-sailor --query 'AccessKeyMetadata[].AccessKeyId' \
  --output text); do
  quietly aws iam delete-access-key --user-name shop-sailor --access-key-id "$old"
done
new_key() {
  aws iam create-access-key --user-name shop-sailor --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text
}
kept=$(new_key)
leaked=$(new_key)
note "two keys: ${kept%%	*}, which stays good, and ${leaked%%	*}, which will leak"
holdfast key export "$SAFE/root.key"
holdfast backup "$VAULT"

part "do: afterwards the one key is revoked; the backup cannot know"
show aws iam delete-access-key --user-name shop-sailor --access-key-id "${leaked%%	*}"

part "be refused: another root key, and a directory with something in it"
umask 077
head -c 32 /dev/urandom >"$SAFE/wrong.key"
refused 'does not open the backup' ./holdfast restore "$VAULT" --data-dir "$ELSEWHERE" --root-key "$SAFE/wrong.key"
refused 'is not empty' ./holdfast restore "$VAULT" --data-dir "$SAFE" --root-key "$SAFE/root.key"

part "do: the backup comes back on an empty machine"
show ./holdfast restore "$VAULT" --data-dir "$ELSEWHERE" --root-key "$SAFE/root.key"
on "$ELSEWHERE"
holdfast fsck
show ./holdfast up --detach --port 0 --engine "$TOUR_WORK/no-engine" --data-dir "$ELSEWHERE"
lines=$("$HOLDFAST" env --data-dir "$ELSEWHERE") || broken "the operator was to get a session"
new_url=$(printf '%s\n' "$lines" | sed -n "s/^export AWS_ENDPOINT_URL=//p" | tr -d "'\"")

part "be refused: keys wait for one confirmation, and every session of before is void"
old_url=$AWS_ENDPOINT_URL
AWS_ENDPOINT_URL=$new_url
refused 'InvalidClientTokenId' aws sts get-caller-identity
# shellcheck disable=SC2086 # two words
be sailor $leaked
refused 'has not confirmed this access key' aws sts get-caller-identity
# shellcheck disable=SC2086 # two words
be sailor $kept
refused 'has not confirmed this access key' aws sts get-caller-identity

part "see: what waits"
TOUR_PROMPT='$'
holdfast keys list

part "mend: whoever knows confirms the key that is good; the revoked one stays revoked"
holdfast keys confirm "${kept%%	*}"
# shellcheck disable=SC2086 # two words
be sailor $kept
show aws sts get-caller-identity --query Arn --output text
# shellcheck disable=SC2086 # two words
be sailor $leaked
refused 'has not confirmed this access key' aws sts get-caller-identity

AWS_ENDPOINT_URL=$old_url
on "$HERE"
be_operator
quietly aws iam delete-access-key --user-name shop-sailor --access-key-id "${kept%%	*}"
quietly aws iam delete-user --user-name shop-sailor
