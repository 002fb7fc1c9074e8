#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The fuzz targets once more, driven by Jazzer, which learns from the branches that are taken; our
# own engine learns from answers alone. Part of `./holdfast test --long fuzz`; needs a build with
# tests, and fetches Jazzer where it is not there.
#   test/jazzer.sh [PATTERN]   only the targets whose class and method match
#   JAZZER_SECONDS   for each target (30)
set -u
cd "$(dirname "$0")/.." || exit 1
version=0.30.0
seconds=${JAZZER_SECONDS:-30}
# When an execution counts as hung. The first ones load and rewrite every class that they use, and the clock is
# the wall's: on a busy machine that took longer than 20 s.
hangs=300
only=${1:-.}
driven=
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
jars=
for pinned in jazzer:8bdeac017bcd3d9473c9772fac62111c4df830188571def1d001a1b743a62b2f \
  jazzer-api:d36a725cfedcb7f3590206866cc2836f84d12afccf7c98912f5c720e4d2208d7; do
  name=${pinned%:*}
  jar=$repository/com/code-intelligence/$name/$version/$name-$version.jar
  [ -f "$jar" ] || mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get \
    "-Dartifact=com.code-intelligence:$name:$version" >/dev/null 2>&1
  if [ ! -f "$jar" ]; then
    echo "not run: Jazzer $version is not there and cannot be fetched"
    exit 0
  fi
  if ! printf '%s  %s\n' "${pinned#*:}" "$jar" | sha256sum -c --status; then
    echo "FAILED jazzer: $jar is not the file whose digest is written here"
    exit 1
  fi
  jars=$jars:$jar
done
# class_path MODULE: what the module's tests ran with, as their reports tell; nothing is resolved anew.
class_path() {
  sed -n 's/.*<property name="surefire.test.class.path" value="\([^"]*\)".*/\1/p' \
    "$1"/target/surefire-reports/TEST-*.xml 2>/dev/null | head -n 1
}

# drive CLASS METHOD CORPUS MODULE
drive() {
  printf '%s.%s\n' "$1" "$2" | grep -Eq -e "$only" || return 0
  driven=1
  tests=$(class_path "$4")
  if [ -z "$tests" ]; then
    echo "FAILED jazzer: $2 ($1): the tests of $4 have left no report: ./holdfast test --long fuzz"
    return
  fi
  seeds=$work/$1.$2
  # The bytes themselves: a corpus spells some of them.
  if ! "$java" -cp "$tests" dev.holdfast.kit.fuzz.Seeds "dev.holdfast.$1" "$3" "$seeds"; then
    echo "FAILED jazzer: $2 ($1): its seeds"
    return
  fi
  (cd "$work" && "$java" -Xmx384m -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED \
    -cp "$tests$jars" com.code_intelligence.jazzer.Jazzer \
    --target_class=dev.holdfast.kit.fuzz.Drive "--target_args=dev.holdfast.$1 $2" \
    '--instrumentation_includes=dev.holdfast.**:tools.jackson.**' \
    '--custom_hook_excludes=org.assertj.**:org.junit.**:net.bytebuddy.**' \
    "-max_total_time=$seconds" "-timeout=$hangs" "$seeds") >"$work/log" 2>&1
  code=$?
  runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$work/log")
  if [ "$code" = 0 ] && [ -n "$runs" ]; then
    echo "figures: jazzer $1.$2: $runs executions in $seconds s"
    echo "ok jazzer finds nothing in $2 ($1)"
  else
    grep -E '^== Java Exception|Caused by|Base64|Error|ERROR' "$work/log" | head -10
    echo "FAILED jazzer: $2 ($1)"
  fi
}

drive kit.KitFuzzTest json json kit
drive kit.KitFuzzTest record record kit
drive kit.KitFuzzTest arn arn kit
drive aws.CodecFuzzTest json awsjson aws
drive aws.CodecFuzzTest form form aws
drive aws.CodecFuzzTest xml xml aws
drive aws.agent.FrameFuzzTest frame frame aws
drive aws.sigv4.SignatureFuzzTest signature signature aws
drive policy.PolicyFuzzTest document policy policy
drive policy.PolicyFuzzTest glob glob policy
drive policy.PolicyFuzzTest network network policy
drive registry.plan.PlanFuzzTest reference reference registry
drive registry.plan.PlanFuzzTest range range registry
drive registry.plan.PlanFuzzTest manifest manifest registry
drive agent.engine.EngineFuzzTest engine engine agent
drive agent.task.AgentFuzzTest options options agent
drive agent.host.HostRulesFuzzTest rules rules agent
drive aws.session.ChannelFuzzTest frame channel aws
drive aws.sigv4.MachineSignatureFuzzTest signature machine aws
drive app.tls.RequestFuzzTest requested edit app
drive logs.plan.FilterPatternFuzzTest pattern pattern logs
drive logs.plan.PieceCodecFuzzTest piece piece logs
drive app.backup.CutFuzzTest read cut app
[ -n "$driven" ] || echo "FAILED jazzer: no target is like $only"
