#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The first voyage as a user sails it: one installation, one `aws`, `docker` and nothing else.
#   test/acceptance.sh PROFILE AWS    PROFILE is dev or standard, AWS the program to use as `aws`
# Each check prints `ok NAME` or `FAILED NAME`. A step that later steps need ends the run where it fails.
# shellcheck disable=SC2034 # shop.sh reads some of these
set -u

profile=$1
repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
. "$repo/test/lib.sh"
quiet_clients "$2"
version=$(aws --version 2>&1 | cut -d ' ' -f 1)
script="acceptance ($profile, $version)"
data=$work/data
port=$(free_port)
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1

issuer=
over() {
  [ -z "$issuer" ] || kill "$issuer" 2>/dev/null
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

query() {
  aws "$@" --output text
}

issuer_port=$(free_port)

up() {
  ./holdfast up --detach --profile "$profile" --data-dir "$data" --port "$port" \
    --issuer "issuer.test=127.0.0.1:$issuer_port"
}

# Prints all that an installation has on this machine outside its folders.
traces() {
  pgrep -f -- "$data"
  docker ps --all --quiet --filter "label=dev.holdfast.installation=$installation"
  docker network ls --quiet --filter "label=dev.holdfast.installation=$installation"
  docker volume ls --quiet --filter "label=dev.holdfast.installation=$installation"
  nft list tables | grep "$installation"
  ip -brief link | grep "^hf$(printf %.5s "$installation")"
  grep "$data" /proc/mounts
}

# --- the platform ---
must "up --detach" up
check "the process id is a live server's" kill -0 "$(cat "$data/server.pid")"
lines=$(./holdfast env --data-dir "$data" 2>"$work/err") || exit 1
eval "$lines"
must "get-caller-identity is a role session" sh -c \
  "aws sts get-caller-identity --query Arn --output text | grep ':assumed-role/'"
ACCOUNT=$(query sts get-caller-identity --query Account)
installation=$(./holdfast status --json --data-dir "$data" | sed -n 's/.*"installation":"\([^"]*\)".*/\1/p')

# --- the image ---
host=127.0.0.1:$port
must "create-repository" query ecr create-repository --repository-name shop/web \
  --query repository.repositoryUri
check "its URI is this address" same "$out" "$host/shop/web"
must "docker login" sh -c \
  "aws ecr get-login-password | docker login --username AWS --password-stdin $host"
web_folder "$work/web" "acceptance $profile $version $port"
must "docker build" docker build --quiet --tag "$host/shop/web:1" "$work/web"
must "docker push" docker push --quiet "$host/shop/web:1"
must "describe-images" query ecr describe-images --repository-name shop/web \
  --query 'imageDetails[0].imageDigest'
digest=$out

# --- the secret, the role, the definition ---
PASSWORD=$(head -c 18 /dev/urandom | base64 | tr -d '\n')
must "put-parameter" query ssm put-parameter --name /shop/prod/db-password --type SecureString \
  --value "$PASSWORD" --tags Key=environment,Value=prod --query Version
must "create-secret" query secretsmanager create-secret --name shop/prod/api --secret-string "{\"user\":\"shop\",\"token\":\"old\"}" \
  --tags Key=environment,Value=prod --query ARN
secret=$out
must "put-secret-value" query secretsmanager put-secret-value --secret-id shop/prod/api \
  --secret-string "{\"user\":\"shop\",\"token\":\"$PASSWORD\"}" --query VersionId
secret_version=$out
check "get-secret-value" same "$(query secretsmanager get-secret-value --secret-id shop/prod/api --version-stage AWSPREVIOUS --query SecretString)" \
  '{"user":"shop","token":"old"}'
trust_tasks "$work/trust.json"
cat >"$work/policy.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"},
 {"Effect":"Allow","Action":["ssm:GetParameters","ssm:GetParameter"],
  "Resource":"arn:aws:ssm:us-east-1:$ACCOUNT:parameter/shop/*"},
 {"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"$secret"}]}
END
must "create-role" query iam create-role --role-name shop-exec \
  --assume-role-policy-document "file://$work/trust.json" --query Role.Arn
must "put-role-policy" aws iam put-role-policy --role-name shop-exec --policy-name least \
  --policy-document "file://$work/policy.json"
must "create-cluster" query ecs create-cluster --cluster-name shop --query cluster.status

# --- a machine may come by an activation, as on AWS ---
trust_tasks "$work/edge.json" && sed -i "s/ecs-tasks/ssm/" "$work/edge.json"
must "a role for machines" query iam create-role --role-name edge --assume-role-policy-document "file://$work/edge.json" --query Role.RoleName
check "an activation wants a role that trusts Systems Manager" refused "Nonexistent role or missing ssm service principal" \
  aws ssm create-activation --iam-role shop-exec
must "create-activation" query ssm create-activation --iam-role edge --registration-limit 2 --default-instance-name north \
  --query ActivationId
activation=$out
check "describe-activations" same "$(query ssm describe-activations --filters "FilterKey=ActivationIds,FilterValues=$activation" \
  --query 'ActivationList[0].[IamRole,RegistrationLimit,RegistrationsCount,Expired]' | tr '\t' ' ')" "edge 2 0 False"
check "describe-instance-information" same "$(query ssm describe-instance-information --query 'length(InstanceInformationList)')" 0
check "a machine that is not there" refused "Not existing InstanceId" \
  aws ssm deregister-managed-instance --instance-id mi-0123456789abcdef0
must "delete-activation" aws ssm delete-activation --activation-id "$activation"
check "a deleted activation" refused "InvalidActivation" aws ssm delete-activation --activation-id "$activation"

# --- events to a receiver ---
check "a receiver without TLS elsewhere" refused "loopback" ./holdfast webhook set http://192.0.2.1/ --data-dir "$data"
check "webhook set" says "secret" ./holdfast webhook set "http://127.0.0.1:9/" --data-dir "$data"
check "webhook show" says "behind" ./holdfast webhook show --data-dir "$data"
check "webhook remove" ./holdfast webhook remove --data-dir "$data"
cat >"$work/web.json" <<END
{"family":"web","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec","containerDefinitions":[
 {"name":"web","image":"$host/shop/web:1","cpu":64,"memory":64,"essential":true,
  "portMappings":[{"containerPort":80}],"secrets":[{"name":"DB_PASSWORD","valueFrom":"/shop/*/db-password"},
   {"name":"TOKEN","valueFrom":"$secret:token::"},{"name":"OLD","valueFrom":"$secret:token:AWSPREVIOUS:"}],
  "healthCheck":{"command":["CMD-SHELL","nc -w 1 127.0.0.1 80 </dev/null"],"interval":5,"timeout":2,"retries":3}}]}
END
must "register-task-definition" query ecs register-task-definition \
  --cli-input-json "file://$work/web.json" --query taskDefinition.revision
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) ;;
  *)
    echo "not run: acceptance ($profile, $version): tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')"
    exit 0
    ;;
