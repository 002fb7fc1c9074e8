#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Logs: PutLogEvents beside the same bytes compressed and synced to a file, FilterLogEvents over a million
# lines beside grep over the same lines in a file, and a container's flood through awslogs beside the
# engine's own json-file, in the same run.
#   bench/logs.sh [LINES [FLOOD]]     1000000 lines to search, 500000 of the flood
# The flood needs a container engine and root; without them it is not measured.
set -eu
cd "$(dirname "$0")/.."
lines=${1:-1000000}
flood=${2:-500000}
work=$(mktemp -d /tmp/holdfast-logs.XXXXXX)
data=$work/data
script=logs
HOLDFAST_HOME=$PWD
. lib/say.sh
. lib/jdk.sh
. lib/pins.sh
. test/lib.sh
need_jdk
quiet_clients "$(command -v aws)"
port=$(free_port)
host=127.0.0.1:$port

cleanup() {
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

maven --quiet --projects bench --also-make -DskipTests -Dspotless.check.skip=true package
./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
eval "$(./holdfast env --data-dir "$data" 2>/dev/null)"
printf 'load average %s\n' "$(cat /proc/loadavg)"
aws logs create-log-group --log-group-name /bench/put >/dev/null
"$JDK/bin/java" -cp "bench/target/classes:bench/target/lib/*" dev.holdfast.bench.spine.LogsBenchmark "$lines" "$work"

if ! ./holdfast status --json --data-dir "$data" | grep -q '"connected":true' || [ ! -x /bin/busybox ]; then
  say "no agent with a container engine: the flood is not measured"
  exit 0
fi
now() { date +%s%N; }
millis() { echo $(($1 / 1000000)); }
mkdir "$work/small"
cp /bin/busybox "$work/small/"
# Lines of a hundred digits; busybox's own seq pads to no width.
printf 'FROM scratch\nCOPY busybox /bin/busybox\nCMD ["/bin/busybox","awk","BEGIN { for (i = 1; i <= %s; i++) printf \\"%%0100d\\\\n\\", i }"]\n' \
  "$flood" >"$work/small/Dockerfile"
aws ecr create-repository --repository-name bench/flood >/dev/null
docker build -q -t "$host/bench/flood:1" "$work/small" >/dev/null 2>&1
aws ecr get-login-password | docker login --username AWS --password-stdin "$host" >/dev/null 2>&1
docker push -q "$host/bench/flood:1" >/dev/null
account=$(aws sts get-caller-identity --query Account --output text)
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >"$work/trust.json"
aws iam create-role --role-name bench --assume-role-policy-document "file://$work/trust.json" >/dev/null
aws iam attach-role-policy --role-name bench --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
aws logs create-log-group --log-group-name /bench/flood >/dev/null
aws ecs create-cluster >/dev/null
aws ecs register-task-definition --family flood --execution-role-arn "arn:aws:iam::$account:role/bench" \
  --container-definitions "[{\"name\":\"app\",\"image\":\"$host/bench/flood:1\",\"memory\":64,\"logConfiguration\":
   {\"logDriver\":\"awslogs\",\"options\":{\"awslogs-group\":\"/bench/flood\",\"awslogs-stream-prefix\":\"f\",\"awslogs-region\":\"$AWS_REGION\"}}}]" >/dev/null
a=$(now)
id=$(docker run -d --log-driver json-file "$host/bench/flood:1")
docker wait "$id" >/dev/null
b=$(now)
theirs=$((b - a))
found=$(docker logs "$id" | wc -l)
docker rm "$id" >/dev/null
printf 'json-file: %s lines in %s ms\n' "$found" "$(millis "$theirs")"
a=$(now)
task=$(aws ecs run-task --task-definition flood --query 'tasks[0].taskArn' --output text)
until aws ecs describe-tasks --tasks "$task" --query 'tasks[0].lastStatus' --output text | grep -q STOPPED; do sleep 1; done
stream=f/app/${task##*/}
last() {
  aws logs get-log-events --log-group-name /bench/flood --log-stream-name "$stream" --limit 1 --query 'events[0].message' --output text 2>/dev/null
}
tries=120
until [ "$(last | sed 's/^0*//')" = "$flood" ] || [ "$tries" = 0 ]; do
  tries=$((tries - 1))
  sleep 1
done
b=$(now)
printf 'awslogs: the last of %s lines (%s) after %s ms, %s times json-file\n' "$flood" "$(last | sed 's/^0*//')" "$(millis $((b - a)))" \
  "$(awk -v a="$((b - a))" -v b="$theirs" 'BEGIN {printf "%.2f", a / b}')"
