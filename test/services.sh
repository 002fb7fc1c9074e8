#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Services, what runs beside them and what they read, as a pipeline uses them: one installation, the real `aws`
# and the real container engine.
#   test/services.sh AWS [AWS2]   AWS is the program to use as `aws`; AWS2 is of release 2, for `logs tail`
# Each check prints `ok NAME` or `FAILED NAME`.
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
. "$repo/test/lib.sh"
quiet_clients "$1"
version=$(aws --version 2>&1 | cut -d ' ' -f 1)
script="services ($version)"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1

follower=
tail=
host=
over() {
  for started in $follower $tail; do
    kill "$started" 2>/dev/null
  done
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker image rm "$host/shop/web:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

query() {
  aws "$@" --output text
}

must "up --detach" ./holdfast up --detach --data-dir "$data" --port "$(free_port)"
lines=$(./holdfast env --data-dir "$data" 2>"$work/err") || exit 1
eval "$lines"
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) ;;
  *)
    echo "not run: services ($version): tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')"
    exit 0
    ;;
esac
host=${AWS_ENDPOINT_URL#*://}
ACCOUNT=$(query sts get-caller-identity --query Account)

# --- what services are made of ---
web_folder "$work/web" "services $$"
must "an image is pushed" sh -c "
  aws ecr create-repository --repository-name shop/web &&
  aws ecr get-login-password | docker login --username AWS --password-stdin $host &&
  docker build --quiet --tag $host/shop/web:1 '$work/web' && docker push --quiet $host/shop/web:1"
must "an execution role" box_role
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:*","logs:*"],"Resource":"*"}]}\n' \
  >"$work/policy.json"
must "that may write logs" aws iam put-role-policy --role-name shop-exec --policy-name least \
  --policy-document "file://$work/policy.json"
must "create-cluster with capacity providers" query ecs create-cluster --cluster-name shop \
  --capacity-providers FARGATE FARGATE_SPOT --query cluster.status
# define FAMILY CHECK MORE: a task that says something each second; whether it is healthy, CHECK says.
define() {
  cat >"$work/$1.json" <<END
{"family":"$1","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec",$3"containerDefinitions":[
 {"name":"tick","image":"$host/shop/web:1","essential":true,"stopTimeout":2,"cpu":16,"memory":32,
  "command":["sh","-c","n=0; while :; do echo tick \$n; n=\$((n+1)); sleep 1; done"],
  "healthCheck":{"command":["CMD-SHELL","$2"],"interval":5,"timeout":2,"retries":10},
  "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/shop/tick","awslogs-region":"us-east-1",
   "awslogs-stream-prefix":"ecs","awslogs-create-group":"true"}}}]}
END
  query ecs register-task-definition --cli-input-json "file://$work/$1.json" --query taskDefinition.taskDefinitionArn
}
must "a task definition" define tick "exit 0" ""
good=$out
must "one that never is healthy" define sick "exit 1" ""
must "one for FARGATE" define far "exit 0" \
  '"networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",'

# of SERVICE QUERY: of a service.
of() {
  query ecs describe-services --cluster shop --services "$1" --query "services[0].$2"
}
# completed SERVICE COUNT: one deployment, completed, with so many tasks.
completed() {
  [ "$(of "$1" '[length(deployments),deployments[0].rolloutState,runningCount]' | tr '\t' ' ')" = "1 COMPLETED $2" ]
}

# --- they come, and are found ---
must "create-service" query ecs create-service --cluster shop --service-name web --task-definition tick \
  --desired-count 2 --placement-constraints type=memberOf,expression='attribute:ecs.os-type == linux' \
  --placement-strategy type=binpack,field=memory --query service.status
must "a DAEMON" query ecs create-service --cluster shop --service-name everywhere --task-definition tick \
  --scheduling-strategy DAEMON --launch-type EC2 --query service.schedulingStrategy
net='awsvpcConfiguration={subnets=[subnet-1],securityGroups=[sg-1]}'
must "a service on FARGATE, in a network of its own" query ecs create-service --cluster shop --service-name far \
  --task-definition far --desired-count 1 --launch-type FARGATE --network-configuration "$net" \
  --query service.platformVersion
check "it shows the platform" same "$out" LATEST
must "a service of a capacity provider" query ecs create-service --cluster shop --service-name spot \
  --task-definition far --desired-count 1 --network-configuration "$net" \
  --capacity-provider-strategy capacityProvider=FARGATE_SPOT,weight=1 --query service.platformFamily
check "a DAEMON on FARGATE" refused "does not support the FARGATE launch type" aws ecs create-service --cluster shop \
  --service-name no --task-definition far --scheduling-strategy DAEMON --launch-type FARGATE --network-configuration "$net"