esac

# --- the task ---
must "run-task" query ecs run-task --cluster shop --task-definition web --enable-execute-command \
  --tags key=environment,value=prod --query 'tasks[0].taskArn'
TASK=$out
must "wait tasks-running" aws ecs wait tasks-running --cluster shop --tasks "$TASK"
fact() {
  query ecs describe-tasks --cluster shop --tasks "$TASK" --query "tasks[0].$1"
}
task_port=$(fact 'containers[0].networkBindings[0].hostPort')
answers() {
  curl -fsS --retry 20 --retry-delay 1 --retry-all-errors --max-time 60 "http://127.0.0.1:$1/"
}
must "the task answers over HTTP" answers "$task_port"
check "it has the secret of its environment" same "$out" \
  "$(printf %s "$PASSWORD" | sha256sum | cut -d ' ' -f 1)"
check "describe-tasks names the image's digest" same "$(fact 'containers[0].imageDigest')" "$digest"
check "describe-tasks has its times" sh -c "[ '$(fact pullStartedAt)' != None ] && [ '$(fact startedAt)' != None ]"
healthy() {
  tries=60
  until [ "$(fact healthStatus)" = HEALTHY ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 1
  done
}
check "its health check passes" healthy
inside() {
  ./holdfast exec "$TASK" --data-dir "$data" -- sh -c "$1" </dev/null
}
# shellcheck disable=SC2016 # the container's variables
check "exec: it has the members of its secret" same "$(inside 'printf "%s/%s" "$TOKEN" "$OLD"')" "$PASSWORD/old"
check "exec: the exit code is the command's" sh -c \
  "./holdfast exec '$TASK' --data-dir '$data' -- sh -c 'exit 7' </dev/null; [ \$? = 7 ]"
# shellcheck disable=SC2016
check "exec: input is piped in" same "$(echo ahoy | ./holdfast exec "$TASK" --data-dir "$data" -- sh -c 'read x; echo "$x"')" ahoy
both_ways() {
  head -c 8000000 /dev/urandom >"$work/noise"
  same "$(./holdfast exec "$TASK" --data-dir "$data" -- busybox cat <"$work/noise" | sha256sum)" "$(sha256sum <"$work/noise")"
}
check "exec: more than any buffer holds, both ways at once" both_ways
# The client ends while its input waits for a command that reads none.
unread() {
  timeout 20 ./holdfast exec "$TASK" --data-dir "$data" -- sh -c 'echo begun; exec sleep 4243' \
    </dev/zero >"$work/unread" 2>&1
  [ $? = 124 ] && grep -q begun "$work/unread"
}
slept() {
  docker ps --quiet --filter "label=com.amazonaws.ecs.task-arn=$TASK" |
    xargs -I ID docker top ID -o pid,args >"$work/top" && grep -q PID "$work/top" && ! grep -F 'sleep 4243' "$work/top"
}
check "exec: input that nobody reads" unread
check "exec: the command ends with its client" soon slept
check "exec: each is in the audit" sh -c \
  "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ExecuteCommand | grep -q ExecuteCommand"
check "task explain shows the version of the secret" sh -c \
  "./holdfast task explain '$TASK' --data-dir '$data' | grep -qF 'version $secret_version'"
check "logs" ./holdfast logs "$TASK" --data-dir "$data"

# --- day to day ---
short=$(printf %.12s "${TASK##*/}")
check "ps shows it, healthy, with its port" sh -c \
  "./holdfast ps --data-dir '$data' | grep -E '^$short +web:[0-9]+ +shop +RUNNING +HEALTHY .* $task_port->'"
check "ps --quiet" same "$(./holdfast ps --quiet --data-dir "$data")" "${TASK##*/}"
check "ps --json" sh -c "./holdfast ps --json --data-dir '$data' | python3 -m json.tool | grep -q '\"$TASK\"'"
check "ps says what to type where nothing runs" says "aws ecs run-task --cluster shop" \
  ./holdfast ps --cluster shop --service none --data-dir "$data"
check "logs knows the short id" ./holdfast logs "$short" --data-dir "$data"
used() {
  tries=60
  until ./holdfast top --once --data-dir "$data" | grep -E "^$short .* [0-9.]+ +[0-9.]+Mi "; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 1
  done
}
check "top --once shows what it uses" used
check "status names cluster, host and nothing wrong" sh -c \
  "./holdfast status --check --data-dir '$data' >'$work/stands' && grep -q '^shop ' '$work/stands' &&
   grep -q ' connected ' '$work/stands' && ! grep -q 'what is wrong' '$work/stands'"
check "events" sh -c "./holdfast events --data-dir '$data' | grep 'task $short  RUNNING  web:'"
check "events --json are EventBridge's" sh -c \
  "./holdfast events --json --cluster shop --data-dir '$data' | grep '\"detail-type\":\"ECS Task State Change\"' |
   grep '\"source\":\"aws.ecs\"' | grep -q '\"taskArn\":\"$TASK\"'"
./holdfast events -f --json --after 0 --data-dir "$data" >"$work/followed" 2>/dev/null &
follower=$!
check "task explain never shows a value" sh -c \
  "./holdfast task explain '$TASK' --data-dir '$data' | tee '$work/explained' | grep -q /shop/prod/db-password &&
   ! grep -qF '$PASSWORD' '$work/explained'"
check "the password is nowhere in clear under the data directory" sh -c \
  "printf %s '$PASSWORD' >'$work/needle' && ! grep -rqaF -f '$work/needle' '$data'"

# --- grants, and policies of resources ---
key=$(query kms create-key --query KeyMetadata.KeyId)
grant() {
  query kms create-grant --key-id "$key" --grantee-principal "arn:aws:iam::$ACCOUNT:role/$1" \
    --operations Decrypt DescribeKey --constraints 'EncryptionContextSubset={app=shop}' --name once --query GrantId
}
must "create-grant" grant shop-exec
granted=$out
check "the same name and content find the same grant" same "$(grant shop-exec)" "$granted"
check "list-grants" same "$(query kms list-grants --key-id "$key" \
  --query 'Grants[].[GranteePrincipal,Constraints.EncryptionContextSubset.app][]')" \
  "$(printf 'arn:aws:iam::%s:role/shop-exec\tshop' "$ACCOUNT")"
check "a grant for nobody" refused 'InvalidArnException.*valid principal' grant nobody
check "revoke-grant" aws kms revoke-grant --key-id "$key" --grant-id "$granted"
check "retire-grant finds it no more" refused NotFoundException \
  aws kms retire-grant --key-id "arn:aws:kms:us-east-1:$ACCOUNT:key/$key" --grant-id "$granted"
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"%s","Resource":"*"}]}' \
  "$ACCOUNT" ecr:ListImages >"$work/registry-policy.json"
