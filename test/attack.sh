#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Nobody gets out of a task: a hostile program (test/attack.py) in a real container tries each way to
# another task, the host, the platform and other accounts; beside each refusal is what is let through.
#   test/attack.sh AWS       AWS is the program to use as `aws`
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=attack
. "$repo/test/lib.sh"
if [ "$(id -u)" != 0 ] || ! docker version >/dev/null 2>&1 || ! command -v python3 >/dev/null 2>&1; then
  echo "not run: attack: needs root, a container engine and python3"
  exit 0
fi
quiet_clients "$1"
port=$(free_port)
service=$(free_port)
host=127.0.0.1:$port
cd "$repo" || exit 1

over() {
  [ -z "${listener:-}" ] || kill "$listener" 2>/dev/null
  timeout 120 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker rmi "$host/attack/own:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

must "up" ./holdfast up --detach --data-dir "$data" --port "$port"
lines=$(./holdfast env --data-dir "$data" 2>/dev/null) || exit 1
eval "$lines"
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) ;;
  *)
    echo "not run: attack: tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')"
    exit 0
    ;;
esac

# --- a stranger's account, with what the task would like to have ---
curl --silent --unix-socket "$data/run/admin.sock" --request POST http://admin/accounts >"$work/stranger"
field() {
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/stranger"
}
STRANGER=$(field AccountId)
as_stranger() {
  (
    unset AWS_SESSION_TOKEN
    AWS_ACCESS_KEY_ID=$(field AccessKeyId) AWS_SECRET_ACCESS_KEY=$(field SecretAccessKey)
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    "$@"
  )
}
must "another account" test -n "$STRANGER"
must "its repository" as_stranger aws ecr create-repository --repository-name attack/secret
must "its parameter" as_stranger aws ssm put-parameter --name /attack/own --type SecureString --value theirs

# --- the image, the roles, the definitions ---
image() {
  sh "$repo/test/sdk-image.sh" "$1" "$work/image" && cp "$repo/test/attack.py" "$work/image/root/usr/bin/attack" &&
    chmod 755 "$work/image/root/usr/bin/attack" &&
    aws ecr create-repository --repository-name attack/own &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker build --quiet --tag "$host/attack/own:1" "$work/image" && docker push --quiet "$host/attack/own:1"
}
must "an image with Python" image "$1"
roles() {
  box_role
  cat >"$work/attacker.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecs:*","ecr:*"],"Resource":"*"},
 {"Effect":"Allow","Action":"ssm:GetParameter","Resource":["arn:aws:ssm:*:*:parameter/attack/own"]}]}
END
  aws iam create-role --role-name attacker --assume-role-policy-document "file://$work/trust.json" &&
    aws iam put-role-policy --role-name attacker --policy-name much --policy-document "file://$work/attacker.json"
}
must "a role that may do much" roles
parameters() {
  aws ssm put-parameter --name /attack/own --type SecureString --value own-value &&
    aws ssm put-parameter --name /attack/other --type String --value other-value
}
must "parameters" parameters
must "a cluster" aws ecs create-cluster --cluster-name attack
# define FAMILY CONTAINERS [VOLUMES]
define() {
  printf '{"family":"%s","executionRoleArn":"arn:aws:iam::%s:role/shop-exec","taskRoleArn":"arn:aws:iam::%s:role/attacker",
    "containerDefinitions":[%s]%s}' "$1" "$ACCOUNT" "$ACCOUNT" "$2" "${3:-}" >"$work/definition.json"
  aws ecs register-task-definition --cli-input-json "file://$work/definition.json"
}
# container NAME ESSENTIAL COMMAND [MORE]
container() {
  printf '{"name":"%s","image":"%s/attack/own:1","cpu":64,"memory":192,"essential":%s,"command":[%s]%s}' \
    "$1" "$host" "$2" "$3" "${4:-}"
}
serve='"/usr/bin/python3","-m","http.server","8000","--directory","/tmp"'
stubborn='"/usr/bin/sh","-c","trap : TERM; while :; do /usr/bin/busybox sleep 1; done"'
must "a victim's definition" define victim \
  "$(container victim true "$stubborn" ',"stopTimeout":20'),$(container web true "$serve")"
