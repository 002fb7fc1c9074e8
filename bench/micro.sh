#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The hot paths beside their limits, by JMH: bench/micro.sh [JMH options, such as -f 1 -wi 3 -i 5].
set -eu
cd "$(dirname "$0")/.."
HOLDFAST_HOME=$PWD
. lib/say.sh
. lib/jdk.sh
. lib/pins.sh
need_jdk
maven --quiet --projects bench --also-make -DskipTests -Dspotless.check.skip=true package
exec "$JDK/bin/java" -cp "bench/target/classes:bench/target/lib/*" org.openjdk.jmh.Main "$@"
