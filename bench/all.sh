#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every figure of the spine in one run, with its peers beside it: calls over 16 connections, durable writes,
# start fresh and again, idle memory, RunTask beside `docker run`, what a call costs as the state grows; and
# the figures of the last `./holdfast test --long soak`, if there was one. Medians of rounds as ratios, with
# load averages and the server's CPU. Writes them into docs/benchmarks.md, between two marks, so that a table
# there comes from one run.
#   bench/all.sh [ROUNDS]     5 without it; an hour or so, on a machine that does nothing else
# To see whether it works: BENCH_PAGE names another page, BENCH_SIZES other sizes to grow to, SPINE_WARM
# seconds to warm up.
#   BENCH_PAGE=/tmp/page.md BENCH_SIZES='300 600 900' SPINE_WARM=1 bench/all.sh 1
# shellcheck disable=SC2016 # Markdown's quotes
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-5}
page=${BENCH_PAGE:-docs/benchmarks.md}
HOLDFAST_HOME=$PWD
. lib/say.sh
. lib/jdk.sh
need_jdk
BENCH_INTO=$(mktemp -d /tmp/holdfast-all.XXXXXX)
export BENCH_INTO
trap 'rm -rf "$BENCH_INTO"' EXIT
mkdir -p target
begin='<!-- measured: begin -->'
end='<!-- measured: end -->'
if [ "$page" != docs/benchmarks.md ] && [ ! -f "$page" ]; then
  printf '%s\n%s\n' "$begin" "$end" >"$page"
fi
for mark in "$begin" "$end"; do
  grep -qxF "$mark" "$page" || fail "$page has no place for what is measured ($mark)"
done

missing=0
# part NAME COMMAND...: its tables lie in $BENCH_INTO, what it prints in target/bench-NAME.log.
part() {
  part=$1
  shift
  say "Measuring: $* (log in target/bench-$part.log) ..."
  code=0
  "$@" >"target/bench-$part.log" 2>&1 </dev/null || code=$?
  if [ "$code" != 0 ]; then
    missing=1
    say "It ended with exit code $code:"
    tail -n 5 "target/bench-$part.log" >&2
  fi
}

# table NAME WHAT: a part's table, or that there is none.
table() {
  echo
  if [ -s "$BENCH_INTO/$1.md" ]; then
    cat "$BENCH_INTO/$1.md"
  else
    echo "$2: not measured in this run."
  fi
}

soak() {
  figures=$(sed -n 's/.*figures: soak, /Soak, /p' target/test-soak.log 2>/dev/null | tail -n 1)
  echo
  if [ -n "$figures" ]; then
    printf 'The last `./holdfast test --long soak` (%s). %s\n' "$(date -u -r target/test-soak.log '+%Y-%m-%d')" "$figures"
  else
    echo 'Soak: no figures of a long run lie in `target/test-soak.log`.'
  fi
}

load=$(cut -d ' ' -f 1-3 /proc/loadavg)
# shellcheck disable=SC2086 # a list of sizes
part spine sh bench/spine.sh "$rounds" growth ${BENCH_SIZES:-}
part voyage sh bench/voyage.sh "$rounds"
{
  printf '%s\n' "$begin"
  printf 'Written by `bench/all.sh %s` on %s: %s processors, Linux %s, %s, revision %s; load average %s when it began.\n' \
    "$rounds" "$(date -u '+%Y-%m-%d')" "$(nproc)" "$(uname -r | cut -d - -f 1)" \
    "$("$JDK/bin/java" --version 2>/dev/null | sed -n 2p | sed 's/ (.*//')" "$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" "$load"
  table calls "Calls over 16 connections"
  table whole "The whole program"
  table growth "What a call costs as the state grows"
  soak
  printf '%s\n' "$end"
} >"$BENCH_INTO/section"
awk -v begin="$begin" -v end="$end" -v section="$BENCH_INTO/section" '
  $0 == begin {while ((getline line < section) > 0) print line; inside = 1}
  !inside {print}
  $0 == end {inside = 0}' "$page" >"$BENCH_INTO/page"
cat "$BENCH_INTO/page" >"$page"
say "Written into $page."
exit "$missing"
