#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The build gives the same bytes wherever, whenever and by whomever it is run. The short form builds the
# module with the generated code, and what is below it, again in another folder with other file times,
# umask, language and time zone, and compares the jars with those of the image. With
# HOLDFAST_LONG=reproducible: the whole program, twice, in two folders.
#   test/reproducible.sh
set -u

HOLDFAST_HOME=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
script=reproducible
. "$HOLDFAST_HOME/test/lib.sh"
. "$HOLDFAST_HOME/lib/say.sh"
. "$HOLDFAST_HOME/lib/jdk.sh"
. "$HOLDFAST_HOME/lib/pins.sh"
. "$HOLDFAST_HOME/lib/build.sh"
need_jdk
need_maven
need_image

# built NAME UMASK ZONE LANGUAGE ARGUMENT...: builds a copy of the sources in an environment of its own.
built() {
  copy=$work/$1
  copy_sources "$copy"
  find "$copy" -exec touch -h -d 2001-02-03 {} +
  (
    umask "$2"
    TZ=$3 MAVEN_OPTS=-Duser.language=$4 USER=nobody
    export TZ MAVEN_OPTS USER
    shift 4
    maven_in "$copy" -DskipTests -Dspotless.check.skip=true "$@" package
  )
}

# alike FOLDER JAR...: these jars have the bytes of those with the same names in FOLDER.
alike() {
  folder=$1 unlike=0
  shift
  for jar in "$@"; do
    if ! cmp "$jar" "$folder/$(basename "$jar")"; then
      unlike=1
      jar_parts "$jar" >"$work/parts"
      jar_parts "$folder/$(basename "$jar")" | diff "$work/parts" - | head -n 10
    fi
  done
  printf '%s jars compared\n' "$#"
  [ "$unlike" = 0 ] && [ $# -gt 0 ]
}

# Prints the entries of a jar with their checksums and times, where Python is there to tell.
jar_parts() {
  python3 - "$1" <<'PY' 2>/dev/null
import sys, zipfile
for entry in zipfile.ZipFile(sys.argv[1]).infolist():
    print(entry.filename, hex(entry.CRC), entry.date_time, hex(entry.external_attr))
PY
}

if [ "${HOLDFAST_LONG:-}" = reproducible ]; then
  check "the program builds in one folder, in one thread" \
    built first 022 UTC en --threads 1 --projects app --also-make || exit 1
  check "and in another, in two threads, with other file times, umask, language and time zone" \
    built "second folder" 077 Pacific/Kiritimati tr --threads 2 --projects app --also-make || exit 1
  first=$work/first/app/target
  second="$work/second folder/app/target"
  check "both have the same bytes in every jar" alike "$second/lib" "$first"/lib/*.jar
  printf 'figures: %s\n' "$out"
  check "and in the program's own" alike "$second" "$first"/app-*.jar
  check "and so has the image that runs here" alike "$(image_lib)" "$first"/lib/*.jar "$first"/app-*.jar
else
  check "the generated code builds elsewhere, with other file times, umask, language and time zone" \
    built "a copy" 077 Pacific/Kiritimati tr --threads 2 --projects aws --also-make || exit 1
  set --
  for jar in "$work/a copy"/*/target/*.jar; do
    [ ! -f "$(image_lib)/$(basename "$jar")" ] || set -- "$@" "$jar"
  done
  check "its jars have the bytes of those that run here" alike "$(image_lib)" "$@"
fi
