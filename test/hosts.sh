#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Three machines under a rolling deployment with requests going on: one is killed, one is cut off and
# comes back. Each is a network namespace with a container engine and an agent of its own, joined over TLS.
#   test/hosts.sh [AWS]
# AWS is the program to use as `aws` (default: the one in PATH). Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
for tool in ip nsenter dockerd docker busybox python3 curl; do
  command -v "$tool" >/dev/null || {
    echo "not run: hosts: needs $tool"
    exit 0
  }
done
if [ "$(id -u)" != 0 ] || ! docker version >/dev/null 2>&1 || ! ip netns add "probe$$" 2>/dev/null; then
  echo "not run: hosts: needs root, a container engine, and network namespaces"
  exit 0
fi
ip netns delete "probe$$"

work=$(mktemp -d)
data=$work/data
script=hosts
. "$repo/test/lib.sh"
quiet_clients "${1:-$(command -v aws)}"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
port=$(free_port)
REGISTRY=127.0.0.1:$port
NET=198.18.$(($$ % 200))
BRIDGE=hf$$

over() {
  for n in 1 2 3; do
    for what in host engine; do
      [ ! -s "$work/$what$n.pid" ] || kill -9 "$(cat "$work/$what$n.pid")" 2>/dev/null
    done
    pkill -9 -f "$work/$n/" 2>/dev/null
    ip netns delete "$BRIDGE-$n" 2>/dev/null
  done
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  ip link delete "$BRIDGE" 2>/dev/null
  docker image rm --force "$REGISTRY/shop/web:1" "$REGISTRY/shop/web:2" >/dev/null 2>&1
  sleep 1
  grep -o "$work/[^ ]*" /proc/mounts | sort -r | xargs -r umount 2>/dev/null
  rm -rf "$work"
}
trap over EXIT

query() {
  aws "$@" --output text
}
there() {
  in=$1
  shift
  nsenter --net="/var/run/netns/$BRIDGE-$in" "$@"
}
engine() {
  on=$1
  shift
  docker --host "unix://$work/$on/docker.sock" "$@"
}

# --- the platform, and three machines around it ---
ip link add "$BRIDGE" type bridge && ip addr add "$NET.254/24" dev "$BRIDGE" && ip link set "$BRIDGE" up || exit 1
must "up" ./holdfast up --detach --profile standard --root-key "$work/root.key" --data-dir "$data" \
  --port "$port" --bind "$NET.254:0" --engine "$work/no-engine"
eval "$(./holdfast env --data-dir "$data")"
ACCOUNT=$(query sts get-caller-identity --query Account)
machine() {
  mkdir -p "$work/$1/engine"
  ip netns add "$BRIDGE-$1" &&
    ip link add "$BRIDGE-$1" type veth peer name eth0 netns "$BRIDGE-$1" &&
    ip link set "$BRIDGE-$1" master "$BRIDGE" up &&
    there "$1" ip link set lo up && there "$1" ip addr add "$NET.$1/24" dev eth0 && there "$1" ip link set eth0 up
}
begin_engine() {
  rm -f "$work/$1/docker.pid"
  there "$1" dockerd --data-root "$work/$1/engine/data" --exec-root "$work/$1/engine/exec" --pidfile "$work/$1/docker.pid" \
    --host "unix://$work/$1/docker.sock" --containerd-namespace "$BRIDGE-$1" \
    --containerd-plugins-namespace "$BRIDGE-$1-plugins" --bip "198.19.$1.1/24" >"$work/$1/dockerd.log" 2>&1 &
  echo $! >"$work/engine$1.pid"
  soon engine "$1" version
}
invite() {
  invitation=$(./holdfast host invite --name "machine-$1" --data-dir "$data" | tail -n 1)
  printf '%s\n' "$invitation" | awk '{ print $3 }' >"$work/$1/code"
  print=$(printf '%s\n' "$invitation" | awk '{ print $NF }')
  tls=$(./holdfast status --data-dir "$data" | sed -n 's/^tls *//p')
}
begin_host() {
  there "$1" ./holdfast host join "$tls" --ca-sha256 "$print" --data-dir "$work/$1/host" \
    --engine "$work/$1/docker.sock" <"$work/$1/code" >"$work/$1/host.log" 2>&1 &
  echo $! >"$work/host$1.pid"
}
connected() {
  ./holdfast host list --data-dir "$data" | grep -q "machine-$1 .* connected"
}
for n in 1 2 3; do
  must "machine $n" machine "$n"
  must "an engine on machine $n" begin_engine "$n"
  invite "$n"
  begin_host "$n"
