#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The whole program beside its peers, on this machine, in one run: start, fresh and again; memory beside
# that of a bare JVM with the JDK's HTTP server; RunTask against a bare `docker run`, and against the engine
# alone, asked for the same container; and push and pull of 200 MB against Debian's docker-registry. Prints
# medians and ratios; docs/benchmarks.md keeps a run.
# Needs root, a container engine, skopeo, docker-registry.
#   bench/voyage.sh [ROUNDS]
# Where BENCH_INTO names a folder, a table for docs/benchmarks.md is put there (bench/all.sh).
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-5}
work=$(mktemp -d /tmp/holdfast-bench.XXXXXX)
data=$work/data
port=$((20000 + $$ % 10000))
peer=$((port + 1))
. lib/say.sh
. lib/jdk.sh
. lib/run.sh
HOLDFAST_HOME=$PWD
need_jdk

cleanup() {
  for peer in ${registry:-} ${bare:-}; do kill "$peer" 2>/dev/null || true; done
  [ ! -d "$work/fresh" ] || ./holdfast down --stop-tasks --data-dir "$work/fresh" >/dev/null 2>&1 || true
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

now() { date +%s%N; }
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
millis() { awk -v n="$1" 'BEGIN {printf "%.0f", n / 1000000}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

load() { cut -d ' ' -f 1 /proc/loadavg; }
# cpu PID: its CPU seconds so far.
cpu() { awk '{printf "%.2f", ($14 + $15) / 100}' "/proc/$1/stat"; }
less() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a - b}'; }
verdict() { awk -v a="$1" -v goal="$2" 'BEGIN {print (a <= goal) ? "met" : "missed"}'; }

# row WHAT OURS BESIDE RATIO GOAL CPU: one of the table.
row() {
  [ -z "${BENCH_INTO:-}" ] || printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "$5" "$(load)" "$6" >>"$BENCH_INTO/whole.md"
}
if [ -n "${BENCH_INTO:-}" ]; then
  cat >"$BENCH_INTO/whole.md" <<'M'
The whole program, medians:

| what | Holdfast | beside it | ratio | goal | load average | CPU seconds of the server |
| --- | --- | --- | --- | --- | --- | --- |
M
fi

signed() {
  curl -fsS -o /dev/null --max-time 2 --aws-sigv4 "aws:amz:us-east-1:sts" \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" \
    -d 'Action=GetCallerIdentity&Version=2011-06-15' "http://127.0.0.1:$port/" 2>/dev/null
}

./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
eval "$(./holdfast env --data-dir "$data")"
export AWS_PAGER='' AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null DOCKER_CONFIG="$work/docker"
mkdir -p "$DOCKER_CONFIG"

printf '== start, fresh: an empty directory, and the operator signs in with ./holdfast env\n'
serves() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$port/_holdfast/health" 2>/dev/null; }
./holdfast down --keep-tasks --data-dir "$data" >/dev/null
for f in serving fresh.times cpus; do : >"$work/$f"; done
i=0
while [ "$i" -lt "$rounds" ]; do
  a=$(now)
  ./holdfast up --data-dir "$work/fresh" --port "$port" >/dev/null 2>&1 &
  until serves; do sleep 0.01; done
  b=$(now)
  (
    eval "$(./holdfast env --data-dir "$work/fresh" 2>/dev/null)"
    until signed; do sleep 0.01; done
    now >"$work/signed"
  )
  echo $((b - a)) >>"$work/serving"
  echo $(($(cat "$work/signed") - a)) >>"$work/fresh.times"
  cpu "$(cat "$work/fresh/server.pid")" >>"$work/cpus"
  echo >>"$work/cpus"
  ./holdfast down --stop-tasks --data-dir "$work/fresh" >/dev/null
  rm -rf "$work/fresh"
  i=$((i + 1))
done
fresh=$(median <"$work/fresh.times")
printf 'to the first signed answer: %s ms, of which %s until it serves\n' "$(millis "$fresh")" "$(millis "$(median <"$work/serving")")"
row "start to the first signed answer, fresh, \`./holdfast env\` included" "$(millis "$fresh") ms, serving after $(millis "$(median <"$work/serving")")" - - - "$(median <"$work/cpus")"

printf '== start, again\n'
./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
cat >"$work/Hello.java" <<'J'
public class Hello { public static void main(String[] a) { System.out.println("hello"); } }
J
"$JDK/bin/javac" -d "$work" "$work/Hello.java"
: >"$work/starts"
: >"$work/jvms"
: >"$work/cpus"
i=0
while [ "$i" -lt "$rounds" ]; do
  ./holdfast down --keep-tasks --data-dir "$data" >/dev/null
  a=$(now)
  ./holdfast up --data-dir "$data" --port "$port" >/dev/null 2>&1 &
  until signed; do sleep 0.01; done # a busy client would take one of the cores
  b=$(now)
  cpu "$(cat "$data/server.pid")" >>"$work/cpus"
  echo >>"$work/cpus"
  echo $((b - a)) >>"$work/starts"
  a=$(now)
  "$JDK/bin/java" -XX:+UseSerialGC -cp "$work" Hello >/dev/null
  b=$(now)
  echo $((b - a)) >>"$work/jvms"
  i=$((i + 1))
done
start=$(median <"$work/starts")
jvm=$(median <"$work/jvms")
printf 'launcher to first signed answer: %s ms, %s times a bare JVM hello (%s ms)\n' "$(millis "$start")" "$(ratio "$start" "$jvm")" "$(millis "$jvm")"

row "start to the first signed answer, again" "$(millis "$start") ms" "bare JVM hello $(millis "$jvm") ms" "$(ratio "$start" "$jvm")" \
  "700 ms: $(verdict "$(millis "$start")" 700)" "$(median <"$work/cpus")"

printf '== memory, idle for 20 s, beside a bare JVM of the same flags with the HTTP server of the JDK\n'
cat >"$work/Idle.java" <<'J'
public class Idle {
  public static void main(String[] a) throws Exception {
    var server = com.sun.net.httpserver.HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", exchange -> { exchange.sendResponseHeaders(200, -1); exchange.close(); });
    server.start();
  }
}
J
"$JDK/bin/javac" -d "$work" "$work/Idle.java"
# shellcheck disable=SC2046,SC2086 # flags
"$JDK/bin/java" $JVM_FLAGS $(heap_flags server) -cp "$work" Idle >/dev/null 2>&1 &
bare=$!
server=$(cat "$data/server.pid")
before=$(cpu "$server")
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 1; done
rss() { awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$1/status"; }
agent=$(./holdfast status --json --data-dir "$data" | sed -n 's/.*"agent":{[^}]*"pid":\([0-9]*\).*/\1/p')
idle=$(rss "$server")
jvm=$(rss "$bare")
agent_idle=$([ -z "$agent" ] || rss "$agent")
kill "$bare" 2>/dev/null || true
bare=
printf 'server %s MB, agent %s MB, bare JVM %s MB\n' "$idle" "$agent_idle" "$jvm"
row "server, idle 20 s" "$idle MB" "bare JVM $jvm MB" "$(ratio "$idle" "$jvm")" "120 MB: $(verdict "$idle" 120)" "$(less "$(cpu "$server")" "$before")"
row "agent, idle 20 s" "${agent_idle:-not measured} MB" "bare JVM $jvm MB" "$([ -z "$agent_idle" ] || ratio "$agent_idle" "$jvm")" "" ""

printf '== push and pull of 200 MB by skopeo\n' # a fresh repository each round
mkdir -p "$work/image/root"
n=0
: >"$work/layers"
while [ "$n" -lt 8 ]; do
  head -c 26214400 /dev/urandom >"$work/image/root/blob$n"
  n=$((n + 1))
done
printf 'FROM scratch\nCOPY root/blob0 /\nCOPY root/blob1 /\nCOPY root/blob2 /\nCOPY root/blob3 /\nCOPY root/blob4 /\nCOPY root/blob5 /\nCOPY root/blob6 /\nCOPY root/blob7 /\n' >"$work/image/Dockerfile"
DOCKER_BUILDKIT=0 docker build -q -t holdfast-bench:1 "$work/image" >/dev/null 2>&1
docker save holdfast-bench:1 -o "$work/image.tar"
docker rmi holdfast-bench:1 >/dev/null
skopeo copy -q "docker-archive:$work/image.tar" "oci:$work/oci:1"
cat >"$work/registry.yml" <<Y
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/registry}, cache: {blobdescriptor: inmemory}}
http: {addr: 127.0.0.1:$peer}
Y
docker-registry serve "$work/registry.yml" >/dev/null 2>&1 &
registry=$!
answers() { curl -fsS -o /dev/null --max-time 2 "http://127.0.0.1:$peer/v2/" 2>/dev/null; }
n=0
until answers; do
  n=$((n + 1))
  if [ "$n" -gt 600 ] || ! kill -0 "$registry" 2>/dev/null; then
    fail "docker-registry does not answer at 127.0.0.1:$peer: there is nothing to measure push and pull beside."
  fi
  sleep 0.1
