#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One decision of the policy engine beside Cedar and Casbin, by JMH: bench/peers.sh [JMH options, such as
# -f 1 -wi 3 -i 5 -prof gc]. Both come from Maven Central and are kept in bench/peers/target; they are no part
# of Holdfast, so that no other build fetches them.
set -eu
cd "$(dirname "$0")/.."
HOLDFAST_HOME=$PWD
. lib/say.sh
. lib/jdk.sh
. lib/pins.sh
need_jdk
maven --quiet --projects policy --also-make -DskipTests -Dspotless.check.skip=true package
lib=bench/peers/target/lib
[ -d "$lib" ] || JAVA_HOME=$JDK mvn --batch-mode --quiet --file bench/peers/pom.xml dependency:copy-dependencies \
  -DincludeScope=runtime "-DoutputDirectory=$PWD/$lib"
# Holdfast's Jackson is of another package than Cedar's.
path="policy/target/classes:kit/target/classes:$lib/*:$(find ~/.m2/repository/tools/jackson/core -name '*.jar' | tr '\n' ':')"
mkdir -p bench/peers/target/classes
"$JDK/bin/javac" -proc:full -nowarn -d bench/peers/target/classes -cp "$path" bench/peers/PeersBenchmark.java
exec "$JDK/bin/java" -cp "bench/peers/target/classes:$path" org.openjdk.jmh.Main "$@"