done
for n in 1 2 3; do
  must "machine $n joins" soon connected "$n"
done

# --- a service on all three, spread over them ---
push() {
  rm -rf "$work/web"
  web_folder "$work/web" "$1"
  aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY" &&
    docker build --quiet --tag "$REGISTRY/shop/web:$1" "$work/web" && docker push --quiet "$REGISTRY/shop/web:$1"
}
must "a repository" aws ecr create-repository --repository-name shop/web
must "an image" push 1
must "another" push 2
role() {
  trust_tasks "$work/trust.json"
  printf '%s' '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":["ecr:GetAuthorizationToken","ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:BatchGetImage"]}]}' >"$work/exec.json"
  aws iam create-role --role-name shop-exec --assume-role-policy-document "file://$work/trust.json" &&
    aws iam put-role-policy --role-name shop-exec --policy-name least --policy-document "file://$work/exec.json"
}
must "a role" role
must "a cluster" aws ecs create-cluster --cluster-name shop
define() {
  cat >"$work/web-$1.json" <<END
{"family":"web","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec",
 "containerDefinitions":[{"name":"web","image":"$REGISTRY/shop/web:$1","essential":true,"cpu":32,"memory":64,
  "portMappings":[{"containerPort":80}],"stopTimeout":5,
  "healthCheck":{"command":["CMD-SHELL","nc -w 1 127.0.0.1 80 </dev/null"],"interval":5,"timeout":2,"retries":2}}]}
END
  aws ecs register-task-definition --cli-input-json "file://$work/web-$1.json"
}
must "a definition" define 1
must "a service of three" aws ecs create-service --cluster shop --service-name web --task-definition web \
  --desired-count 3 --placement-strategy type=spread,field=instanceId \
  --deployment-configuration 'minimumHealthyPercent=100,maximumPercent=200,deploymentCircuitBreaker={enable=true,rollback=true}'
service() {
  query ecs describe-services --cluster shop --services web --query "services[0].$1"
}
steady() {
  [ "$(service 'deployments[].rolloutState')" = COMPLETED ] && [ "$(service runningCount)" = 3 ]
}
long() {
  deadline=$(($(date +%s) + $1))
  shift
  until "$@" >"$work/last" 2>&1; do
    [ "$(date +%s)" -lt "$deadline" ] || {
      cat "$work/last"
      ./holdfast status --data-dir "$data"
      service 'events[:12].[message]'
      return 1
    }
    sleep 1
  done
}
must "it is steady" long 180 steady
# Where tasks are that answer, HOST:PORT each. A client that finds one silent tries the next.
places() {
  tasks=$(query ecs list-tasks --cluster shop --service-name web --query 'taskArns[]')
  # shellcheck disable=SC2086 # they are words
  aws ecs describe-tasks --cluster shop --tasks $tasks --output json | python3 -c '
import json, subprocess, sys
tasks = [t for t in json.load(sys.stdin)["tasks"] if t["lastStatus"] == "RUNNING" and t.get("healthStatus") == "HEALTHY"]
hosts = json.loads(subprocess.run(["aws", "ecs", "describe-container-instances", "--cluster", "shop", "--output", "json",
    "--container-instances"] + sorted({t["containerInstanceArn"] for t in tasks}), capture_output=True, text=True).stdout)
names = {i["containerInstanceArn"]: i["ec2InstanceId"] for i in hosts["containerInstances"]}
for t in tasks:
    print(names[t["containerInstanceArn"]].split("-")[-1], t["containers"][0]["networkBindings"][0]["hostPort"])
'
}
spread() {
  same "$(places | cut -d ' ' -f 1 | sort | tr '\n' ' ')" "1 2 3 "
}
check "one task is on each machine" spread