check "put-registry-policy" aws ecr put-registry-policy --policy-text "file://$work/registry-policy.json"
check "get-registry-policy" says ecr:ListImages aws ecr get-registry-policy
check "delete-registry-policy" aws ecr delete-registry-policy
check "and it is gone" refused RegistryPolicyNotFoundException aws ecr get-registry-policy
shared=arn:aws:ssm:us-east-1:$ACCOUNT:parameter/shop/shared
sed 's/ecr:ListImages/ssm:GetParameter/' "$work/registry-policy.json" >"$work/sharing.json"
must "a parameter of the advanced tier" query ssm put-parameter --name /shop/shared --value v --type String \
  --tier Advanced --query Version
check "put-resource-policy" aws ssm put-resource-policy --resource-arn "$shared" --policy "file://$work/sharing.json"
# shellcheck disable=SC2046 # two words
check "delete-resource-policy" aws ssm delete-resource-policy --resource-arn "$shared" \
  $(query ssm get-resource-policies --resource-arn "$shared" \
    --query "join(' ', ['--policy-id', Policies[0].PolicyId, '--policy-hash', Policies[0].PolicyHash])")
check "a parameter is shared for reading only" refused MalformedResourcePolicyDocumentException \
  aws ssm put-resource-policy --resource-arn "$shared" --policy "file://$work/registry-policy.json"

