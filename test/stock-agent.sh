#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The unmodified Amazon ECS agent as a host of the platform: it registers, runs tasks with our registry,
# secrets, roles and logs, is drained, cut off, killed, and taken out; so is the platform.
#   HOLDFAST_ECS_AGENT=/path/to/amazon-ecs-agent test/stock-agent.sh [AWS]
# HOLDFAST_LONG=stock-agent waits forty minutes besides, in which the agent changes its streams.
# AWS is the program to use as `aws` (default: the one in PATH). The agent is Amazon's own build, or its
# source's: `cd agent && CGO_ENABLED=0 go build -o amazon-ecs-agent .`. It lives in a network namespace of
# its own with a container engine of its own, joined to the platform's loopback port by test/relay.py.
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
agent_program=${HOLDFAST_ECS_AGENT:-}
if [ -z "$agent_program" ]; then
  echo "not run: stock-agent: HOLDFAST_ECS_AGENT names no Amazon ECS agent"
  exit 0
fi
if [ ! -x "$agent_program" ]; then
  echo "not run: stock-agent: $agent_program is not a program"
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v dockerd >/dev/null 2>&1 || ! command -v iptables >/dev/null 2>&1 ||
  ! unshare --net true 2>/dev/null; then
  echo "not run: stock-agent: needs root, dockerd, iptables and a network namespace of its own"
  exit 0
fi
if ! docker version >/dev/null 2>&1; then
  echo "not run: stock-agent: no container engine answers"
  exit 0
fi

work=$(mktemp -d)
data=$work/data
script=stock-agent
. "$repo/test/lib.sh"
quiet_clients "${1:-$(command -v aws)}"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
port=$(free_port)
host=127.0.0.1:$port
profile=${HOLDFAST_PROFILE:-standard}
there=$work/there # what is the other host's
mkdir -p "$there"

over() {
  ended agent
  for end in far near; do
    # One that is stopped takes no other signal.
    [ ! -s "$work/$end.pid" ] || kill -CONT "$(cat "$work/$end.pid")" 2>/dev/null
    ended "$end"
  done
  away ps --all --quiet 2>/dev/null | xargs -r docker --host "unix://$there/engine.sock" rm --force >/dev/null 2>&1
  ended engine
  timeout 100 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker image ls --quiet --filter "reference=$host/*/*" | sort -u | xargs -r docker image rm --force >/dev/null 2>&1
  ended place
  grep -o "$work/[^ ]*" /proc/mounts | sort -r | xargs -r umount 2>/dev/null
  rm -rf "$work"
}
trap over EXIT

# begin NAME COMMAND...: in the background; its process is remembered.
begin() {
  begun=$1
  shift
  "$@" >>"$work/$begun.log" 2>&1 &
  echo $! >"$work/$begun.pid"
}

# ended NAME [SIGNAL]: a process that was begun, and waits for its end.
ended() {
  [ -s "$work/$1.pid" ] || return 0
  kill "-${2:-TERM}" "$(cat "$work/$1.pid")" 2>/dev/null
  wait "$(cat "$work/$1.pid")" 2>/dev/null
  rm -f "$work/$1.pid"
}

# On the other host. What is begun there is begun by `nsenter` itself, which becomes it.
inside() {
  nsenter "$(place)" "$@"
}
place() {
  printf -- '--net=/proc/%s/ns/net' "$(cat "$work/place.pid")"
}
away() {
  docker --host "unix://$there/engine.sock" "$@"
}

query() {
  aws "$@" --output text
}

# --- the platform, with a host of its own ---
up() {
  ./holdfast up --detach --profile "$profile" --data-dir "$data" --port "$port"
}
must "up" up
env_again() {
  ./holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || return 1
  eval "$(cat "$work/env")"
  aws sts get-caller-identity
}
must "the operator signs in" env_again
env_again >/dev/null # in this shell
ACCOUNT=$(query sts get-caller-identity --query Account)

