#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad input through real clients: each gets AWS's error or a stopped reason that says what to do, and
# leaves nothing behind.
#   test/refusals.sh AWS     AWS is the program to use as `aws`
# Each check prints `ok NAME` or `FAILED NAME`. test/engine.sh has the engine absent and dying,
# test/full.sh the full disk.
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=refusals
. "$repo/test/lib.sh"
quiet_clients "$1"
port=$(free_port)
host=127.0.0.1:$port
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1

over() {
  [ -z "${stranger:-}" ] || kill "$stranger" 2>/dev/null
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker rmi "$host/shop/web:1" "$host/shop/broken:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

must "up" ./holdfast up --detach --profile standard --data-dir "$data" --port "$port"
lines=$(./holdfast env --data-dir "$data" 2>/dev/null) || exit 1
eval "$lines"
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)

# --- the admin socket ---
# admin USER-ID: asks for the operator's credentials as that user.
admin() {
  knocks "$1" admin.sock credentials
}
# knocks USER-ID SOCKET PATH: the status that this user is answered.
knocks() {
  setpriv --reuid="$1" --clear-groups curl --silent --unix-socket "$data/run/$2" --max-time 5 \
    --output /dev/null --write-out '%{http_code}' "http://socket/$3"
}
if [ "$(id -u)" = 0 ]; then
  check "the admin socket's folder keeps another user out" same "$(admin 65534)" 000
  chmod 711 "$work" "$data" "$data/run" && chmod 666 "$data/run/admin.sock"
  check "and where it were open, the door behind it does" same "$(admin 65534)" 403
  check "while its own user is let in" same "$(admin 0)" 200
  must "the agent's socket" soon test -S "$data/run/agent.sock"
  chmod 666 "$data/run/agent.sock"
  check "and so does the agent's" same "$(knocks 65534 agent.sock 'logs?task=x')" 403
  check "which lets its own user in" same "$(knocks 0 agent.sock 'logs?task=x')" 404
  chmod 600 "$data/run/agent.sock"
  chmod 700 "$work" "$data" "$data/run" && chmod 600 "$data/run/admin.sock"
else
  echo "not run: refusals: another user at the admin socket: needs root"
fi

# --- malformed requests, which no AWS client sends: curl signs them ---
# signed SERVICE REGION CURL-OPTION...: prints the answer's body and then its status.
signed() {
  service=$1 region=$2
  shift 2
  printf 'user = "%s:%s"\nheader = "x-amz-security-token: %s"\n' \
    "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" |
    curl --silent --config - --aws-sigv4 "aws:amz:$region:$service" --max-time 30 \
      --write-out '\n%{http_code}\n' "$@" "http://$host/"
}
json() {
  target=$1
  shift
  signed ecs us-east-1 --header 'content-type: application/x-amz-json-1.1' \
    --header "x-amz-target: AmazonEC2ContainerServiceV20141113.$target" "$@"
}
answer() {
  pattern=$1 status=$2
  shift 2
  "$@" >"$work/said"
  cat "$work/said"
  grep -Eq -e "$pattern" "$work/said" && same "$(tail -n 1 "$work/said")" "$status"
}
check "malformed JSON" answer SerializationException 400 json ListClusters --data '{"maxResults": 1'
check "a wrong type" answer SerializationException 400 json ListClusters --data '{"maxResults": "one"}'
check "an unknown JSON operation" answer 'UnknownOperationException' 400 json LaunchRockets --data '{}'
check "an operation that comes later is named" answer 'UnknownOperationException.*CreateTaskSet' 400 \
  json CreateTaskSet --data '{}'
form() {
  signed sts us-east-1 --data "$1"
}
check "an unknown form action" answer '<Code>InvalidAction</Code>.*LaunchRockets' 400 \
  form 'Action=LaunchRockets&Version=2011-06-15'
check "a form without its action" answer '<Code>(MissingAction|InvalidAction)</Code>' 400 form 'Version=2011-06-15'
check "a malformed form" answer '<Code>MalformedQueryString|<Code>MalformedInput|<Code>MissingAction' 400 form 'Action%ZZ'
head -c 20000000 /dev/zero | tr '\0' 'a' >"$work/big"
check "an oversized body" answer 'RequestEntityTooLarge|too large|Request size' 413 json ListClusters --data-binary "@$work/big"
check "the wrong service in the scope" answer \
  'Credential should be scoped to correct service' 400 \
  signed iam us-east-1 --header 'content-type: application/x-amz-json-1.1' \
  --header 'x-amz-target: AmazonEC2ContainerServiceV20141113.ListClusters' --data '{}'
