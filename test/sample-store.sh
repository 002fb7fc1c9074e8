#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a sample of the store's format: a data directory with some of everything, zipped, and beside it
# the root key that opens it (it is a sample: nothing in it is a secret). To be run once with the last
# version of each format, from a checkout of that version:
#   HOLDFAST=CHECKOUT/holdfast test/sample-store.sh app/src/test/resources/samples/format-N
set -eu

script=sample-store
. "$(dirname -- "$0")/sample.sh"

# IAM: users with keys, one of them inactive; a group, a role, a managed policy of two versions.
policy='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter*","Resource":"*"}]}'
trust='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
aws iam create-user --user-name ann --tags Key=environment,Value=prod >/dev/null
aws iam create-user --user-name bob >/dev/null
aws iam create-access-key --user-name ann --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text \
  >"$work/ann"
old=$(aws iam create-access-key --user-name bob --query AccessKey.AccessKeyId --output text)
aws iam update-access-key --user-name bob --access-key-id "$old" --status Inactive
aws iam put-user-policy --user-name ann --policy-name read --policy-document "$policy"
aws iam create-group --group-name readers >/dev/null
aws iam add-user-to-group --group-name readers --user-name bob
arn=$(aws iam create-policy --policy-name readers --policy-document "$policy" --query Policy.Arn --output text)
aws iam create-policy-version --policy-arn "$arn" --policy-document "$policy" --set-as-default >/dev/null
aws iam attach-group-policy --group-name readers --policy-arn "$arn"
aws iam create-role --role-name shop --assume-role-policy-document "$trust" >/dev/null
aws iam attach-role-policy --role-name shop --policy-arn "$arn"

# KMS and Parameter Store, in two versions.
key=$(aws kms create-key --description sample --query KeyMetadata.KeyId --output text)
aws kms create-alias --alias-name alias/sample --target-key-id "$key"
aws kms enable-key-rotation --key-id "$key" 2>/dev/null || true
aws ssm put-parameter --name /shop/greeting --type String --value hello >/dev/null
aws ssm put-parameter --name /shop/prod/db-password --type SecureString --value sample-password \
  --tags Key=environment,Value=prod >/dev/null
aws ssm put-parameter --name /shop/own-key --type SecureString --key-id alias/sample --value one >/dev/null
aws ssm put-parameter --name /shop/own-key --type SecureString --key-id alias/sample --value two \
  --overwrite >/dev/null

# An image, brought as a registry's client brings it.
aws ecr create-repository --repository-name shop/web >/dev/null
token=$(aws ecr get-authorization-token --query 'authorizationData[0].authorizationToken' --output text)
push_blob() {
  place=$(curl -fsS -o /dev/null -D - -X POST -H "Authorization: Basic $token" \
    "$AWS_ENDPOINT_URL/v2/shop/web/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  case $place in /*) place=$AWS_ENDPOINT_URL$place ;; esac
  case $place in *\?*) place="$place&" ;; *) place="$place?" ;; esac
  curl -fsS -o /dev/null -X PUT -H "Authorization: Basic $token" -H 'Content-Type: application/octet-stream' \
    --data-binary "@$1" "${place}digest=sha256:$(digest "$1")"
}
digest() {
  sha256sum "$1" | cut -d ' ' -f 1
}
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}' >"$work/config"
printf 'a layer of the sample\n' | gzip -n >"$work/layer"
push_blob "$work/config"
push_blob "$work/layer"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%s","size":%s}]}' \
  "$(digest "$work/config")" "$(wc -c <"$work/config")" \
  "$(digest "$work/layer")" "$(wc -c <"$work/layer")" >"$work/manifest"
curl -fsS -o /dev/null -X PUT -H "Authorization: Basic $token" \
  -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary "@$work/manifest" \
  "$AWS_ENDPOINT_URL/v2/shop/web/manifests/1"

# ECS.
aws ecs create-cluster --cluster-name shop --tags key=environment,value=prod >/dev/null
aws ecs register-task-definition --family web --container-definitions \
  "[{\"name\":\"web\",\"image\":\"${AWS_ENDPOINT_URL#*://}/shop/web:1\",\"memory\":64,\"secrets\":[]}]" >/dev/null

# What format 3 brought: a boundary, an instance profile, an alias of the account, a password policy; a secret
# of two versions; a log group with a line; a service without tasks; policies of a repository.
aws iam put-user-permissions-boundary --user-name ann --permissions-boundary "$arn"
aws iam create-instance-profile --instance-profile-name shop >/dev/null
aws iam add-role-to-instance-profile --instance-profile-name shop --role-name shop
aws iam create-account-alias --account-alias sample-account
aws iam update-account-password-policy --minimum-password-length 20
aws secretsmanager create-secret --name shop/token --secret-string one >/dev/null
aws secretsmanager put-secret-value --secret-id shop/token --secret-string two >/dev/null
aws logs create-log-group --log-group-name /shop/web
aws logs put-retention-policy --log-group-name /shop/web --retention-in-days 7
aws logs create-log-stream --log-group-name /shop/web --log-stream-name one
aws logs put-log-events --log-group-name /shop/web --log-stream-name one \
  --log-events "timestamp=$(date +%s)000,message=a line of the sample" >/dev/null
aws ecs register-task-definition --family served \
  --execution-role-arn "$(aws iam get-role --role-name shop --query Role.Arn --output text)" --container-definitions \
  "[{\"name\":\"web\",\"image\":\"${AWS_ENDPOINT_URL#*://}/shop/web:1\",\"memory\":64}]" >/dev/null
aws ecs create-service --cluster shop --service-name web --task-definition served --desired-count 0 \
  --launch-type EXTERNAL >/dev/null
aws ecr put-lifecycle-policy --repository-name shop/web --lifecycle-policy-text \
  '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}' \
  >/dev/null

# What format 5 brought: a label of a parameter's version.
aws ssm label-parameter-version --name /shop/own-key --parameter-version 1 --labels first >/dev/null

# A denial, and calls for the audit trail.
aws ssm get-parameter --name /shop/greeting >/dev/null
# shellcheck disable=SC2046 # two words
set -- "$1" $(cat "$work/ann")
AWS_SESSION_TOKEN='' AWS_ACCESS_KEY_ID=$2 AWS_SECRET_ACCESS_KEY=$3 aws iam list-users >/dev/null 2>&1 || true

"$HOLDFAST" down --keep-tasks --data-dir "$data" >/dev/null
(cd "$data" && rm -rf run logs agent bin state/native state/reserve state/LOCK state/LOG* server.pid)
mv "$data/root.key" "$out.key"
rm -f "$out.zip"
(cd "$data" && zip -q -r "$out.zip" .)
ls -l "$out.zip" "$out.key"
