#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Many agents connected to one server, from a second process over real websockets, each with a task that
# runs: how long DescribeTasks takes, and what the server holds for them, beside the same server before
# they came.
#   bench/agents.sh [AGENTS]     1000 without it
set -eu
cd "$(dirname "$0")/.."
agents=${1:-1000}
work=$(mktemp -d /tmp/holdfast-agents.XXXXXX)
data=$work/data
script=agents
HOLDFAST_HOME=$PWD
. lib/say.sh
. lib/jdk.sh
. lib/pins.sh
. test/lib.sh
. bench/image.sh
need_jdk
quiet_clients "$(command -v aws)"
port=$(free_port)

cleanup() {
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

maven --quiet --projects bench --also-make -DskipTests -Dspotless.check.skip=true package
./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
eval "$(./holdfast env --data-dir "$data" 2>/dev/null)"
AGENTS_SERVER=$(cat "$data/server.pid")
host=127.0.0.1:$port
aws ecr create-repository --repository-name bench/web >/dev/null
push_small "$work" "$host" bench/web "$(aws ecr get-login-password)"
account=$(aws sts get-caller-identity --query Account --output text)
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >"$work/trust.json"
aws iam create-role --role-name bench --assume-role-policy-document "file://$work/trust.json" >/dev/null
aws iam attach-role-policy --role-name bench --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
aws ecs create-cluster --cluster-name fleet >/dev/null
aws ecs register-task-definition --family web --execution-role-arn "arn:aws:iam::$account:role/bench" \
  --container-definitions "[{\"name\":\"app\",\"image\":\"$host/bench/web:1\",\"memory\":64}]" >/dev/null
export AGENTS_SERVER
"$JDK/bin/java" -cp "bench/target/classes:bench/target/lib/*" dev.holdfast.bench.spine.AgentsBenchmark "$agents"