# --- the other host ---
begin place unshare --net sleep 100000
in_its_own() {
  [ "$(readlink "/proc/$(cat "$work/place.pid")/ns/net")" != "$(readlink /proc/self/ns/net)" ] && inside true
}
must "a network namespace" soon in_its_own
network() {
  inside ip link set lo up &&
    inside ip addr add 169.254.170.2/32 dev lo &&
    inside sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet' &&
    inside iptables -t nat -A OUTPUT -p tcp -d 169.254.170.2 --dport 80 -j REDIRECT --to-ports 51679 &&
    inside iptables -t nat -A PREROUTING -p tcp -d 169.254.170.2 --dport 80 -j DNAT --to-destination 127.0.0.1:51679
}
must "its network" network
begin near python3 test/relay.py "unix:$work/relay.sock" "tcp:$port"
soon test -S "$work/relay.sock"
wire() {
  begin far nsenter "$(place)" python3 test/relay.py "tcp:$port" "unix:$work/relay.sock"
}
wire
reaches() {
  inside python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 2)"
}
must "it reaches the platform" soon reaches
begin engine nsenter "$(place)" dockerd --host "unix://$there/engine.sock" --data-root "$there/engine" \
  --exec-root "$there/exec" --pidfile "$there/engine.pid" --bip 172.31.99.1/24 \
  --containerd-namespace "stock$$" --containerd-plugins-namespace "stock-plugins$$"
if ! soon away version; then
  echo "not run: stock-agent: a second container engine does not start here: $(tail -n 1 "$work/engine.log")"
  exit 0
fi

# --- its identity: a role as AmazonEC2ContainerServiceforEC2Role, and a session of its own name ---
identity() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}\n' \
    "$ACCOUNT" >"$work/host-trust.json"
  cat >"$work/host-policy.json" <<END_OF_POLICY
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":["ecs:DiscoverPollEndpoint",
 "ecs:RegisterContainerInstance","ecs:DeregisterContainerInstance","ecs:Poll","ecs:StartTelemetrySession",
 "ecs:UpdateContainerInstancesState","ecs:Submit*","ecs:ListTagsForResource"]}]}
END_OF_POLICY
  aws iam create-role --role-name stock-host --assume-role-policy-document "file://$work/host-trust.json" &&
    aws iam put-role-policy --role-name stock-host --policy-name agent --policy-document "file://$work/host-policy.json"
}
must "a role for the host" identity
session() {
  aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/stock-host" --role-session-name "${1:-host-1}" \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text >"$there/session"
}
# The keys are in its environment and not among its arguments.
start_agent() {
  session || return 1
  mkdir -p "$there/state"
  cat >"$there/start" <<END_OF_START
read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <"$there/session"
ECS_EXTERNAL=true ECS_CLUSTER=$CLUSTER ECS_BACKEND_HOST=http://127.0.0.1:$port AWS_ENDPOINT_URL=http://127.0.0.1:$port
AWS_DEFAULT_REGION=$AWS_REGION DOCKER_HOST=unix://$there/engine.sock ECS_DATADIR=$there/state
ECS_LOGFILE=$there/agent.log ECS_AUDIT_LOGFILE=$there/audit.log ECS_LOGLEVEL=info HOME=$there
ECS_AVAILABLE_LOGGING_DRIVERS='["json-file","awslogs","none"]' ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true
ECS_ENABLE_TASK_IAM_ROLE=true ECS_DISABLE_IMAGE_CLEANUP=true ECS_INSTANCE_ATTRIBUTES='{"rack":"stock"}'
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN ECS_EXTERNAL ECS_CLUSTER ECS_BACKEND_HOST AWS_ENDPOINT_URL \\
  AWS_DEFAULT_REGION DOCKER_HOST ECS_DATADIR ECS_LOGFILE ECS_AUDIT_LOGFILE ECS_LOGLEVEL HOME \\
  ECS_AVAILABLE_LOGGING_DRIVERS ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE ECS_ENABLE_TASK_IAM_ROLE \\
  ECS_DISABLE_IMAGE_CLEANUP ECS_INSTANCE_ATTRIBUTES
exec nsenter "$(place)" "$agent_program"
END_OF_START
  begin agent env -i "PATH=$PATH" sh "$there/start"
}

must "a cluster" aws ecs create-cluster --cluster-name "$CLUSTER"
must "the agent starts" start_agent
instances() {
  query ecs list-container-instances --cluster "$CLUSTER" --filter 'attribute:rack == stock' --query 'containerInstanceArns[]'
}
instance_is() {
  same "$(query ecs describe-container-instances --cluster "$CLUSTER" --container-instances "$INSTANCE" \
    --query "containerInstances[0].$1")" "$2"
}
registered() {
  INSTANCE=$(instances)
  case $INSTANCE in arn:*) ;; *) return 1 ;; esac
  instance_is agentConnected True
}
must "it registers and connects" soon registered
INSTANCE=$(instances)
query ecs describe-container-instances --cluster "$CLUSTER" --container-instances "$INSTANCE" \
  --query 'containerInstances[0].[versionInfo.agentVersion,versionInfo.dockerVersion]' | sed 's/^/  agent and engine: /'

