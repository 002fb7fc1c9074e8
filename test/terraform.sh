#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Terraform with its AWS provider, both unmodified: test/terraform/shop is made, changed in place, taken out of the
# state and imported again, and removed; after each of these a plan finds nothing to do. What must fail
# (test/terraform/broken, test/terraform/denied) fails with the reason in sight. Nothing is fetched: the provider
# comes from a folder of this machine.
#   test/terraform.sh AWS       AWS is the program to use as `aws`
# Each check prints `ok NAME` or `FAILED NAME`.
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=terraform
. "$repo/test/lib.sh"

not_run() {
  echo "not run: terraform: $*"
  rm -rf "$work"
  exit 0
}

# The folder of a mirror that has the provider, where there is one: the one that is named, those that Terraform
# looks into by itself, or one under /opt.
mirror() {
  for folder in "${HOLDFAST_TERRAFORM_PLUGINS:-}" "$HOME/.terraform.d/plugins" \
    /usr/local/share/terraform/plugins /usr/share/terraform/plugins /opt/*; do
    [ -n "$folder" ] || continue
    for provider in "$folder"/*/hashicorp/aws/*/*/terraform-provider-aws* \
      "$folder"/*/hashicorp/aws/terraform-provider-aws*; do
      if [ -e "$provider" ]; then
        printf '%s\n' "$folder"
        return
      fi
    done
  done
  return 1
}

command -v terraform >/dev/null 2>&1 || not_run "there is no terraform here"
plugins=$(mirror) ||
  not_run "there is no folder with Terraform's AWS provider here; HOLDFAST_TERRAFORM_PLUGINS names one"

quiet_clients "$1"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
cat >"$work/terraform.rc" <<END
disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path = "$plugins"
  }
}
END
unset TF_LOG TF_DATA_DIR TF_PLUGIN_CACHE_DIR TF_CLI_ARGS TF_WORKSPACE
TF_CLI_CONFIG_FILE=$work/terraform.rc TF_IN_AUTOMATION=1 TF_INPUT=0
export TF_CLI_CONFIG_FILE TF_IN_AUTOMATION TF_INPUT

image=holdfast-terraform:$$
host=
over() {
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker image rm "$image" "$host/tf/web:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

query() {
  aws "$@" --output text
}

# in_folder FOLDER WORD...: terraform with these words, in a folder of $work.
in_folder() {
  folder=$1
  shift
  (cd "$work/$folder" && terraform "$@" -no-color)
}

# A copy of a configuration, with what init found for the first of them.
prepare() {
  cp -R "$repo/test/terraform/$1" "$work/$1" &&
    cp -R "$work/shop/.terraform" "$work/shop/.terraform.lock.hcl" "$work/$1"
}

apply() {
  in_folder "${1:-shop}" apply -auto-approve -parallelism=20
}

# Exit code 0 is a plan with nothing to do.
nothing_to_do() {
  in_folder shop plan -detailed-exitcode -parallelism=20
}

# What the last apply made anew: `a b ...`, the addresses in order.
made_anew() {
  sed -n 's/^  # \(.*\) must be replaced$/\1/p' "$work/applied" | sort | tr '\n' ' '
}

# The services' images and secrets run: what the configuration says they show.
outputs() {
  in_folder shop output -json seen
}

# --- the platform, and an image to push ---
must "up --detach" ./holdfast up --detach --data-dir "$data" --port "$(free_port)"
lines=$(./holdfast env --data-dir "$data" 2>"$work/err") || exit 1
eval "$lines"
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) ;;
  *)
    echo "not run: terraform: tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')"
    exit 0
    ;;
esac
host=${AWS_ENDPOINT_URL#*://}
ACCOUNT=$(query sts get-caller-identity --query Account)
TF_VAR_password=$(head -c 18 /dev/urandom | base64 | tr -d '\n/+=')
TF_VAR_image=$image TF_VAR_registry=$host TF_VAR_stage=1
export TF_VAR_password TF_VAR_image TF_VAR_registry TF_VAR_stage
web_folder "$work/web" "terraform $$"
must "docker build" docker build --quiet --tag "$image" "$work/web"
must "docker login" sh -c \
  "aws ecr get-login-password | docker login --username AWS --password-stdin $host"

# --- made ---
cp -R "$repo/test/terraform/shop" "$work/shop"
must "init finds the provider here" in_folder shop init
must "apply makes everything" apply
check "nothing is to do after it" nothing_to_do
check "the data sources see it" outputs
cat >"$work/expected" <<END
account = $ACCOUNT
alias = True
cluster = ACTIVE
definition = True
desired = 1
environment = 1
groups = ['/tf/web']
image = ['1']
key = True
machine = True
mode = careful
parameters = ['/tf/hosts', '/tf/mode', '/tf/password']
repository = True
role = True
secret = True
user_name = shop
END
seen() {
  in_folder shop output -json seen | python3 -c '
import json, sys
for name, value in sorted(json.load(sys.stdin).items()):
    print(name, "=", value)' >"$work/seen"
  grep -vxFf "$work/seen" "$work/expected" && return 1
  return 0
}
check "and what it is" seen

# --- changed in place ---
TF_VAR_stage=2
must "apply changes it" apply
cp "$work/out" "$work/applied"
check "in place, but for what the provider always makes anew" same "$(made_anew)" \
  "aws_ecr_lifecycle_policy.web aws_ecs_service.spread aws_ecs_task_definition.web aws_iam_group_policy.people aws_iam_group_policy_attachment.people aws_secretsmanager_secret_version.database "
check "nothing is to do after the change" nothing_to_do
check "what was taken out of a service is gone" same "$(query ecs describe-services --cluster tf-shop \
  --services boxes --query 'services[0].[length(placementConstraints),length(placementStrategy)]' | tr '\t' ' ')" "0 0"
check "the service runs the change" soon says '^2.COMPLETED$' query ecs describe-services --cluster tf-shop \
  --services web --query 'services[0].[runningCount,deployments[0].rolloutState]'

# --- taken out of the state, and imported ---
cp "$repo/test/terraform/imports/imports.tf" "$work/shop/imports.tf"
# shellcheck disable=SC2046 # addresses are words
forget() {
  in_folder shop state rm $(sed -n 's/^  to *= //p' "$work/shop/imports.tf")
}
must "state rm" forget
count=$(grep -c '^import' "$work/shop/imports.tf")
# The two are a service and a definition that the provider completes with settings of its own.
check "everything is imported as it is" says "^Apply complete! Resources: $count imported, 0 added, 2 changed, 0 destroyed" apply
rm "$work/shop/imports.tf"
check "nothing is to do after the import" nothing_to_do

# --- what must fail ---
prepare broken
EXECUTION=$(query iam get-role --role-name tf-execution --query Role.Arn)
TF_VAR_execution_role=$EXECUTION
export TF_VAR_execution_role
check "what must fail fails" refused . apply broken
flat() {
  sed 's/^[^A-Za-z0-9]*//' "$work/said" | tr '\n' ' '
}
flat >"$work/flat"
check "an image that is not there is refused, with the reason" \
  grep -q 'the image .*/tf/nobody-pushed:1 does not exist in the registry: push it' "$work/flat"