check "no region in the scope" answer 'Credential should be scoped to a valid region' 403 \
  signed iam NOWHERE --data 'Action=ListUsers&Version=2010-05-08'
bad_secret() {
  (
    AWS_SECRET_ACCESS_KEY=wrongwrongwrongwrongwrongwrongwrongwrong
    "$@"
  )
}
check "a wrong secret key" refused SignatureDoesNotMatch bad_secret aws sts get-caller-identity

# --- names that are not there ---
check "an unknown cluster" refused 'ClusterNotFoundException.*[Cc]luster not found' \
  aws ecs list-tasks --cluster nowhere
check "an unknown repository" refused 'RepositoryNotFoundException' \
  aws ecr describe-images --repository-name nowhere
check "an unknown parameter" refused 'ParameterNotFound' aws ssm get-parameter --name /nowhere
check "an unknown definition" refused 'TaskDefinition not found|Unable to describe task definition' \
  aws ecs describe-task-definition --task-definition nowhere

# --- the registry ---
must "create-repository" aws ecr create-repository --repository-name shop/web
must "create-repository for a broken image" aws ecr create-repository --repository-name shop/broken
aws ecr get-login-password >"$work/password"
must "docker login" sh -c "docker login --username AWS --password-stdin $host <'$work/password'"
web_folder "$work/web" "refusals $port"
must "docker build" docker build --quiet --tag "$host/shop/web:1" "$work/web"
must "docker push" docker push --quiet "$host/shop/web:1"
printf 'FROM scratch\nCOPY root /\nENTRYPOINT ["/bin/nothing-here"]\n' >"$work/web/Dockerfile"
must "docker build of one that cannot start" docker build --quiet --tag "$host/shop/broken:1" "$work/web"
must "docker push of it" docker push --quiet "$host/shop/broken:1"
# upload DIGEST: a blob of five bytes under that digest.
upload() {
  printf 'user = "AWS:%s"\n' "$(cat "$work/password")" >"$work/token"
  place=$(curl --silent --config "$work/token" --request POST --dump-header - --output /dev/null \
    "http://$host/v2/shop/web/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  case $place in
    http*) ;;
    *) place=http://$host$place ;;
  esac
  case $place in
    *'?'*) place="$place&digest=$1" ;;
    *) place="$place?digest=$1" ;;
  esac
  printf hello | curl --silent --config "$work/token" --request PUT --data-binary @- \
    --header 'content-type: application/octet-stream' --write-out '\n%{http_code}\n' "$place"
}
check "a digest that does not match" answer DIGEST_INVALID 400 upload \
  "sha256:$(printf other | sha256sum | cut -d ' ' -f 1)"
check "the digest that does" answer '201' 201 upload "sha256:$(printf hello | sha256sum | cut -d ' ' -f 1)"
check "nothing half stays of it" test -z "$(ls "$data/blobs/uploads")"
check "another image under an immutable tag" refused 'ImageTagAlreadyExists|immutable' sh -c \
  "docker tag $host/shop/broken:1 $host/shop/web:1-b && docker tag $host/shop/broken:1 $host/shop/web:1 &&
   docker push $host/shop/web:1"
docker rmi "$host/shop/web:1-b" >/dev/null 2>&1

# --- tasks ---
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) ;;
  *)
    echo "not run: refusals: tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')"
    exit 0
    ;;
esac
trust_tasks "$work/trust.json"
# role NAME PARAMETERS: an execution role that may read these parameters.
role() {
  cat >"$work/policy.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"},
 {"Effect":"Allow","Action":["ssm:GetParameters","ssm:GetParameter"],
  "Resource":"arn:aws:ssm:us-east-1:$ACCOUNT:parameter/$2"}]}
END
  aws iam create-role --role-name "$1" --assume-role-policy-document "file://$work/trust.json" &&
    aws iam put-role-policy --role-name "$1" --policy-name least --policy-document "file://$work/policy.json"
}
must "a role" role shop-exec 'shop/*'
must "a role without the right to the secret" role poor-exec 'other/*'
must "create-cluster" aws ecs create-cluster --cluster-name shop
secret() {
  aws ssm put-parameter --name "$1" --type SecureString --value "value of $1" \
    --tags "Key=environment,Value=$2"
}
must "a secret" secret /shop/dev/password dev
must "one of two for test" secret /shop/test/password test
must "two of two for test" secret /shop/test-b/password test