run() {
  aws ecs run-task --cluster attack --task-definition "$1" --query 'tasks[0].taskArn' --output text | grep '^arn:'
}
must "a victim" run victim
VICTIM=$out
must "it runs" aws ecs wait tasks-running --cluster attack --tasks "$VICTIM"
# engine_id TASK CONTAINER: the engine's id of a container.
engine_id() {
  docker ps --quiet --no-trunc --filter "label=com.amazonaws.ecs.task-arn=$1" \
    --filter "label=com.amazonaws.ecs.container-name=$2"
}
victim=$(engine_id "$VICTIM" victim)
facts() {
  docker inspect --format "$1" "$2"
}
VICTIM_ID=$(facts '{{range .Config.Env}}{{println .}}{{end}}' "$victim" |
  sed -n 's|^AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/||p')
VICTIM_IP=$(facts '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(engine_id "$VICTIM" web)")
VICTIM_GATEWAY=$(facts '{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}' "$victim")
must "what an attacker would have to guess is known here" test -n "$VICTIM_ID" -a -n "$VICTIM_IP" -a -n "$VICTIM_GATEWAY"
python3 -m http.server "$service" --bind 0.0.0.0 --directory "$work/image" >/dev/null 2>&1 &
listener=$!
HOST_IP=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p')
HOST_IP=${HOST_IP:-$VICTIM_GATEWAY}
check "the host's own service answers the host" soon curl -fsS --max-time 5 --output /dev/null "http://$HOST_IP:$service/"
check "the victim's port answers the host" soon curl -fsS --max-time 5 --output /dev/null "http://$VICTIM_IP:8000/"

# --- nothing has happened yet ---
agent_pid() {
  ./holdfast status --json --data-dir "$data" | sed -n 's/.*"agent":{[^}]*"pid":\([0-9]*\).*/\1/p'
}
no_alarm() {
  ./holdfast status --data-dir "$data" >"$work/said" && cat "$work/said" && ! grep -q '^alarm' "$work/said"
}
agent=$(agent_pid)
kill -9 "$agent"
came_back() {
  ./holdfast status --json --data-dir "$data" | grep -v "\"pid\":${agent}[,}]" | grep -q '"connected":true'
}
check "an agent that was killed comes back" soon came_back
check "and there is no alarm" no_alarm

# --- the attack ---
pair() {
  printf '{"name":"%s","value":"%s"}' "$1" "$2"
}
knows=",\"environment\":[$(pair VICTIM_ID "$VICTIM_ID"),$(pair VICTIM_IP "$VICTIM_IP"),$(pair VICTIM_TASK "$VICTIM"),
 $(pair VICTIM_GATEWAY "$VICTIM_GATEWAY"),$(pair HOST_IP "$HOST_IP"),$(pair PLATFORM_PORT "$port"),$(pair AGENT_PORT 51679),
 $(pair HOST_SERVICE "$service"),$(pair STRANGER "$STRANGER"),$(pair ADMIN_SOCKET "$data/run/admin.sock")],
 \"dependsOn\":[{\"containerName\":\"side\",\"condition\":\"START\"}]"
must "the attacker's definition" define attacker \
  "$(container attack true '"/usr/bin/python3","/usr/bin/attack"' "$knows"),$(container side false "$serve")"