# --- it survives ---
# The task's container and when it was started: the same one, never restarted.
container() {
  docker ps --no-trunc --quiet --filter "publish=$task_port" |
    xargs -r docker inspect --format '{{.Id}} {{.State.StartedAt}}'
}
before=$(container)
check "its container is on the engine" test -n "$before"
kill -9 "$(cat "$data/server.pid")"
must "up again after kill -9 of the platform" up
check "the same container runs on" same "$(container)" "$before"
check "describe-tasks is right again, with the old session" same "$(fact lastStatus)" RUNNING
agent_pid() {
  ./holdfast status --json --data-dir "$data" | sed -n 's/.*"agent":{[^}]*"pid":\([0-9]*\).*/\1/p'
}
agent=$(agent_pid)
if [ -n "$agent" ]; then
  kill -9 "$agent"
  connected() {
    tries=120
    until ./holdfast status --json --data-dir "$data" | grep -v "\"pid\":${agent}[,}]" |
      grep -q '"connected":true'; do
      tries=$((tries - 1))
      [ "$tries" -gt 0 ] || return 1
      sleep 0.5
    done
  }
  check "the agent is started again after kill -9" connected
  check "and it adopts the same container" same "$(container)" "$before"
  check "describe-tasks is right after that too" same "$(fact lastStatus)" RUNNING
  agent=$(agent_pid)
  kill -9 "$(cat "$data/server.pid")" "$agent"
  must "up again after kill -9 of both at once" up
  check "an agent is started again" connected
  check "still the same container" same "$(container)" "$before"
  check "describe-tasks is right even then" same "$(fact lastStatus)" RUNNING
fi
check "down refuses while a task runs" sh -c "! ./holdfast down --data-dir '$data'"

# --- the end ---
check "stop-task" query ecs stop-task --cluster shop --task "$TASK" --query task.desiredStatus
check "wait tasks-stopped" aws ecs wait tasks-stopped --cluster shop --tasks "$TASK"
check "its container is gone or stopped" same "$(container)" ""
check "ps --all says why it stopped" sh -c \
  "./holdfast ps --all --data-dir '$data' | grep '^$short .*STOPPED'"
check "history has it, with its exit code and image" sh -c \
  "./holdfast history --data-dir '$data' | grep -E 'task +$short .*=[0-9]+ .*@[0-9a-f]{12}'"
check "history --json" sh -c "./holdfast history --json --since 1h --data-dir '$data' | python3 -m json.tool | grep -q '$digest'"
# It followed over three ends of the platform.
followed() {
  tries=60
  until python3 - "$work/followed" "$TASK" <<'END'; do
import json, sys
with open(sys.argv[1]) as lines:
    events = [json.loads(line) for line in lines]
numbers = [event["number"] for event in events]
ended = any(e["detail"].get("taskArn") == sys.argv[2] and e["detail"]["lastStatus"] == "STOPPED" for e in events)
sys.exit(not ended or numbers != list(range(1, len(numbers) + 1)))
END
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.5
  done
}
check "a follower has seen each event once, in order, over every restart" followed
kill "$follower"
check "lookup-events finds RunTask" sh -c \
  "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=RunTask \
    --query 'Events[].EventName' --output text | grep -q RunTask"
check "audit verify" ./holdfast audit verify --data-dir "$data"

# --- what a container writes outlives it ---
# The command, which lies in the agent's folder, does not hold the line as it is printed.
cat >"$work/talk.json" <<END
{"family":"talk","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec","containerDefinitions":[
 {"name":"talk","image":"$host/shop/web:1","cpu":64,"memory":64,"essential":true,
  "command":["sh","-c","echo one; echo 'ERR''OR two' >&2; echo '{\"level\":\"error\",\"n\":3}'; sleep 2; echo last"],
  "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/shop/talk",
   "awslogs-region":"us-east-1","awslogs-stream-prefix":"ecs","awslogs-create-group":"true"}}}]}