# define FAMILY ROLE CONTAINER-MEMBERS
define() {
  executes=
  [ -z "$2" ] || executes="\"executionRoleArn\":\"arn:aws:iam::$ACCOUNT:role/$2\","
  printf '{"family":"%s",%s"containerDefinitions":[{"name":"a","cpu":64,"memory":64,%s}]}\n' \
    "$1" "$executes" "$3" >"$work/$1.json"
  aws ecs register-task-definition --cli-input-json "file://$work/$1.json"
}
image="\"image\":\"$host/shop/web:1\""
by_pattern='"secrets":[{"name":"PASSWORD","valueFrom":"/shop/*/password"}]'
check "secrets without an execution role" refused 'ClientException.*executionRoleArn|execution role' \
  define bare "" "$image,$by_pattern"
check "an image that is not there" refused 'holdfast|image.*(does not exist|not found)|no image' \
  define gone shop-exec "\"image\":\"$host/shop/web:99\""
check "a foreign image" refused 'image-trusted' define foreign shop-exec '"image":"docker.io/library/nginx:1"'
check "a member that is not served is refused by name" refused 'privileged' \
  define mighty shop-exec "$image,\"privileged\":true"

# run FAMILY [ENVIRONMENT]
run() {
  aws ecs run-task --cluster shop --task-definition "$1" ${2:+--tags "key=environment,value=$2"}
}
# ends FAMILY ENVIRONMENT PATTERN: the task stops for a reason that matches.
ends() {
  run "$1" "$2" >"$work/run.json" 2>"$work/run.err" || {
    cat "$work/run.err"
    grep -Eq -e "$3" "$work/run.err"
    return
  }
  task=$(sed -n 's/.*"taskArn": "\(arn[^"]*:task\/[^"]*\)".*/\1/p' "$work/run.json" | head -n 1)
  [ -n "$task" ] || {
    cat "$work/run.json"
    return 1
  }
  aws ecs wait tasks-stopped --cluster shop --tasks "$task" || return 1
  aws ecs describe-tasks --cluster shop --tasks "$task" --output text \
    --query 'tasks[0].[stopCode,stoppedReason,containers[0].reason,containers[0].exitCode]' >"$work/reason"
  cat "$work/reason"
  grep -Eq -e "$3" "$work/reason"
}
must "a definition with a secret" define secret shop-exec "$image,$by_pattern"
must "one whose role may not read it" define poor poor-exec "$image,$by_pattern"
must "one with a secret that is not there" define missing shop-exec \
  "$image,\"secrets\":[{\"name\":\"PASSWORD\",\"valueFrom\":\"/shop/nowhere\"}]"
must "one that is larger than the host" define large shop-exec "$image,\"memory\":99999999"
must "one that cannot start" define broken shop-exec "\"image\":\"$host/shop/broken:1\""
check "no secret for that environment" ends secret stage 'no parameter.*(environment|stage)|stage'
check "two secrets for that environment" ends secret test '/shop/test/password.*/shop/test-b/password|two|2 '
check "a secret without permission" ends poor dev 'ResourceInitializationError.*AccessDenied|AccessDenied'
check "a secret that is not there" ends missing dev 'ResourceInitializationError.*/shop/nowhere|/shop/nowhere'
check "a task larger than the host" says 'RESOURCE:MEMORY' run large
check "an image that does not start" ends broken dev 'TaskFailedToStart.*CannotStartContainerError|nothing-here'

# --- a port that somebody else has ---
taken=$(free_port)
python3 -c "
import socket, time
s = socket.socket(); s.bind(('0.0.0.0', $taken)); s.listen(); time.sleep(600)" &
stranger=$!
must "one with a fixed port" define fixed shop-exec \
  "$image,\"portMappings\":[{\"containerPort\":80,\"hostPort\":$taken}]"
check "a port that a stranger's process has" ends fixed dev "CannotStartContainerError.*$taken|$taken.*in use"
kill "$stranger"
stranger=
running() {
  run fixed dev >"$work/run.json" &&
    task=$(sed -n 's/.*"taskArn": "\(arn[^"]*:task\/[^"]*\)".*/\1/p' "$work/run.json" | head -n 1) &&
    aws ecs wait tasks-running --cluster shop --tasks "$task"
}
check "and once it is free the same definition runs" running
check "a port that a task has" says 'RESOURCE:PORTS' run fixed

# --- what is left ---
check "down --stop-tasks" ./holdfast down --stop-tasks --data-dir "$data"
installation=$(sed -n 's/.*"id":"\([^"]*\)".*/\1/p' "$data/installation.json")
debris() {
  docker ps --all --quiet --filter "label=dev.holdfast.installation=$installation"
  docker network ls --quiet --filter "label=dev.holdfast.installation=$installation"
  docker volume ls --quiet --filter "label=dev.holdfast.installation=$installation"
  nft list tables | grep "$installation"
  ls "$data/blobs/uploads"
}
check "nothing stays of all that was refused" test -z "$(debris)"
echo "end of refusals"