check "a program that is not in the image ends the wait" \
  grep -q 'waiting for ECS Service .* create: timeout while waiting' "$work/flat"
check "and the service says why" soon says 'tasks failed to start' query ecs describe-services --cluster tf-broken \
  --services ending --query 'services[0].deployments[0].rolloutStateReason'
check "a privileged container is refused by name" \
  grep -q 'containerDefinitions\[\].privileged' "$work/flat"
check "the controller CODE_DEPLOY is refused by name" grep -q 'CODE_DEPLOY' "$work/flat"
check "scanning is refused by name" grep -q 'scanning of images is not served yet' "$work/flat"
check "destroy removes what was made of it" in_folder broken destroy -auto-approve

# --- without permission ---
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}\n' \
  "$ACCOUNT" >"$work/trust.json"
aws iam create-role --role-name tf-guest --assume-role-policy-document "file://$work/trust.json" >"$work/out" 2>&1
prepare denied
denied() {
  (
    keys=$(query sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/tf-guest" --role-session-name terraform \
      --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]') || exit 0
    # shellcheck disable=SC2086 # three words
    set -- $keys
    AWS_ACCESS_KEY_ID=$1 AWS_SECRET_ACCESS_KEY=$2 AWS_SESSION_TOKEN=$3
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    apply denied
  )
}
check "without permission it says what is missing, in AWS's words" refused \
  'AccessDeniedException: User: arn:aws:sts::.*:assumed-role/tf-guest/terraform is not authorized to perform: ecs:CreateCluster' \
  denied
aws iam delete-role --role-name tf-guest >/dev/null 2>&1

# --- removed ---
must "destroy" in_folder shop destroy -auto-approve -parallelism=20
check "the state is empty" same "$(in_folder shop show -json | grep -c '"resources"')" 0
left() {
  query ecs list-clusters --query 'clusterArns[]'
  query ecs list-task-definitions --query 'taskDefinitionArns[]'
  query ecs describe-capacity-providers --query "capacityProviders[?!starts_with(name,'FARGATE')].name"
  query iam list-roles --query "Roles[?starts_with(RoleName,'tf-')].RoleName"
  query iam list-users --query 'Users[].UserName'
  query iam list-groups --query 'Groups[].GroupName'
  query iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName'
  query iam list-open-id-connect-providers --query 'OpenIDConnectProviderList[].Arn'
  query iam list-virtual-mfa-devices --query 'VirtualMFADevices[].SerialNumber'
  query iam list-roles --path-prefix /aws-service-role/ --query 'Roles[].RoleName'
  query iam list-account-aliases --query 'AccountAliases[]'
  query iam get-account-password-policy --query PasswordPolicy.MinimumPasswordLength 2>/dev/null || :
  query iam list-policies --scope Local --query 'Policies[].PolicyName'
  query ecr describe-repositories --query 'repositories[].repositoryName'
  query ssm describe-parameters --query 'Parameters[].Name'
  query secretsmanager list-secrets --query 'SecretList[].Name'
  query logs describe-log-groups --query 'logGroups[].logGroupName'
  query kms list-aliases --query "Aliases[?starts_with(AliasName,'alias/tf')].AliasName"
}
check "nothing is left" same "$(left | tr -d '\n')" ""
check "the key waits for its deletion" same "$(query kms describe-key \
  --key-id "$(query kms list-keys --query 'Keys[0].KeyId')" --query KeyMetadata.KeyState)" PendingDeletion