END
must "a definition with awslogs" query ecs register-task-definition \
  --cli-input-json "file://$work/talk.json" --query taskDefinition.revision
talk() {
  TASK=$(query ecs run-task --cluster shop --task-definition talk --query 'tasks[0].taskArn') &&
    aws ecs wait tasks-stopped --cluster shop --tasks "$TASK"
}
must "it runs with a role that may not write logs" talk
check "and does not start, in AWS's words" sh -c \
  "printf %s '$(fact 'containers[0].reason' | tr -d "'")' | grep -q 'CannotStartContainerError: .*failed to create Cloudwatch log stream: AccessDeniedException'"
sed 's/"Effect":"Allow","Action":"ecr:\*"/"Effect":"Allow","Action":["ecr:*","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"]/' \
  "$work/policy.json" >"$work/policy-logs.json"
must "the role may write logs" aws iam put-role-policy --role-name shop-exec --policy-name least \
  --policy-document "file://$work/policy-logs.json"
must "it runs and ends" talk
stream=ecs/talk/${TASK##*/}
messages() {
  query logs filter-log-events --log-group-name /shop/talk --query 'events[].message' "$@"
}
all_lines() {
  tries=120
  until [ "$(messages | tr '\t' '\n' | sort | tr '\n' ' ')" = 'ERROR two last one {"level":"error","n":3} ' ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.5
  done
}
check "all lines are in its stream, the last one too" all_lines
check "a term" same "$(messages --filter-pattern ERROR)" "ERROR two"
check "a condition" same "$(messages --filter-pattern '{ $.level = "error" && $.n > 2 }')" \
  '{"level":"error","n":3}'
check "words" same "$(messages --filter-pattern '[first = ERROR, second]')" "ERROR two"
check "get-log-events reads the newest" same \
  "$(query logs get-log-events --log-group-name /shop/talk --log-stream-name "$stream" \
    --limit 1 --query 'events[0].message')" last
check "the stream is called prefix/container/task" same \
  "$(query logs describe-log-streams --log-group-name /shop/talk --order-by LastEventTime --descending \
    --query 'logStreams[0].logStreamName')" "$stream"
case $version in
  2*) check "aws logs tail" sh -c "aws logs tail /shop/talk --since 1h --format short | grep -q 'ERROR two'" ;;
esac
check "holdfast logs" sh -c "./holdfast logs '$TASK' --since 1h --data-dir '$data' | grep -q '^last'"
check "put-retention-policy" aws logs put-retention-policy --log-group-name /shop/talk --retention-in-days 7
check "describe-log-groups shows it" same "$(query logs describe-log-groups \
  --log-group-name-prefix /shop/ --query 'logGroups[0].retentionInDays')" 7
check "no line is in the audit" sh -c "! aws cloudtrail lookup-events --output json \
  --lookup-attributes AttributeKey=EventName,AttributeValue=PutLogEvents | grep -q 'ERROR two'"
check "nor in clear under the data directory" sh -c "! grep -rqaF 'ERROR two' '$data'"
check "delete-log-group" aws logs delete-log-group --log-group-name /shop/talk

# --- a real SDK in a task, without any configuration ---
sdk_image() {
  sh "$repo/test/sdk-image.sh" "$1" "$work/sdk" &&
    query ecr create-repository --repository-name shop/who &&
    docker build --quiet --tag "$host/shop/who:1" "$work/sdk" &&
    docker push --quiet "$host/shop/who:1"
}
must "an image with an AWS CLI of its own is made and pushed" sdk_image "$2"
check "a role for the task" query iam create-role --role-name shop-task \
  --assume-role-policy-document "file://$work/trust.json" --query Role.Arn
cat >"$work/who.json" <<END
{"family":"who","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec",
 "taskRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-task","containerDefinitions":[
 {"name":"who","image":"$host/shop/who:1","cpu":64,"memory":256,"essential":true}]}
END
must "its task definition" query ecs register-task-definition --cli-input-json "file://$work/who.json"
must "it runs" query ecs run-task --cluster shop --task-definition who --query 'tasks[0].taskArn'
TASK=$out
must "it ends" aws ecs wait tasks-stopped --cluster shop --tasks "$TASK"
check "its call was answered" same "$(fact 'containers[0].exitCode')" 0
check "GetCallerIdentity inside a task is the task role" sh -c \
  "./holdfast logs '$TASK' --data-dir '$data' | grep ':assumed-role/shop-task/'"

# --- whom an identity provider vouches for ---
mkdir "$work/issuer"
python3 "$repo/test/issuer.py" "$work/issuer" serve "$issuer_port" >/dev/null 2>"$work/issuer/err" &
issuer=$!
serving() {
  tries=100
  until [ -e "$work/issuer/ready" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2
  done
}
must "an identity provider serves on this machine" serving
set -- --url https://issuer.test --client-id-list app --query OpenIDConnectProviderArn
if aws iam create-open-id-connect-provider --url '' 2>&1 | grep -q 'required: --thumbprint-list'; then
  # Older clients ask for what AWS no longer needs.
  check "create-open-id-connect-provider" query iam create-open-id-connect-provider "$@" --thumbprint-list \
    "$(openssl x509 -in "$work/issuer/site.crt" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g' | tr A-F a-f)"
else
  check "create-open-id-connect-provider asks it for its certificate" query iam create-open-id-connect-provider "$@"
fi
PROVIDER=$out
check "get-open-id-connect-provider" says "issuer.test" query iam get-open-id-connect-provider \
  --open-id-connect-provider-arn "$PROVIDER" --query Url
check "list-open-id-connect-providers" says "$PROVIDER" query iam list-open-id-connect-providers
cat >"$work/issuer/trust.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"$PROVIDER"},
 "Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":
 {"issuer.test:aud":"app","issuer.test:sub":"repo:shop"}}}]}