check "placement on FARGATE" refused "Placement constraints are not supported with FARGATE launch type" \
  aws ecs update-service --cluster shop --service far --placement-constraints type=distinctInstance
check "strategies of a DAEMON" refused "daemon scheduling strategy does not support placement strategies" \
  aws ecs update-service --cluster shop --service everywhere --placement-strategy type=random
check "a task that poses as a service's" refused "Invalid namespace for group" \
  aws ecs run-task --cluster shop --task-definition tick --group service:web
check "list-services" same "$(query ecs list-services --cluster shop --query 'length(serviceArns)')" 4
check "list-services by launch type" same \
  "$(query ecs list-services --cluster shop --launch-type FARGATE --query 'length(serviceArns)')" 2
check "list-services-by-namespace" refused NamespaceNotFoundException aws ecs list-services-by-namespace --namespace shop
for service in "web 2" "everywhere 1" "far 1" "spot 1"; do
  # shellcheck disable=SC2086 # two words
  check "${service% *} is completed" soon completed $service
done
check "wait services-stable" aws ecs wait services-stable --cluster shop --services web everywhere far spot
TASKS=$(query ecs list-tasks --cluster shop --service-name web --query 'taskArns[]')
# shellcheck disable=SC2086 # several words
check "wait tasks-running" aws ecs wait tasks-running --cluster shop --tasks $TASKS
check "tasks of FARGATE_SPOT say so" same "$(query ecs describe-tasks --cluster shop --tasks \
  "$(query ecs list-tasks --cluster shop --service-name spot --query 'taskArns[0]')" \
  --query 'tasks[0].[launchType,capacityProviderName,platformVersion]' | tr '\t' ' ')" "FARGATE FARGATE_SPOT 1.4.0"
instance=$(query ecs list-container-instances --cluster shop --query 'containerInstanceArns[0]')
check "put-attributes" query ecs put-attributes --cluster shop --attributes "name=rack,value=r1,targetId=$instance"
check "list-attributes" same "$(query ecs list-attributes --cluster shop --target-type container-instance \
  --attribute-name rack --query 'attributes[].value')" r1

# --- what they say, over a rollout ---
./holdfast logs web -f --cluster shop --data-dir "$data" >"$work/followed" 2>"$work/followed-err" &
follower=$!
case $("${2:-$1}" --version 2>&1) in
  aws-cli/2*)
    "${2:-$1}" logs tail /shop/tick --follow --since 1h --format short --endpoint-url "$AWS_ENDPOINT_URL" \
      >"$work/tailed" 2>&1 &
    tail=$!
    ;;
  *) echo "not run: $script: aws logs tail: only the AWS CLI of release 2 has it" ;;