must "the attacker" run attacker
ATTACKER=$out
must "it ends" aws ecs wait tasks-stopped --cluster attack --tasks "$ATTACKER"
./holdfast logs "$ATTACKER" --data-dir "$data" >"$work/outcome" 2>&1
# outcome NAME PATTERN: the attack's own words on one way.
outcome() {
  grep -F -e "$1: " "$work/outcome"
  grep -F -e "$1: " "$work/outcome" | grep -Eq -e "^[^:]*.*: ($2)\$"
}
# each PATTERN PREFIX: every line of that prefix, of which there is one, ends this way.
each() {
  grep -F -e "$2" "$work/outcome"
  grep -Fq -e "$2" "$work/outcome" && ! grep -F -e "$2" "$work/outcome" | grep -Evq -e ": ($1)\$"
}
must "the attack came to its end" outcome end 'of attack'
check "credentials: its own" outcome 'own credentials' given
check "credentials: another's by id" outcome "another's credentials by id" '400 none'
check "credentials: another's by query" outcome "another's credentials by query" '400 none'
check "credentials: another's by a forwarded header" outcome "another's credentials by header" '400 none'
check "credentials: another's listener" each 'nothing \(.*' "another's listener"
check "credentials: its own listener past the door" outcome 'own listener past the door' 'nothing \(.*'
check "credentials: guessing finds nothing and is slowed down" outcome 'guessing credentials' '0 found, throttled'
check "credentials: its own still, after that" outcome 'own credentials after it' given
check "network: another task's unpublished port" outcome "another's unpublished port" 'nothing \(.*'
check "network: its own task's other container" outcome 'own side container' 'reached HTTP/1.0 200 OK'
check "network: the cloud's instance metadata, in any spelling and protocol" each 'nothing \(.*' 'instance metadata as'
check "network: another task's port, in any spelling" each 'nothing \(.*' "another's unpublished port as"
check "network: while such spellings lead to the agent" each 'reached HTTP/1.1 .*' 'the agent as'
check "network: the platform" each 'nothing \(.*' 'the platform at'
check "network: the host's services" each 'nothing \(.*' 'a service of the host at'
check "network: the container engine's TCP" each 'nothing \(.*' 'the engine at'
check "sockets: the engine's" each absent 'socket docker.sock'
check "sockets: the platform's" each absent 'socket admin.sock'
check "sockets: none of the host's at all" each absent 'sockets of the host'
check "platform: its own parameter" outcome 'own parameter' '200 own-value'
check "platform: another parameter of its account" outcome 'a parameter of its account that it may not read' \
  '400 AccessDeniedException'
check "platform: another account's parameter" outcome 'a parameter of another account' \
  '400 (AccessDeniedException|ParameterNotFound|ValidationException)'
check "platform: another account's repository" outcome 'a repository of another account' \
  '400 (AccessDeniedException|RepositoryNotFoundException|RepositoryPolicyNotFoundException)'
check "platform: its images" outcome 'its images' '400 (AccessDeniedException|RepositoryNotFoundException)'
check "platform: its own account's repository" outcome 'a repository of its own account' '200'
check "platform: its own images" outcome 'its own images' '200'
check "platform: a token of the registry is had" outcome 'a token of the registry' '200'
check "platform: and leads to no blob of another account" outcome 'a blob of another account' '403 404'
check "platform: nor mounts one" outcome 'mounting a blob of another account' '403 404'
check "platform: no machine is registered through the agent" each '400|403' 'registering as a machine,'
check "platform: no web identity is taken through the agent" each '400|403' 'a web identity,'
check "platform: ECS is allowed" outcome 'an allowed call of ECS' '200'
for operation in RegisterContainerInstance DiscoverPollEndpoint SubmitTaskStateChange SubmitContainerStateChange \
  SubmitAttachmentStateChanges; do
  check "platform: $operation is an agent's" each '400 AccessDeniedException' "$operation"
done
check "platform: streams and pages through the agent" each 404 'through the agent:'
check "confinement: no new privileges" outcome 'no new privileges' 1
check "confinement: seccomp" outcome seccomp 2
check "confinement: capabilities" each absent 'capability '
for way in mount 'unshare a user namespace' 'write a kernel parameter' 'write sysrq' 'write cgroups' \
  "read the kernel's memory" 'raw socket' 'a disk of the host'; do
  check "confinement: $way" outcome "$way" refused
done
grep '^guesses answered' "$work/outcome" | sed 's/^/  figures: /'

# --- the agent's own socket ---
# control USER-ID: asks the agent for logs as that user.
control() {
  setpriv --reuid="$1" --clear-groups curl --silent --unix-socket "$data/run/agent.sock" --max-time 5 \
    --output /dev/null --write-out '%{http_code}' 'http://agent/logs?task=none'
}
if [ -S "$data/run/agent.sock" ]; then
  check "the agent's socket keeps another user out" same "$(control 65534)" 000
  chmod 711 "$work" "$data" "$data/run" && chmod 666 "$data/run/agent.sock"
  check "and where it were open, the agent does" same "$(control 65534)" 403
  check "while its own user is let in" same "$(control 0)" 404
  chmod 700 "$work" "$data" "$data/run" && chmod 600 "$data/run/agent.sock"
fi