END
check "a role that trusts it" query iam create-role --role-name shop-ci \
  --assume-role-policy-document "file://$work/issuer/trust.json" --query Role.Arn
vouched() {
  python3 "$repo/test/issuer.py" "$work/issuer" "$@" >"$work/issuer/token" &&
    env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN \
      aws sts assume-role-with-web-identity --role-arn "arn:aws:iam::$ACCOUNT:role/shop-ci" \
      --role-session-name ci --web-identity-token "file://$work/issuer/token" \
      --query '[SubjectFromWebIdentityToken,Audience,Provider,AssumedRoleUser.Arn]' --output text
}
check "assume-role-with-web-identity, without any key" says "repo:shop.app.$PROVIDER.*assumed-role/shop-ci/ci" \
  vouched token repo:shop app 300
check "another subject is refused" refused "AccessDenied.*Not authorized to perform" vouched token repo:x app 300
check "another audience is refused" refused "Incorrect token audience" vouched token repo:shop x 300
check "a token of yesterday is refused" refused "ExpiredTokenException" vouched token repo:shop app -1
check "another's signature is refused" refused "InvalidIdentityToken" vouched other repo:shop app 300
check "add-client-id, thumbprint, tags" sh -c "
  aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn '$PROVIDER' --client-id web &&
  aws iam remove-client-id-from-open-id-connect-provider --open-id-connect-provider-arn '$PROVIDER' --client-id web &&
  aws iam tag-open-id-connect-provider --open-id-connect-provider-arn '$PROVIDER' --tags Key=team,Value=blue &&
  aws iam list-open-id-connect-provider-tags --open-id-connect-provider-arn '$PROVIDER' | grep -q blue &&
  aws iam untag-open-id-connect-provider --open-id-connect-provider-arn '$PROVIDER' --tag-keys team &&
  aws iam update-open-id-connect-provider-thumbprint --open-id-connect-provider-arn '$PROVIDER' \
    --thumbprint-list 0123456789abcdef0123456789abcdef01234567 &&
  aws iam delete-open-id-connect-provider --open-id-connect-provider-arn '$PROVIDER'"
check "what is deleted vouches for nobody" refused "No OpenIDConnect provider found" vouched token repo:shop app 300

# --- the roles of services ---
check "create-service-linked-role" says ":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS" \
  query iam create-service-linked-role --aws-service-name ecs.amazonaws.com --query Role.Arn
check "delete-role leaves it alone" refused "UnmodifiableEntity.*only modifiable by AWS" \
  aws iam delete-role --role-name AWSServiceRoleForECS
check "delete-service-linked-role" query iam delete-service-linked-role --role-name AWSServiceRoleForECS \
  --query DeletionTaskId
check "it is in use while there is a cluster" says FAILED query iam get-service-linked-role-deletion-status \
  --deletion-task-id "$out" --query Status
# --- rights: what was used, and no more ---
check "no credential report is there before one is asked for" says ReportNotPresent \
  aws iam get-credential-report
check "a credential report is asked for" same \
  "$(query iam generate-credential-report --query State)" STARTED
check "and is there" same "$(query iam generate-credential-report --query State)" COMPLETE
check "with root in its first line" sh -c \
  "aws iam get-credential-report --query Content --output text | base64 -d | sed -n 2p | grep '^<root_account>,arn:aws:iam::$ACCOUNT:root,'"
role=arn:aws:iam::$ACCOUNT:role/shop-exec
must "what a role used is asked for" query iam generate-service-last-accessed-details \
  --arn "$role" --granularity ACTION_LEVEL --query JobId
JOB=$out
last_accessed() {
  query iam get-service-last-accessed-details --job-id "$JOB" --query "$1"
}
check "its job is done" same "$(last_accessed JobStatus)" COMPLETED
check "it pulled images" same \
  "$(last_accessed "ServicesLastAccessed[?ServiceNamespace=='ecr'].LastAuthenticatedEntity | [0]")" "$role"