done
aws ecr create-repository --repository-name bench/big >/dev/null
aws ecr put-image-tag-mutability --repository-name bench/big --image-tag-mutability MUTABLE >/dev/null
token=$(aws ecr get-login-password)
# skopeo remembers where it has seen a blob and would mount it instead of pushing it.
forget() { rm -f /var/lib/containers/cache/blob-info-cache-v1.* "$HOME/.local/share/containers/cache/blob-info-cache-v1."*; }
timed() {
  a=$(now)
  "$@" >/dev/null
  b=$(now)
  echo $((b - a))
}
i=0
before=$(cpu "$server")
for f in push pull ppush ppull; do : >"$work/$f"; done
while [ "$i" -lt "$rounds" ]; do
  aws ecr create-repository --repository-name "bench/r$i" >/dev/null
  rm -rf "$work/out" "$work/pout"
  forget
  timed skopeo copy -q --dest-tls-verify=false --dest-creds "AWS:$token" "oci:$work/oci:1" "docker://127.0.0.1:$port/bench/r$i:1" >>"$work/push"
  forget
  timed skopeo copy -q --dest-tls-verify=false "oci:$work/oci:1" "docker://127.0.0.1:$peer/bench/r$i:1" >>"$work/ppush"
  timed skopeo copy -q --src-tls-verify=false --src-creds "AWS:$token" "docker://127.0.0.1:$port/bench/r$i:1" "oci:$work/out:1" >>"$work/pull"
  timed skopeo copy -q --src-tls-verify=false "docker://127.0.0.1:$peer/bench/r$i:1" "oci:$work/pout:1" >>"$work/ppull"
  i=$((i + 1))