# --- what the tasks need ---
web_folder "$work/web" "stock agent"
push() {
  aws ecr create-repository --repository-name shop/web &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker build --quiet --tag "$host/shop/web:1" "$work/web" && docker push --quiet "$host/shop/web:1"
}
must "an image" push
PASSWORD=$(head -c 18 /dev/urandom | base64 | tr -d '\n')
TOKEN=$(head -c 18 /dev/urandom | base64 | tr -d '\n')
secrets() {
  aws ssm put-parameter --name /shop/db --type SecureString --value "$PASSWORD" &&
    aws secretsmanager create-secret --name shop/api --secret-string "{\"token\":\"$TOKEN\"}"
}
must "secrets" secrets
SECRET=$(query secretsmanager describe-secret --secret-id shop/api --query ARN)
roles() {
  trust_tasks "$work/trust.json"
  cat >"$work/exec.json" <<END_OF_POLICY
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":["ecr:GetAuthorizationToken",
 "ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:BatchGetImage","ssm:GetParameters",
 "secretsmanager:GetSecretValue","logs:CreateLogStream","logs:PutLogEvents"]}]}
END_OF_POLICY
  for role in shop-exec shop-app; do
    aws iam create-role --role-name "$role" --assume-role-policy-document "file://$work/trust.json" || return 1
  done
  aws iam put-role-policy --role-name shop-exec --policy-name least --policy-document "file://$work/exec.json"
}
must "roles" roles
must "a log group" aws logs create-log-group --log-group-name /shop/web

# define FAMILY IMAGE COMMAND MORE: one essential container; MORE are members of the container.
define() {
  cat >"$work/$1.json" <<END_OF_DEFINITION
{"family":"$1","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec","taskRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-app",
 "containerDefinitions":[{"name":"web","image":"$2","essential":true,"cpu":32,"memory":64,
  "command":["/bin/sh","-c","$3"]$4}]}
END_OF_DEFINITION
  aws ecs register-task-definition --cli-input-json "file://$work/$1.json"
}
# run FAMILY: on the other host; its ARN is in $out.
run() {
  TASK=$(query ecs run-task --cluster "$CLUSTER" --task-definition "$1" \
    --placement-constraints 'type=memberOf,expression=attribute:rack == stock' \
    --query '[tasks[].taskArn,failures[].[reason,detail][]][]')
  printf '%s\n' "$TASK"
  case $TASK in arn:*) ;; *) return 1 ;; esac
}
fact() {
  query ecs describe-tasks --cluster "$CLUSTER" --tasks "$1" --query "tasks[0].$2"
}
fact_is() {
  fact "$1" '[lastStatus,stoppedReason,containers[0].reason]' && same "$(fact "$1" "$2")" "$3"
}
container_of() {
  away ps --no-trunc --quiet --filter "label=com.amazonaws.ecs.task-arn=$1"
}
has_credentials() {
  away exec "$before" sh -c "busybox wget -qO- http://169.254.170.2\$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" | cut -c 1-60 |
    grep -q RoleArn
}
log_has() {
  aws logs filter-log-events --log-group-name /shop/web --query 'events[].message' --output text >"$work/lines" &&
    cat "$work/lines" && grep -Fq "$1" "$work/lines"
}

# --- a task with everything ---
# shellcheck disable=SC2016 # the container's shell expands
everything='printf %s $DB_PASSWORD:$API_TOKEN | sha256sum; busybox wget -qO- http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI | busybox sed s/,.*//; echo; trap '"'echo last words; exit 0'"' TERM; while :; do sleep 1; done'
must "a definition" define web "$host/shop/web:1" "$everything" ",
  \"secrets\":[{\"name\":\"DB_PASSWORD\",\"valueFrom\":\"/shop/db\"},{\"name\":\"API_TOKEN\",\"valueFrom\":\"$SECRET:token::\"}],
  \"portMappings\":[{\"containerPort\":80}],
  \"healthCheck\":{\"command\":[\"CMD-SHELL\",\"true\"],\"interval\":5},
  \"logConfiguration\":{\"logDriver\":\"awslogs\",\"options\":{\"awslogs-group\":\"/shop/web\",\"awslogs-stream-prefix\":\"web\"}}"
must "run-task" run web
web=$out
must "it runs" soon fact_is "$web" lastStatus RUNNING
check "its port is told" says '^[0-9]+$' fact "$web" 'containers[0].networkBindings[0].hostPort'
check "its image's digest is told" says '^sha256:' fact "$web" 'containers[0].imageDigest'
hash=$(printf '%s' "$PASSWORD:$TOKEN" | sha256sum | cut -d ' ' -f 1)
check "both secrets reached it, and its output our logs" soon log_has "$hash"
check "it has its role's credentials" soon log_has "arn:aws:iam::$ACCOUNT:role/shop-app"
check "its stream is called as on AWS" says "^web/web/${web##*/}\$" query logs describe-log-streams \
  --log-group-name /shop/web --query 'logStreams[].logStreamName'