# --- the alarm, and the audit ---
from_task() {
  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ListTasks \
    --query 'Events[].CloudTrailEvent' --output text | grep -F '"sourceIPAddress":"127.0.0.2"' | grep -F 'assumed-role/attacker/'
}
check "the audit tells a task's calls from those of the machine's users" soon from_task
check "status has the alarms" says "alarm +refused .*assumed-role/attacker/.*SubmitTaskStateChange with the session of the task" \
  ./holdfast status --data-dir "$data"
audited() {
  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=RegisterContainerInstance \
    --query 'Events[].CloudTrailEvent' --output text | grep -F 'AccessDeniedException' | grep -F 'assumed-role/attacker/'
}
check "the audit has the attempts" soon audited
check "the victim's task is as it was" same \
  "$(aws ecs describe-tasks --cluster attack --tasks "$VICTIM" --query 'tasks[0].lastStatus' --output text)" RUNNING

# --- a flood from one task ---
must "a flooding definition" define flood "$(container flood true '"/usr/bin/python3","/usr/bin/attack","flood"')"
agent=$(agent_pid)
must "a flood" run flood
FLOOD=$out
must "it runs or ran" soon aws ecs wait tasks-running --cluster attack --tasks "$FLOOD"
# inside CONTAINER: the answer of its own credentials endpoint, in at most three seconds.
inside() {
  docker exec "$1" /usr/bin/python3 -c "
import os, urllib.request
print(urllib.request.urlopen('http://169.254.170.2' + os.environ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'], timeout=3).read().decode())"
}
check "another task gets its credentials meanwhile" inside "$victim"
aws ecs wait tasks-stopped --cluster attack --tasks "$FLOOD"
check "the agent lived through it" same "$(agent_pid)" "$agent"
check "and so did the victim's credentials" inside "$victim"

# --- StopTask ends the sessions at once ---
inside "$victim" >"$work/keys"
key() {
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/keys"
}
as_victim() {
  (
    AWS_ACCESS_KEY_ID=$(key AccessKeyId) AWS_SECRET_ACCESS_KEY=$(key SecretAccessKey) AWS_SESSION_TOKEN=$(key Token)
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    "$@"
  )
}
# A blob of the stranger, and what a task's own password of the registry does with it.
# blob REPOSITORY FILE PASSWORD: pushes a blob; prints the status.
blob() {
  place=$(curl --silent --user "AWS:$3" --request POST --dump-header - --output /dev/null "http://$host/v2/$1/blobs/uploads/" |
    sed -n 's/^[Ll]ocation: *\([^[:cntrl:]]*\).*/\1/p')
  case $place in
    http*) ;;
    *) place=http://$host$place ;;
  esac
  case $place in
    *'?'*) place="$place&" ;;
    *) place="$place?" ;;
  esac
  curl --silent --user "AWS:$3" --request PUT --output /dev/null --write-out '%{http_code}' --data-binary "@$2" \
    --header 'Content-Type: application/octet-stream' "${place}digest=sha256:$(sha256sum "$2" | cut -d' ' -f1)"
}
# asks METHOD PATH: the status of what the task's role asks of the registry.
asks() {
  curl --silent --user "AWS:$password" --request "$1" --output /dev/null --write-out '%{http_code}' "http://$host/v2/$2"
}
echo "nobody else's" >"$work/theirs"
echo "of two repositories" >"$work/ours"
theirs=sha256:$(sha256sum "$work/theirs" | cut -d' ' -f1)
ours=sha256:$(sha256sum "$work/ours" | cut -d' ' -f1)
must "another repository of its own" aws ecr create-repository --repository-name attack/two
check "the stranger pushes a blob" same "$(blob attack/secret "$work/theirs" "$(as_stranger aws ecr get-login-password)")" 201
password=$(as_victim aws ecr get-login-password)
check "the task's role pushes a blob" same "$(blob attack/own "$work/ours" "$password")" 201
check "and mounts it in its other repository" same "$(asks POST "attack/two/blobs/uploads/?mount=$ours&from=attack/own")" 201
check "and has it there" same "$(asks GET "attack/two/blobs/$ours")" 200
for from in "$STRANGER/attack/secret" attack/secret; do
  check "no mount from $from: an empty upload begins" same \
    "$(asks POST "attack/two/blobs/uploads/?mount=$theirs&from=$from")" 202
