#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The spine under load, 16 connections, beside its peers in the same run: the JDK's HTTP server with the
# bytes of our health answer, RocksDB's own synced writes, and moto's server (from PyPI, where python3 has
# venv). Prints medians of rounds, CPU a call, and ratios; docs/benchmarks.md keeps a run.
#   bench/spine.sh [ROUNDS [growth [SIZE...]]]
# With `growth` also what a call costs among 1,000, 10,000 and 100,000 parameters, roles, images and tasks
# that run under stand-in agents, or among so many as are said (300 and more).
# DescribeTasks beside the other calls needs a container engine and root; without them it is not measured.
# Where BENCH_INTO names a folder, tables for docs/benchmarks.md are put there (bench/all.sh).
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-5}
growth=${2:-}
[ $# -lt 2 ] || shift 2
[ -n "$growth" ] || set --
work=$(mktemp -d /tmp/holdfast-spine.XXXXXX)
data=$work/data
script=spine
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
  for peer in ${SPINE_JDK_PID:-} ${SPINE_MOTO_PID:-}; do kill "$peer" 2>/dev/null || true; done
  timeout 60 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1 || true
  timeout 60 ./holdfast down --keep-tasks --data-dir "$data" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

maven --quiet --projects bench --also-make -DskipTests -Dspotless.check.skip=true package
./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
eval "$(./holdfast env --data-dir "$data" 2>/dev/null)"
SPINE_SERVER=$(cat "$data/server.pid")
host=127.0.0.1:$port
classes="bench/target/classes:bench/target/lib/*"

aws ssm put-parameter --name /bench/secret --type SecureString --value 'a secret of thirty-two characters' >/dev/null
aws ecr create-repository --repository-name bench/web >/dev/null
SPINE_TOKEN=$(aws ecr get-login-password)

push_small "$work" "$host" bench/web "$SPINE_TOKEN"
SPINE_MANIFEST=/v2/bench/web/manifests/sha256:$(sha256sum "$work/manifest" | cut -d ' ' -f 1)

account=$(aws sts get-caller-identity --query Account --output text)
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >"$work/trust.json"
aws iam create-role --role-name bench --assume-role-policy-document "file://$work/trust.json" >/dev/null
aws iam attach-role-policy --role-name bench --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy

# A task that sleeps.
SPINE_TASK=
if ./holdfast status --json --data-dir "$data" | grep -q '"connected":true' && [ -x /bin/busybox ]; then
  mkdir "$work/small"
  cp /bin/busybox "$work/small/"
  printf 'FROM scratch\nCOPY busybox /bin/busybox\nCMD ["/bin/busybox","sleep","3600"]\n' >"$work/small/Dockerfile"
  aws ecr create-repository --repository-name bench/box >/dev/null
  docker build -q -t "$host/bench/box:1" "$work/small" >/dev/null 2>&1
  printf '%s' "$SPINE_TOKEN" | docker login --username AWS --password-stdin "$host" >/dev/null 2>&1
  docker push -q "$host/bench/box:1" >/dev/null
  docker rmi "$host/bench/box:1" >/dev/null
  aws ecs create-cluster >/dev/null
  aws ecs register-task-definition --family box --execution-role-arn "arn:aws:iam::$account:role/bench" \
    --container-definitions "[{\"name\":\"a\",\"image\":\"$host/bench/box:1\",\"memory\":64,\"stopTimeout\":2}]" >/dev/null
  SPINE_TASK=$(aws ecs run-task --task-definition box --query 'tasks[0].taskArn' --output text)
  aws ecs wait tasks-running --tasks "$SPINE_TASK"
fi

# The peers.
SPINE_JDK=$((port + 1))
mkdir "$work/jdk-store"
"$JDK/bin/java" --enable-native-access=ALL-UNNAMED -cp "$classes" dev.holdfast.bench.spine.JdkPeer "$SPINE_JDK" "$work/jdk-store" &
SPINE_JDK_PID=$!
SPINE_MOTO='' SPINE_MOTO_PID=''
venv=target/tools/moto
if [ ! -x "$venv/bin/moto_server" ]; then
  mkdir -p target/tools
  { python3 -m venv "$venv" && "$venv/bin/pip" install -q 'moto[server,ssm]'; } >target/tools/moto.log 2>&1 || rm -rf "$venv"
fi
if [ -x "$venv/bin/moto_server" ]; then
  SPINE_MOTO=$((port + 2))
  "$venv/bin/moto_server" -p "$SPINE_MOTO" >"$work/moto.log" 2>&1 &
  SPINE_MOTO_PID=$!
  until curl -fsS -o /dev/null "http://127.0.0.1:$SPINE_MOTO/moto-api/" 2>/dev/null; do sleep 0.2; done
  aws ssm put-parameter --endpoint-url "http://127.0.0.1:$SPINE_MOTO" --name /bench/secret --type SecureString \
    --value 'a secret of thirty-two characters' >/dev/null
else
  say "moto's server could not be installed (target/tools/moto.log): not measured beside it"
fi
export SPINE_SERVER SPINE_TOKEN SPINE_MANIFEST SPINE_TASK SPINE_JDK SPINE_JDK_PID SPINE_MOTO SPINE_MOTO_PID
"$JDK/bin/java" --enable-native-access=ALL-UNNAMED -cp "$classes" dev.holdfast.bench.spine.SpineBenchmark \
  "$rounds" "$work"
if [ "$growth" = growth ]; then
  # Of what follows nothing runs in the engine: only stand-in agents of another cluster.
  [ -z "$SPINE_TASK" ] || aws ecs stop-task --task "$SPINE_TASK" >/dev/null
  ./holdfast quota RolesPerAccount 200000 --data-dir "$data" >/dev/null
  aws ecs create-cluster --cluster-name growth >/dev/null
  aws ecs register-task-definition --family growth --execution-role-arn "arn:aws:iam::$account:role/bench" \
    --container-definitions "[{\"name\":\"app\",\"image\":\"$host/bench/web:1\",\"memory\":64}]" >/dev/null
  SPINE_MANIFEST_TEXT=$(cat "$work/manifest")
  export SPINE_MANIFEST_TEXT
  "$JDK/bin/java" -cp "$classes" dev.holdfast.bench.spine.GrowthBenchmark "$@"
  # Started again among all of that: until it serves.
  : >"$work/starts"
  for start in 1 2 3; do
    ./holdfast down --keep-tasks --data-dir "$data" >/dev/null
    began=$(date +%s%N)
    ./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
    took=$((($(date +%s%N) - began) / 1000000))
    printf 'start %s among them: %s ms\n' "$start" "$took"
    printf '%s\n' "$took" >>"$work/starts"
  done
  if [ -n "${BENCH_INTO:-}" ]; then
    # shellcheck disable=SC2016 # Markdown's quotes
    printf '\n`./holdfast up --detach` among all of them, until it serves: %s ms (median of 3), load average %s.\n' \
      "$(sort -n "$work/starts" | sed -n 2p)" "$(cut -d ' ' -f 1 /proc/loadavg)" >>"$BENCH_INTO/growth.md"
  fi
fi