done
for what in push pull; do
  ours=$(median <"$work/$what")
  theirs=$(median <"$work/p$what")
  printf '%s: %s ms, docker-registry %s ms, ratio %s\n' "$what" "$(millis "$ours")" "$(millis "$theirs")" "$(ratio "$ours" "$theirs")"
  row "$what 200 MB, skopeo" "$(millis "$ours") ms" "docker-registry $(millis "$theirs") ms" "$(ratio "$ours" "$theirs")" \
    "1.00: $(verdict "$(ratio "$ours" "$theirs")" 1)" "$(awk -v a="$(less "$(cpu "$server")" "$before")" -v n="$rounds" 'BEGIN {printf "%.2f", a / n}') (push and pull)"
done

printf '== RunTask to RUNNING against docker run\n'
mkdir -p "$work/small"
cp /bin/busybox "$work/small/"
printf 'FROM scratch\nCOPY busybox /bin/busybox\nCMD ["/bin/busybox","sleep","600"]\n' >"$work/small/Dockerfile"
DOCKER_BUILDKIT=0 docker build -q -t "127.0.0.1:$port/bench/big:1" "$work/small" >/dev/null 2>&1
printf '%s' "$token" | docker login --username AWS --password-stdin "127.0.0.1:$port" >/dev/null 2>&1
docker push -q "127.0.0.1:$port/bench/big:1" >/dev/null
account=$(aws sts get-caller-identity --query Account --output text)
printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >"$work/trust.json"
aws iam create-role --role-name bench --assume-role-policy-document "file://$work/trust.json" >/dev/null
aws iam attach-role-policy --role-name bench --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy
aws ecs create-cluster >/dev/null
aws ecs register-task-definition --family bench --execution-role-arn "arn:aws:iam::$account:role/bench" \
  --container-definitions "[{\"name\":\"a\",\"image\":\"127.0.0.1:$port/bench/big:1\",\"memory\":64,\"stopTimeout\":2}]" >/dev/null
