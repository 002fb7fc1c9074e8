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

# Sets PINS_JAR to the comparing extension, and compiles it where its source is newer.
need_pins_jar() {
  PINS_JAR=$HOLDFAST_HOME/target/tools/pins.jar
  source=$HOLDFAST_HOME/lib/pins/Pins.java
  if [ -f "$PINS_JAR" ] && [ -z "$(find "$source" -newer "$PINS_JAR")" ]; then
    return 0
  fi
  mkdir -p "$HOLDFAST_HOME/target/tools"
  fresh=$(mktemp -d "$HOLDFAST_HOME/target/tools/pins.XXXXXX")
  mkdir -p "$fresh/META-INF/sisu"
  echo dev.holdfast.pins.Pins >"$fresh/META-INF/sisu/javax.inject.Named"
  # Old Mavens cannot read the class files of new releases.
  if "$JDK/bin/javac" --release 11 -proc:none -d "$fresh" -cp "$(maven_home)/lib/*" "$source" 2>"$fresh.log" &&
    "$JDK/bin/jar" --create --file "$fresh.jar" -C "$fresh" META-INF -C "$fresh" dev; then
    mv "$fresh.jar" "$PINS_JAR"
    rm -rf "$fresh" "$fresh.log"
  else
    cat "$fresh.log" >&2
    rm -rf "$fresh" "$fresh.log" "$fresh.jar"
    say "the check of what Maven fetches does not compile against the Maven in $(maven_home)"
    return 1
  fi
}

# run_maven ARGUMENT...: Maven with our JDK, whatever JAVA_HOME says.
run_maven() {
  (cd "$HOLDFAST_HOME" && JAVA_HOME=$JDK mvn --batch-mode --no-transfer-progress "$@")
}

# maven ARGUMENT...: as run_maven, with each file that is taken from a repository compared first.
maven() {
  if [ ! -f "$HOLDFAST_HOME/$PINS_FILE" ]; then
    run_maven "$@"
    return
  fi
  need_pins_jar || return 1
  witness=$HOLDFAST_HOME/target/tools/pins.$$.compared
  rm -f "$witness"
  maven_code=0
  run_maven "-Dmaven.ext.class.path=$PINS_JAR" "-Dholdfast.pins.file=$HOLDFAST_HOME/$PINS_FILE" \
    "-Dholdfast.pins.witness=$witness" "$@" || maven_code=$?
  if [ "$maven_code" = 0 ] && [ ! -s "$witness" ]; then
    echo "[ERROR] holdfast pins: Maven did not load the check of what it fetches"
    maven_code=1
  fi
  rm -f "$witness"
  return "$maven_code"
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
  need_pins_jar || exit 1
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  touch "$HOLDFAST_HOME/$PINS_FILE" "$work/new"
  copy_sources "$work/project"
  say "Fetching everything anew, with $(mvn --version 2>/dev/null | head -n 1) (minutes; log in target/pins.log) ..."
  # One real test, so that the test runner's own parts are fetched.
  (
    HOLDFAST_HOME=$work/project
    run_maven "-Dmaven.ext.class.path=$PINS_JAR" "-Dholdfast.pins.file=$work/project/$PINS_FILE" \
      "-Dholdfast.pins.witness=$work/compared" "-Dholdfast.pins.record=$work/new" \
      "-Dmaven.repo.local=$work/repository" \
      clean spotless:check verify -Dtest=SpellingTest -Dsurefire.failIfNoSpecifiedTests=false
  ) >"$HOLDFAST_HOME/target/pins.log" 2>&1 </dev/null || {
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