done
check "the blob is not there" same "$(asks GET "attack/two/blobs/$theirs")" 404
check "nor to be had from the stranger's repository" same "$(asks GET "$STRANGER/attack/secret/blobs/$theirs")" 403

check "a task's session works outside it too, until the task is to stop" says ':assumed-role/attacker/' \
  as_victim aws sts get-caller-identity
reason=$(printf 'red \033[31m\033]0;title\007 \302\2331m \342\200\256 <b>\nstatus: forged')
check "stop-task, with a hostile reason" aws ecs stop-task --cluster attack --task "$VICTIM" --reason "$reason" \
  --query task.desiredStatus --output text
check "its password of the registry is over too" same "$(asks GET "attack/own/blobs/$ours")" 401
check "then it is over" refused ExpiredToken as_victim aws sts get-caller-identity
check "though the container still runs" same "$(facts '{{.State.Running}}' "$victim")" true
check "and its endpoint gives nothing any more" refused 'HTTP Error 400' inside "$victim"

# --- what others wrote is harmless where we print it ---
# harmless FILE: nothing in it acts on a terminal; lines and tabs are fine.
harmless() {
  python3 - "$1" <<'END'
import sys, unicodedata
with open(sys.argv[1], encoding="utf-8") as f:
    text = f.read()
bad = {c for c in text if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")}
sys.exit(f"{sorted(map(hex, map(ord, bad)))}" if bad else 0)
END
}
./holdfast task explain "$VICTIM" --data-dir "$data" >"$work/explained"
check "task explain: a hostile reason is shown" grep -q 'red .e\[31m' "$work/explained"
check "task explain: and is harmless" harmless "$work/explained"
check "task explain: and begins no line" sh -c "! grep -q '^status: forged' '$work/explained'"
must "a definition that writes ill words" define words "$(container words true '"/usr/bin/python3","/usr/bin/attack","words"')"
must "it writes them" run words
WORDS=$out
aws ecs wait tasks-stopped --cluster attack --tasks "$WORDS"
./holdfast logs "$WORDS" --data-dir "$data" >"$work/words"
./holdfast logs "$WORDS" --raw --data-dir "$data" >"$work/words-raw"
check "logs: ill words are shown" grep -q '<script>alert(1)</script>' "$work/words"
check "logs: and harmless" harmless "$work/words"
check "logs --raw: as they were written" grep -q "$(printf '\033')" "$work/words-raw"
./holdfast status --data-dir "$data" >"$work/status"
./holdfast status --json --data-dir "$data" >"$work/status.json"
for file in "$work/status" "$work/status.json" "$data/logs/server.log" "$data/logs/agent.log"; do
  check "harmless: ${file##*/}" harmless "$file"
done

# --- the host's policy, on a real engine ---
must "a definition that mounts the host" define host \
  "$(container host true '"/usr/bin/true"' ',"mountPoints":[{"sourceVolume":"v","containerPath":"/v","readOnly":true}]')" \
  ',"volumes":[{"name":"v","host":{"sourcePath":"/"}}]'
# Nothing is started in vain: the agent tells what its host gives, and what it never does.
no_host() {
  aws ecs run-task --cluster attack --task-definition "$1" --output text \
    --query '[length(tasks),failures[0].reason,failures[0].detail]' >"$work/reason"
  cat "$work/reason"
  grep -Eq "^0[[:space:]]ATTRIBUTE[[:space:]]$2" "$work/reason"
}
check "policy: no host is found for a task with the host's root" no_host host 'no container gets / of this host'
check "policy: and none of its containers was made" test -z \
  "$(docker ps --all --quiet --filter label=com.amazonaws.ecs.task-definition-family=host)"

# --- what is left ---
check "down --stop-tasks" timeout 150 ./holdfast down --stop-tasks --data-dir "$data"
installation=$(sed -n 's/.*"id":"\([^"]*\)".*/\1/p' "$data/installation.json")
debris() {
  docker ps --all --quiet --filter "label=dev.holdfast.installation=$installation"
  docker network ls --quiet --filter "label=dev.holdfast.installation=$installation"
  nft list tables | grep "$installation"
}
check "nothing stays" test -z "$(debris)"
echo "end of attack"