check "it becomes healthy" soon fact_is "$web" healthStatus HEALTHY
check "no secret is in the agent's log" sh -c "! grep -Fq -e '$PASSWORD' -e '$TOKEN' '$there/agent.log'"

# --- its streams, which the agent itself ends and opens anew every half an hour ---
if [ "${HOLDFAST_LONG:-}" = stock-agent ]; then
  before=$(container_of "$web")
  sleep 2400
  check "forty minutes later: it ended its stream by itself" grep -q 'Reconnecting to ACS immediately' "$there/agent.log"
  check "forty minutes later: it is connected" soon instance_is agentConnected True
  check "forty minutes later: the same container runs" same "$(container_of "$web")" "$before"
  check "forty minutes later: with its role's credentials" has_credentials
fi

# --- a task that fails, and ones that cannot run there ---
must "a definition that fails" define fails "$host/shop/web:1" "exit 7" ""
must "run-task of it" run fails
fails=$out
check "its exit is told" soon fact_is "$fails" 'containers[0].exitCode' 7
check "and why it stopped" says 'EssentialContainerExited' fact "$fails" '[lastStatus,stopCode,stoppedReason]'
must "a definition with a chosen version" define chosen "$host/shop/web:1" "sleep 100" ",
  \"secrets\":[{\"name\":\"DB_PASSWORD\",\"valueFrom\":\"/shop/db:1\"}]"
must "run-task of it" run chosen
check "a version that this agent cannot read is refused in words" \
  soon says 'no chosen version' fact "$out" stoppedReason
cat >"$work/awsvpc.json" <<END_OF_DEFINITION
{"family":"awsvpc","networkMode":"awsvpc","containerDefinitions":[{"name":"web","image":"$host/shop/web:1","memory":64}],
 "executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec"}
END_OF_DEFINITION
must "a definition with awsvpc" aws ecs register-task-definition --cli-input-json "file://$work/awsvpc.json"
no_awsvpc() {
  query ecs run-task --cluster "$CLUSTER" --task-definition awsvpc --network-configuration 'awsvpcConfiguration={subnets=[subnet-1]}' \
    --placement-constraints 'type=memberOf,expression=attribute:rack == stock' --query 'failures[].[arn,reason,detail]'
}
check "is not placed there, and why is said" says "ATTRIBUTE" no_awsvpc

# --- a service over both hosts; the other is drained ---
must "a definition of the service" define steady "$host/shop/web:1" "trap 'exit 0' TERM; while :; do sleep 1; done" ""
must "create-service" aws ecs create-service --cluster "$CLUSTER" --service-name steady --task-definition steady \
  --desired-count 2 --placement-strategy type=spread,field=instanceId
check "it becomes stable" aws ecs wait services-stable --cluster "$CLUSTER" --services steady
tasks_there() {
  query ecs list-tasks --cluster "$CLUSTER" --family steady --container-instance "$INSTANCE" --query 'length(taskArns)'
}
service_tasks() {
  query ecs describe-services --cluster "$CLUSTER" --services steady \
    --query 'services[0].[runningCount,pendingCount,desiredCount]' | tr '\t' ' '
}
# there_are N OF: so many of the service's tasks are on the other host.
there_are() {
  service_tasks
  same "$(tasks_there)" "$1" && same "$(service_tasks)" "$2 0 $2"
}
check "one task is on each host" soon there_are 1 2
drain() {
  query ecs update-container-instances-state --cluster "$CLUSTER" --container-instances "$INSTANCE" --status "$1" \
    --query 'containerInstances[].status'
}
check "the host is drained" says DRAINING drain DRAINING
check "the service's task goes to the other host" soon there_are 0 2
check "a task of nobody's stays" fact_is "$web" lastStatus RUNNING
check "a drained host takes no task" refused 'failures|INACTIVE|MISSING|RESOURCE|No Container|memberOf|arn' run steady
check "the host is active again" says ACTIVE drain ACTIVE

# --- the agent is killed ---
before=$(container_of "$web")
ended agent KILL
check "the agent is killed: the platform sees it" soon instance_is agentConnected False
must "the agent starts again, with another session of the same name" start_agent
check "it is connected again" soon instance_is agentConnected True
check "there is one instance still" same "$(instances)" "$INSTANCE"
check "the task runs on" fact_is "$web" lastStatus RUNNING
check "in the same container" same "$(container_of "$web")" "$before"
check "with its role's credentials" soon has_credentials