esac
# said TASK...: the follower has lines of each.
said() {
  for task in "$@"; do
    grep -q "^$(printf %.8s "${task##*/}")/tick | tick " "$work/followed" || return 1
  done
}
# shellcheck disable=SC2086
check "holdfast logs SERVICE -f shows each task" soon said $TASKS
check "update-service --force-new-deployment" query ecs update-service --cluster shop --service web \
  --force-new-deployment --query 'service.deployments[0].rolloutState'
check "the rollout is completed" soon completed web 2
NEW=$(query ecs list-tasks --cluster shop --service-name web --query 'taskArns[]')
# shellcheck disable=SC2086
check "wait tasks-stopped of those before" aws ecs wait tasks-stopped --cluster shop --tasks $TASKS
# shellcheck disable=SC2086
check "the follower goes on with the new tasks" soon said $NEW
check "and is there still" kill -0 "$follower"
check "it has said nothing beside" same "$(cat "$work/followed-err")" ""
if [ -n "$tail" ]; then
  check "aws logs tail --follow" soon grep -q "tick 1" "$work/tailed"
  kill "$tail"
  tail=
fi

# --- deployments and revisions ---
deployment() {
  query ecs list-service-deployments --cluster shop --service web --query "serviceDeployments[0].$1"
}
knows_deployments() {
  aws ecs list-service-deployments --generate-cli-skeleton >/dev/null 2>&1
}
if knows_deployments; then
  check "list-service-deployments" same "$(deployment status)" SUCCESSFUL
  check "describe-service-deployments" same "$(query ecs describe-service-deployments \
    --service-deployment-arns "$(deployment serviceDeploymentArn)" \
    --query 'serviceDeployments[0].targetServiceRevision.requestedTaskCount')" 2
  check "describe-service-revisions" same "$(query ecs describe-service-revisions \
    --service-revision-arns "$(deployment targetServiceRevisionArn)" \
    --query 'serviceRevisions[0].taskDefinition')" "$good"
else
  echo "not run: $script: deployments of services: this aws does not know them"
fi
check "an update that gives an empty list" query ecs update-service --cluster shop --service web \
  --placement-constraints '[]' --placement-strategy '[]' --query service.status
check "removes what was there" same \
  "$(of web '[length(placementConstraints),length(placementStrategy)]' | tr '\t' ' ')" "0 0"
check "and is rolled out" soon completed web 2
check "an update to what never is healthy" query ecs update-service --cluster shop --service web \
  --task-definition sick --query service.status
if knows_deployments; then
  check "is stopped" query ecs stop-service-deployment --service-deployment-arn "$(deployment serviceDeploymentArn)" \
    --stop-type ROLLBACK
else
  aws ecs update-service --cluster shop --service web --task-definition "$good" >/dev/null
fi
went_back() {
  [ "$(of web taskDefinition)" = "$good" ] && completed web 2
}
check "and goes back" soon went_back

# --- protection, and commands ---
TASK=$(query ecs list-tasks --cluster shop --service-name web --query 'taskArns[0]')
check "update-task-protection" query ecs update-task-protection --cluster shop --tasks "$TASK" \
  --protection-enabled --expires-in-minutes 5 --query 'protectedTasks[0].protectionEnabled'
check "get-task-protection" same "$(query ecs get-task-protection --cluster shop --tasks "$TASK" \
  --query 'protectedTasks[0].protectionEnabled')" True
check "a service scales in around it" query ecs update-service --cluster shop --service web --desired-count 1 \
  --query service.desiredCount
check "to one task" soon completed web 1
check "which is that one" same \
  "$(query ecs list-tasks --cluster shop --service-name web --query 'taskArns[]')" "$TASK"
# The client hands its answer to a plugin; this one shows it.
# shellcheck disable=SC2016 # the plugin's own words
printf '#!/bin/sh\nprintf "%%s\\n" "$1" >>"%s/session"\n' "$work" >"$work/select/session-manager-plugin"
chmod 755 "$work/select/session-manager-plugin"
check "a task without exec" refused "execute command was not enabled" aws ecs execute-command --cluster shop \
  --task "$TASK" --interactive --command sh
must "a task with it" query ecs run-task --cluster shop --task-definition tick --enable-execute-command \
  --query 'tasks[0].taskArn'
TASK=$out
check "is running" aws ecs wait tasks-running --cluster shop --tasks "$TASK"
check "execute-command answers with a session" sh -c "
  aws ecs execute-command --cluster shop --task '$TASK' --interactive --command sh &&
  grep -q '\"streamUrl\": *\"ws.*data-channel' '$work/session'"

# --- secrets ---
must "create-secret" query secretsmanager create-secret --name shop/db --secret-string one --query ARN
SECRET=$out
check "update-secret" query secretsmanager update-secret --secret-id shop/db --secret-string two --description d \
  --query VersionId
check "list-secret-version-ids" same \
  "$(query secretsmanager list-secret-version-ids --secret-id shop/db --query 'Versions[].VersionStages[]' |
    tr '\t' '\n' | sort | tr '\n' ' ')" "AWSCURRENT AWSPREVIOUS "
check "tag-resource" aws secretsmanager tag-resource --secret-id shop/db --tags Key=team,Value=blue
check "describe-secret" same \
  "$(query secretsmanager describe-secret --secret-id shop/db --query '[Description,Tags[0].Value]' | tr '\t' ' ')" "d blue"
check "untag-resource" aws secretsmanager untag-resource --secret-id shop/db --tag-keys team
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:role/shop-exec"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}]}' \
  "$ACCOUNT" >"$work/secret-policy.json"
check "put-resource-policy" query secretsmanager put-resource-policy --secret-id shop/db \
  --resource-policy "file://$work/secret-policy.json"
check "get-resource-policy" says shop-exec aws secretsmanager get-resource-policy --secret-id shop/db
check "delete-resource-policy" query secretsmanager delete-resource-policy --secret-id shop/db
check "delete-secret" query secretsmanager delete-secret --secret-id shop/db --recovery-window-in-days 7
check "is not read any more" refused "marked for deletion" aws secretsmanager get-secret-value --secret-id shop/db
check "restore-secret" query secretsmanager restore-secret --secret-id "$SECRET"
check "and it is back" same "$(query secretsmanager get-secret-value --secret-id shop/db --query SecretString)" two

# --- they go ---
for service in web everywhere far spot; do
  check "delete-service $service" query ecs delete-service --cluster shop --service "$service" --force \
    --query service.status
done
gone() {
  ! kill -0 "$follower" 2>/dev/null
}
check "wait services-inactive" aws ecs wait services-inactive --cluster shop --services web everywhere far spot
check "the follower ends with its service" soon gone
echo "end of services"
