#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The whole program beside its peers, on this machine, in one run: start, memory, RunTask against a
# bare `docker run`, and push and pull of 200 MB against Debian's docker-registry. Prints medians and
# ratios; docs/benchmarks.md keeps a run. Needs root, a container engine, skopeo, docker-registry.
#   bench/voyage.sh [ROUNDS]
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-5}
work=$(mktemp -d /tmp/holdfast-bench.XXXXXX)
data=$work/data
port=$((20000 + $$ % 10000))
peer=$((port + 1))
. lib/say.sh
. lib/jdk.sh
HOLDFAST_HOME=$PWD
need_jdk

cleanup() {
  [ -z "${registry:-}" ] || kill "$registry" 2>/dev/null || true
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

now() { date +%s%N; }
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
millis() { awk -v n="$1" 'BEGIN {printf "%.0f", n / 1000000}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

signed() {
  curl -fsS -o /dev/null --max-time 2 --aws-sigv4 "aws:amz:us-east-1:sts" \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" \
    -d 'Action=GetCallerIdentity&Version=2011-06-15' "http://127.0.0.1:$port/" 2>/dev/null
}

./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
eval "$(./holdfast env --data-dir "$data")"
export AWS_PAGER='' AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null DOCKER_CONFIG="$work/docker"
mkdir -p "$DOCKER_CONFIG"

printf '== start\n'
cat >"$work/Hello.java" <<'J'
public class Hello { public static void main(String[] a) { System.out.println("hello"); } }
J
"$JDK/bin/javac" -d "$work" "$work/Hello.java"
: >"$work/starts"
: >"$work/jvms"
i=0
while [ "$i" -lt "$rounds" ]; do
  ./holdfast down --keep-tasks --data-dir "$data" >/dev/null
  a=$(now)
  ./holdfast up --data-dir "$data" --port "$port" >/dev/null 2>&1 &
  until signed; do sleep 0.01; done # a busy client would take one of the cores
  b=$(now)
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

printf '== memory, idle for 20 s\n'
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 1; done
server=$(cat "$data/server.pid")
rss() { awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$1/status"; }
agent=$(./holdfast status --json --data-dir "$data" | sed -n 's/.*"agent":{[^}]*"pid":\([0-9]*\).*/\1/p')
printf 'server %s MB, agent %s MB\n' "$(rss "$server")" "$([ -z "$agent" ] || rss "$agent")"

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
: >"$work/tasks"
: >"$work/runs"
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
  if [ "$i" -gt 0 ]; then # the first round warms both
    echo "$took" >>"$work/tasks"
    echo $((b - a)) >>"$work/runs"
  fi
  i=$((i + 1))
done
docker network rm holdfast-bench >/dev/null
task=$(median <"$work/tasks")
run=$(median <"$work/runs")
printf 'RunTask to RUNNING (createdAt to startedAt): %s ms, docker run %s ms, ratio %s\n' "$(millis "$task")" "$(millis "$run")" "$(ratio "$task" "$run")"