docker network create holdfast-bench >/dev/null
socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
# same_again ARN: writes down what the engine is asked for a container like that of a task, but for its network
# and the names of its labels, which the agent listens for.
same_again() {
  made=$(docker ps -aq --filter "label=dev.holdfast.task-arn=$1")
  docker inspect --format '{{json .Config}} {{json .HostConfig}}' "$made" |
    sed -e 's/} {/,"HostConfig":{/' -e 's/$/}/' -e 's/"dev\.holdfast\./"bench.holdfast./g' \
      -e 's/"NetworkMode":"[^"]*"/"NetworkMode":"holdfast-bench"/' >"$work/container.json"
}
# engine_alone: nanoseconds that the engine takes to create and start it, asked by a bare client over one connection.
engine_alone() {
  curl -fsS -o /dev/null -w '%{time_total}\n' --unix-socket "${socket#unix://}" -H 'Content-Type: application/json' \
    --data-binary "@$work/container.json" 'http://engine/containers/create?name=holdfast-bench' \
    --next -fsS -o /dev/null -w '%{time_total}\n' --unix-socket "${socket#unix://}" -X POST \
    http://engine/containers/holdfast-bench/start | awk '{s += $1} END {printf "%.0f\n", s * 1000000000}'
}
before=$(cpu "$server")
: >"$work/tasks"
: >"$work/runs"
: >"$work/floor"
i=0
while [ "$i" -le "$rounds" ]; do
  aws ecs run-task --task-definition bench >"$work/task.json"
  arn=$(sed -n 's/.*"taskArn": "\(arn[^"]*:task\/[^"]*\)".*/\1/p' "$work/task.json" | head -n 1)
  until aws ecs describe-tasks --tasks "$arn" >"$work/task.json" && grep -q '"lastStatus": "RUNNING"' "$work/task.json" && grep -q startedAt "$work/task.json"; do
    sleep 1 # a client that asks without a pause takes one of two cores from what is measured
  done
  took=$(awk -F'[:,]' '/"createdAt"/ {c=$2} /"startedAt"/ {s=$2} END {printf "%.0f", (s - c) * 1000000000}' "$work/task.json")
  aws ecs stop-task --task "$arn" >/dev/null
  until aws ecs describe-tasks --tasks "$arn" --query 'tasks[].lastStatus' --output text | grep -q STOPPED; do
    sleep 1 # else the peer starts beside a container that ends
  done
  a=$(now)
  id=$(docker run -d --network holdfast-bench -m 64m "127.0.0.1:$port/bench/big:1")
  b=$(now)
  docker rm -f "$id" >/dev/null
  same_again "$arn"
  alone=$(engine_alone)
  docker rm -f holdfast-bench >/dev/null
  if [ "$i" -gt 0 ]; then # the first round warms all three
    echo "$took" >>"$work/tasks"
    echo $((b - a)) >>"$work/runs"
    echo "$alone" >>"$work/floor"
  fi
  i=$((i + 1))
done
docker network rm holdfast-bench >/dev/null
task=$(median <"$work/tasks")
run=$(median <"$work/runs")
floor=$(median <"$work/floor")
printf 'RunTask to RUNNING (createdAt to startedAt): %s ms, docker run %s ms, ratio %s\n' "$(millis "$task")" "$(millis "$run")" "$(ratio "$task" "$run")"
printf 'the engine alone, asked to create and start the same: %s ms, ratio %s\n' "$(millis "$floor")" "$(ratio "$task" "$floor")"
used=$(awk -v a="$(less "$(cpu "$server")" "$before")" -v n="$rounds" 'BEGIN {printf "%.2f", a / (n + 1)}')
row "RunTask to RUNNING" "$(millis "$task") ms" "docker run $(millis "$run") ms" "$(ratio "$task" "$run")" \
  "1.15: $(verdict "$(ratio "$task" "$run")" 1.15)" "$used (with the calls that ask)"
row "the same" "$(millis "$task") ms" "the engine alone, create and start of the same container $(millis "$floor") ms" "$(ratio "$task" "$floor")" "-" "-"