# --- another name is another host ---
other_host() {
  session host-2 || return 1
  read -r key secret token <"$there/session"
  AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token aws ecs submit-task-state-change \
    --cluster "$CLUSTER" --task "$web" --status STOPPED
}
check "a session of another name does not speak for it" refused 'AccessDenied' other_host

# --- the platform is killed ---
kill -9 "$(cat "$data/server.pid")"
sleep 3
check "the platform is killed: the container runs" same "$(container_of "$web")" "$before"
must "the platform starts again" soon up
check "the agent comes back by itself" soon instance_is agentConnected True
check "the task runs on" fact_is "$web" lastStatus RUNNING
check "still in the same container" same "$(container_of "$web")" "$before"
must "and takes another task" run steady
single=$out
check "which runs" soon fact_is "$single" lastStatus RUNNING
check "and is stopped" aws ecs stop-task --cluster "$CLUSTER" --task "$single"
check "as it is told" soon fact_is "$single" lastStatus STOPPED

# --- the host is cut off: nothing comes through, and no connection is closed ---
check "a third task of the service" aws ecs update-service --cluster "$CLUSTER" --service steady --desired-count 3
check "goes to this host" soon there_are 1 3
old=$(query ecs list-tasks --cluster "$CLUSTER" --family steady --container-instance "$INSTANCE" --query 'taskArns[0]')
must "a definition with a restart policy" define blinks "$host/shop/web:1" "echo began; sleep 75; exit 3" ",
  \"restartPolicy\":{\"enabled\":true,\"restartAttemptPeriod\":60}"
must "run-task of it" run blinks
blinks=$out
must "it runs" soon fact_is "$blinks" lastStatus RUNNING
sleep 40 # until tasks of the service count as healthy
cut_at=$(date +%s)
kill -STOP "$(cat "$work/far.pid")"
patiently() { # for what takes more than ninety seconds
  soon "$@" || soon "$@"
}
check "cut off: the host is marked" patiently instance_is agentConnected False
echo "  after $(($(date +%s) - cut_at)) seconds"
replaced() {
  service_tasks
  same "$(query ecs list-tasks --cluster "$CLUSTER" --family steady --desired-status RUNNING --query 'length(taskArns)')" 3 &&
    ! query ecs list-tasks --cluster "$CLUSTER" --family steady --desired-status RUNNING --query 'taskArns[]' | grep -q "$old"
}
check "cut off: its service task is replaced elsewhere, and superseded" patiently replaced
check "cut off: containers there go on" test -n "$(container_of "$old")"
blink=$(container_of "$blinks")
began_again() {
  [ "$(away logs "$blink" 2>&1 | grep -c began)" -ge 2 ]
}
check "cut off: one that exited there was restarted by its policy" soon began_again
kill -CONT "$(cat "$work/far.pid")"
check "back: it is connected again" patiently instance_is agentConnected True
check "back: the superseded copy stops" soon fact_is "$old" lastStatus STOPPED
check "back: and nothing of it runs" soon same "$(container_of "$old")" ''
check "back: the restarted one is still the same task" fact_is "$blinks" lastStatus RUNNING
check "back: nothing was started twice" same "$(container_of "$web")" "$before"
check "back: the service has its three" soon there_are 0 3

# --- the end ---
must "the service ends" aws ecs delete-service --cluster "$CLUSTER" --service steady --force
check "stop-task" aws ecs stop-task --cluster "$CLUSTER" --task "$web"
check "the task stops" soon fact_is "$web" lastStatus STOPPED
check "its last words are in our logs" soon log_has "last words"
aws ecs stop-task --cluster "$CLUSTER" --task "$blinks" >/dev/null
soon fact_is "$blinks" lastStatus STOPPED
no_tasks_there() {
  same "$(query ecs list-tasks --cluster "$CLUSTER" --container-instance "$INSTANCE" --query 'length(taskArns)')" 0
}
check "no task is left there" soon no_tasks_there
check "deregister-container-instance" aws ecs deregister-container-instance --cluster "$CLUSTER" --container-instance "$INSTANCE"
gone() {
  same "$(instances)" "" || same "$(instances)" None
}
check "it is out of the cluster" soon gone
check "its stream is closed" soon grep -q InactiveInstanceException "$there/agent.log"
check "the audit is whole" ./holdfast audit verify --data-dir "$data"
echo "end of stock-agent"