check "and says by which action" sh -c "[ \"\$1\" != None ] && [ -n \"\$1\" ]" - \
  "$(last_accessed "ServicesLastAccessed[?ServiceNamespace=='ecr'].TrackedActionsLastAccessed[] | [?ActionName=='BatchGetImage'].LastAccessedTime | [0]")"
check "who used it" same "$(query iam get-service-last-accessed-details-with-entities --job-id "$JOB" \
  --service-namespace ecr --query 'EntityDetailsList[].EntityInfo.Name')" shop-exec
check "another job's id leads nowhere" says NoSuchEntity aws iam get-service-last-accessed-details \
  --job-id 00000000-0000-4000-8000-000000000000
check "the policy that lets it pull" same "$(query iam list-policies-granting-service-access \
  --arn "$role" --service-namespaces ecr --query 'PoliciesGrantingServiceAccess[].Policies[].PolicyName')" least
check "a quota is set" sh -c \
  "./holdfast quota GroupsPerAccount 1 --data-dir '$data' | grep '^GroupsPerAccount  *1 '"
must "one group fits" query iam create-group --group-name first --query Group.GroupName
check "and no other" says 'LimitExceeded.*Cannot exceed quota for GroupsPerAccount: 1' \
  aws iam create-group --group-name second
check "the account's summary says so" same \
  "$(query iam get-account-summary --query 'SummaryMap.[Groups,GroupsQuota]' | tr '\t' ' ')" "1 1"
./holdfast quota GroupsPerAccount 300 --data-dir "$data" >/dev/null
check "it fits again" query iam create-group --group-name second --query Group.GroupName
# --- credentials that are taken back, and whom a resource's policy means ---
must "a user who leaves" query iam create-user --user-name leaver --query User.Arn
leaver=$out
leaver_keys=$(query iam create-access-key --user-name leaver --query 'AccessKey.[AccessKeyId,SecretAccessKey]')
leaver_id=$(printf '%s' "$leaver_keys" | cut -f 1)
as_leaver() (
  unset AWS_SESSION_TOKEN
  AWS_ACCESS_KEY_ID=$leaver_id AWS_SECRET_ACCESS_KEY=$(printf '%s' "$leaver_keys" | cut -f 2)
  "$@"
)
read_by_leaver='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"WHO"},
 "Action":"secretsmanager:DescribeSecret","Resource":"*"}]}'
check "a secret's policy names nobody who is not there" says "unsupported principal" \
  aws secretsmanager put-resource-policy --secret-id shop/prod/api \
  --resource-policy "$(printf '%s' "$read_by_leaver" | sed "s|WHO|$leaver-not|")"
check "and names who is" aws secretsmanager put-resource-policy --secret-id shop/prod/api \
  --resource-policy "$(printf '%s' "$read_by_leaver" | sed "s|WHO|$leaver|")"
check "who may read its description" as_leaver aws secretsmanager describe-secret --secret-id shop/prod/api
check "iam revoke" says "is inactive" ./holdfast iam revoke leaver --data-dir "$data"
check "the very next request is refused" says "UnrecognizedClientException" \
  as_leaver aws secretsmanager describe-secret --secret-id shop/prod/api
check "iam revoke of nobody" says "there is no user or role" ./holdfast iam revoke nobody --data-dir "$data"
aws iam delete-access-key --user-name leaver --access-key-id "$leaver_id"
aws iam delete-user --user-name leaver
aws iam create-user --user-name leaver >/dev/null
leaver_keys=$(query iam create-access-key --user-name leaver --query 'AccessKey.[AccessKeyId,SecretAccessKey]')
leaver_id=$(printf '%s' "$leaver_keys" | cut -f 1)
check "another of that name has nothing of it" says AccessDenied \
  as_leaver aws secretsmanager describe-secret --secret-id shop/prod/api
check "the policy shows the id of the one who left" says AIDA \
  aws secretsmanager get-resource-policy --secret-id shop/prod/api
aws secretsmanager delete-resource-policy --secret-id shop/prod/api >/dev/null
check "the guardrails are explained" says 'image-trusted  .practice 10, mode (teach|enforce).' \
  ./holdfast guardrails --data-dir "$data"
check "an exception has an end and a reason" says "docker.io/\*, until .*: a trial" \
  ./holdfast guardrails except image-trusted --resource 'docker.io/*' --until 1h --reason "a trial" \
  --data-dir "$data"
