#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Start among many roles: so many roles whose policies are of ten documents, so many open sessions; the server
# is started again among them, beside its start with none, and each session makes its first call.
#   bench/roles.sh [ROLES [SESSIONS]]     10000 and 1000 without them
# Where BENCH_INTO names a folder, a table for docs/benchmarks.md is put there.
set -eu
cd "$(dirname "$0")/.."
roles=${1:-10000}
sessions=${2:-1000}
work=$(mktemp -d /tmp/holdfast-roles.XXXXXX)
data=$work/data
HOLDFAST_HOME=$PWD
. lib/say.sh
. lib/jdk.sh
. lib/pins.sh
. test/lib.sh
need_jdk
port=$(free_port)

cleanup() {
  timeout 60 ./holdfast down --keep-tasks --data-dir "$data" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

maven --quiet --projects bench --also-make -DskipTests -Dspotless.check.skip=true package
./holdfast up --detach --data-dir "$data" --port "$port" >/dev/null
eval "$(./holdfast env --data-dir "$data" 2>/dev/null)"
./holdfast quota RolesPerAccount "$((roles + 1000))" --data-dir "$data" >/dev/null
"$JDK/bin/java" -cp "bench/target/classes:bench/target/lib/*" dev.holdfast.bench.spine.RolesBenchmark \
  "$data" "$roles" "$sessions"
