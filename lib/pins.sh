# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# The pins: the SHA-256 of each file that Maven may take from a repository, dependencies and build
# plugins alike, jars and POMs (.mvn/checksums/checksums.sha256). lib/pins/Pins.java compares inside
# Maven, before a file is used; here it is compiled, handed to Maven, and asked whether it was at work.

PINS_FILE=.mvn/checksums/checksums.sha256

# Prints the folder that Maven is installed in.
maven_home() {
  home=$(readlink -f "$(command -v mvn)")
  home=${home%/bin/mvn}
  [ -d "$home/lib" ] || home=$(JAVA_HOME=$JDK mvn --version | sed -n 's/^Maven home: //p')
  printf '%s\n' "$home"
}

# need_pins_jar FOLDER: sets PINS_JAR to the comparing extension of a project, and compiles it where its
# source is newer.
need_pins_jar() {
  PINS_JAR=$1/target/tools/pins.jar
  pins_source=$1/lib/pins/Pins.java
  if [ -f "$PINS_JAR" ] && [ -z "$(find "$pins_source" -newer "$PINS_JAR")" ]; then
    return 0
  fi
  mkdir -p "$1/target/tools"
  pins_fresh=$(mktemp -d "$1/target/tools/pins.XXXXXX")
  mkdir -p "$pins_fresh/META-INF/sisu"
  echo dev.holdfast.pins.Pins >"$pins_fresh/META-INF/sisu/javax.inject.Named"
  # Old Mavens cannot read the class files of new releases.
  if "$JDK/bin/javac" --release 11 -proc:none -d "$pins_fresh" -cp "$(maven_home)/lib/*" "$pins_source" 2>"$pins_fresh.log" &&
    "$JDK/bin/jar" --create --file "$pins_fresh.jar" -C "$pins_fresh" META-INF -C "$pins_fresh" dev; then
    mv "$pins_fresh.jar" "$PINS_JAR"
    rm -rf "$pins_fresh" "$pins_fresh.log"
  else
    cat "$pins_fresh.log" >&2
    rm -rf "$pins_fresh" "$pins_fresh.log" "$pins_fresh.jar"
    say "the check of what Maven fetches does not compile against the Maven in $(maven_home)"
    return 1
  fi
}

# run_maven FOLDER ARGUMENT...: Maven in a project, with our JDK, whatever JAVA_HOME says. A jar keeps the
# modes of its folders, which are to be the same everywhere.
run_maven() {
  (umask 022 && cd "$1" && shift && JAVA_HOME=$JDK mvn --batch-mode --no-transfer-progress "$@")
}

# maven_in FOLDER ARGUMENT...: as run_maven, with each file that is taken from a repository compared first.
maven_in() {
  if [ ! -f "$1/$PINS_FILE" ]; then
    run_maven "$@"
    return
  fi
  need_pins_jar "$1" || return 1
  pins_witness=$1/target/tools/pins.$$.compared
  rm -f "$pins_witness"
  pins_project=$1
  shift
  maven_code=0
  run_maven "$pins_project" "-Dmaven.ext.class.path=$PINS_JAR" "-Dholdfast.pins.file=$pins_project/$PINS_FILE" \
    "-Dholdfast.pins.witness=$pins_witness" "$@" || maven_code=$?
  if [ "$maven_code" = 0 ] && [ ! -s "$pins_witness" ]; then
    echo "[ERROR] holdfast pins: Maven did not load the check of what it fetches"
    maven_code=1
  fi
  rm -f "$pins_witness"
  return "$maven_code"
}

# maven ARGUMENT...: as maven_in, here.
maven() {
  maven_in "$HOLDFAST_HOME" "$@"
}

PINS_HELP='Usage: ./holdfast pins
Write down the SHA-256 of each file that a build, its checks and one test fetch and that is not
pinned yet, into '$PINS_FILE'. Everything is fetched anew into a folder of its
own. A pinned file that has changed ends it. For maintainers: after a change of a dependency, a
plugin or its version; look at the difference before it is committed. To drop the pins of what is
no longer used, empty the file first.'

# copy_sources FOLDER: the project without what was built.
copy_sources() {
  mkdir -p "$1"
  (cd "$HOLDFAST_HOME" && tar -c --exclude=target --exclude=./.git --exclude=__pycache__ .) | tar -x -C "$1"
}

pins_main() {
  [ $# = 0 ] || {
    printf '%s\n' "$PINS_HELP"
    return 0
  }
  need_jdk
  need_maven
  need_pins_jar "$HOLDFAST_HOME" || exit 1
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  touch "$HOLDFAST_HOME/$PINS_FILE" "$work/new"
  copy_sources "$work/project"
  say "Fetching everything anew, with $(JAVA_HOME=$JDK mvn --version | head -n 1) (minutes; log in target/pins.log) ..."
  # One real test, so that the test runner's own parts are fetched.
  run_maven "$work/project" "-Dmaven.ext.class.path=$PINS_JAR" "-Dholdfast.pins.file=$work/project/$PINS_FILE" \
    "-Dholdfast.pins.witness=$work/compared" "-Dholdfast.pins.record=$work/new" \
    "-Dmaven.repo.local=$work/repository" \
    clean spotless:apply verify -Dtest=SpellingTest -Dsurefire.failIfNoSpecifiedTests=false \
    >"$HOLDFAST_HOME/target/pins.log" 2>&1 </dev/null || {
    grep '^\[ERROR\]' "$HOLDFAST_HOME/target/pins.log" | head -n 10 >&2
    fail "nothing was written; all of it: target/pins.log"
  }
  [ -s "$work/compared" ] || fail "Maven did not load the check of what it fetches"
  {
    sed -n '/^#/p' "$HOLDFAST_HOME/$PINS_FILE"
    cat "$HOLDFAST_HOME/$PINS_FILE" "$work/new" | grep -v '^#' | LC_ALL=C sort -k 2 -u
  } >"$work/pins"
  mv "$work/pins" "$HOLDFAST_HOME/$PINS_FILE"
  printf '%s new pins, %s in all (%s)\n' "$(grep -c . "$work/new")" \
    "$(grep -vc '^#' "$HOLDFAST_HOME/$PINS_FILE")" "$PINS_FILE"
}
