#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The hot paths beside their limits, by JMH: bench/micro.sh [JMH options, such as -f 1 -wi 3 -i 5].
set -eu
cd "$(dirname "$0")/.."
HOLDFAST_HOME=$PWD
. lib/say.sh
. lib/jdk.sh
need_jdk
JAVA_HOME=$JDK mvn --batch-mode -q --projects bench --also-make -DskipTests -Dspotless.check.skip=true package
JAVA_HOME=$JDK mvn --batch-mode -q --projects bench --also-make -DskipTests dependency:build-classpath -Dmdep.outputFile="$PWD/target/bench.classpath" >/dev/null 2>&1 || true
exec "$JDK/bin/java" -cp "bench/target/classes:$(cat target/bench.classpath)" org.openjdk.jmh.Main "$@"