# --- requests, all the while: each takes the first task that answers ---
cat >"$work/ask.py" <<END
import os, socket, time
asked = refused = 0
while not os.path.exists("$work/enough"):
    try:
        places = [line.split() for line in open("$work/places")]
    except OSError:
        places = []
    asked += 1
    for host, port in places[asked % max(1, len(places)):] + places[:asked % max(1, len(places))]:
        try:
            with socket.create_connection(("$NET." + host, int(port)), 1) as s:
                s.settimeout(2)
                s.sendall(b"GET / HTTP/1.0\r\n\r\n")
                if b" 200 " in s.recv(64):
                    break
        except OSError:
            continue
    else:
        refused += 1
        print("refused at", time.strftime("%H:%M:%S"), places, flush=True)
    time.sleep(0.05)
print(asked, refused)
END
watch_places() {
  while [ ! -e "$work/enough" ]; do
    if places >"$work/places.new" 2>/dev/null && [ -s "$work/places.new" ]; then
      mv "$work/places.new" "$work/places"
    fi
    sleep 0.5
  done
}
places >"$work/places"
watch_places &
watcher=$!
python3 "$work/ask.py" >"$work/asked" 2>&1 &
asker=$!

must "a second revision" define 2
must "it is rolled out" aws ecs update-service --cluster shop --service web --task-definition web
sleep 2
kill -9 "$(cat "$work/host1.pid")"
pkill -9 -f "$work/1/" # its agent, its engine and what that runs
dead() {
  ! engine "$1" version
}
check "machine 1 is killed in the middle of it" dead 1
ip link set "$BRIDGE-2" down
check "machine 2 is cut off in the middle of it" sh -c "! ping -c 1 -W 1 $NET.2"
silent() {
  ./holdfast status --data-dir "$data" | grep -q "machine-2.*silent"
}
check "status says that machine 2 is silent" soon silent
on_three() {
  steady && same "$(places | cut -d ' ' -f 1 | sort -u | tr '\n' ' ')" "3 "
}
check "all is steady on machine 3 alone" long 300 on_three
check "the second revision runs" same "$(service taskDefinition | grep -o '[0-9]*$')" 2
before=$(engine 2 ps --quiet --filter label=com.amazonaws.ecs.task-arn | wc -l)
check "what ran on machine 2 runs on while it is cut off ($before)" test "$before" -ge 1
ip link set "$BRIDGE-2" up
check "machine 2 comes back" long 90 connected 2
ended_there() {
  same "$(engine 2 ps --quiet --filter label=com.amazonaws.ecs.task-arn | wc -l)" \
    "$(query ecs list-tasks --cluster shop --container-instance "$second" --query 'length(taskArns)')" && steady
}
second=$(query ecs list-container-instances --cluster shop --filter 'agentConnected == true' --query 'containerInstanceArns[]' |
  tr '\t' '\n' | while read -r arn; do
    name=$(query ecs describe-container-instances --cluster shop --container-instances "$arn" --query 'containerInstances[0].ec2InstanceId')
    [ "$name" != machine-2 ] || printf '%s' "$arn"
  done)
check "the superseded copies stop there, and what the API says is what runs" long 120 ended_there
check "three run, no more" same "$(query ecs list-tasks --cluster shop --service-name web --query 'length(taskArns)')" 3

touch "$work/enough"
wait "$asker" "$watcher" 2>/dev/null
tail -n 5 "$work/asked" | sed 's/^/  requests, refused: /'
none_refused() {
  read -r asked refused <<END
$(tail -n 1 "$work/asked")
END
  [ "$asked" -gt 200 ] && [ "$refused" = 0 ]
}
check "of the requests none was refused" none_refused