check "and stands in the status" says "image-trusted is lowered" ./holdfast status --data-dir "$data"
public_image() {
  printf '{"family":"public","containerDefinitions":[{"name":"app","image":"%s","memory":32}]}' "$1" \
    >"$work/public.json"
  query ecs register-task-definition --cli-input-json "file://$work/public.json" \
    --query taskDefinition.revision
}
check "what it is for passes" public_image docker.io/library/busybox:1
if [ "$profile" = standard ]; then
  check "and nothing else" says 'guardrail image-trusted' public_image quay.io/some/thing:1
fi
# --- people: a password, a second factor, an account of its own ---
step=0
# next_step: the half minute that is, or the one after the last one that was used.
next_step() {
  now=$(($(date +%s) / 30))
  step=$((now > step ? now : step + 1))
}
# code OFFSET: what the phone shows then, or so many half minutes before and after.
code() {
  python3 - "$work/seed" "$((step + $1))" <<'END'
import base64, hashlib, hmac, struct, sys
key = base64.b32decode(open(sys.argv[1]).read())
mac = hmac.new(key, struct.pack(">Q", int(sys.argv[2])), hashlib.sha1).digest()
at = mac[-1] & 15
print("%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000))
END
}
must "create-user" query iam create-user --user-name pat --query User.UserName
check "a short password is refused" refused 'PasswordPolicyViolation.*minimum length of 8' \
  aws iam create-login-profile --user-name pat --password Sh0rt-
check "create-login-profile" query iam create-login-profile --user-name pat --password Fair-Wind-8 \
  --query LoginProfile.UserName
check "update-login-profile" aws iam update-login-profile --user-name pat --password Fair-Wind-9
must "create-virtual-mfa-device" query iam create-virtual-mfa-device --virtual-mfa-device-name pat \
  --outfile "$work/seed" --bootstrap-method Base32StringSeed --query VirtualMFADevice.SerialNumber
serial=$out
check "its QR code is a picture" sh -c "aws iam create-virtual-mfa-device --virtual-mfa-device-name qr \
  --outfile '$work/qr.png' --bootstrap-method QRCodePNG && head -c 4 '$work/qr.png' | grep -q PNG"
check "a wrong code enables nothing" refused 'InvalidAuthenticationCode' aws iam enable-mfa-device --user-name pat \
  --serial-number "$serial" --authentication-code1 000000 --authentication-code2 000000
keys=$(query iam create-access-key --user-name pat --query 'AccessKey.[AccessKeyId,SecretAccessKey]')
next_step
must "enable-mfa-device" aws iam enable-mfa-device --user-name pat --serial-number "$serial" \
  --authentication-code1 "$(code -1)" --authentication-code2 "$(code 0)"
check "list-mfa-devices" same "$(query iam list-mfa-devices --user-name pat --query 'MFADevices[].SerialNumber')" "$serial"
as_pat() (
  unset AWS_SESSION_TOKEN
  AWS_ACCESS_KEY_ID=$(printf '%s' "$keys" | cut -f 1) AWS_SECRET_ACCESS_KEY=$(printf '%s' "$keys" | cut -f 2)
  "$@"
)
next_step
check "a code opens a session" as_pat query sts get-session-token --serial-number "$serial" \
  --token-code "$(code 0)" --query Credentials.Expiration
check "it opens none again" refused 'invalid MFA one time pass code' as_pat aws sts get-session-token \
  --serial-number "$serial" --token-code "$(code 0)"
check "no code opens none" refused 'must provide both' as_pat aws sts get-session-token --serial-number "$serial"
check "a device in use is not deleted" refused 'DeleteConflict.*Must deactivate first' \
  aws iam delete-virtual-mfa-device --serial-number "$serial"
check "deactivate-mfa-device" aws iam deactivate-mfa-device --user-name pat --serial-number "$serial"
check "delete-virtual-mfa-device" aws iam delete-virtual-mfa-device --serial-number "$serial"
check "account create" ./holdfast account create --json --data-dir "$data"
other=$(printf '%s' "$out" | sed -n 's/.*"AccountId":"\([0-9]*\)".*/\1/p')
check "account list" sh -c "./holdfast account list --data-dir '$data' | grep -q '^$other '"

# --- nothing stays ---
TASK=$(query ecs run-task --cluster shop --task-definition web --tags key=environment,value=prod \
  --query 'tasks[0].taskArn')
aws ecs wait tasks-running --cluster shop --tasks "$TASK"
check "something of ours is on the machine while a task runs" test -n "$(traces)"
check "down --stop-tasks stops a running task" ./holdfast down --stop-tasks --data-dir "$data"
nothing_stays() {
  tries=20
  until [ -z "$(traces)" ]; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then
      same "$(traces)" ""
      return
    fi
    sleep 0.5
  done
}
check "no process, container, network, volume, mount or rule of ours stays" nothing_stays
docker rmi "$host/shop/web:1" "$host/shop/who:1" >/dev/null 2>&1
echo "end of acceptance"
