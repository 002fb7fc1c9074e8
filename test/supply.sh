#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the build takes from elsewhere: a file that is not the pinned one ends it before it is used, and
# the bill of materials names what the image holds. Runs on copies: of the sources, and of the pinned
# files in the local Maven repository.
#   test/supply.sh
# Each check prints `ok NAME` or `FAILED NAME`; `not run: NAME: reason` where the machine lacks something.
set -u

HOLDFAST_HOME=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
script=supply
. "$HOLDFAST_HOME/test/lib.sh"
. "$HOLDFAST_HOME/lib/say.sh"
. "$HOLDFAST_HOME/lib/jdk.sh"
. "$HOLDFAST_HOME/lib/pins.sh"
. "$HOLDFAST_HOME/lib/build.sh"
need_jdk
local=${HOLDFAST_TEST_REPOSITORY:-$HOME/.m2/repository}

# --- the bill of materials, against the jars that run ---

# Prints `jar sha256` of what the bill lists.
billed() {
  python3 - "$work/bill" <<'PY'
import json, sys
from urllib.parse import unquote
bill = json.load(open(sys.argv[1]))
assert bill["bomFormat"] == "CycloneDX", bill["bomFormat"]
for part in bill["components"]:
    purl, _, query = unquote(part["purl"]).partition("?")
    words = dict(pair.split("=") for pair in query.split("&"))
    name = part["name"] + "-" + part["version"]
    if "classifier" in words:
        name += "-" + words["classifier"]
    print(name + ".jar", *[h["content"] for h in part["hashes"] if h["alg"] == "SHA-256"])
PY
}

bill_is_what_runs() {
  lib=$(image_lib)
  "$HOLDFAST_HOME/holdfast" version --sbom >"$work/bill" && billed | LC_ALL=C sort >"$work/billed" &&
    (cd "$lib" && for jar in *.jar; do
      case $jar in app-*) ;; *) sha256sum "$jar" | sed 's/^\([^ ]*\)  \(.*\)/\2 \1/' ;; esac
    done) | LC_ALL=C sort >"$work/run" && [ -s "$work/run" ] && diff "$work/billed" "$work/run"
}

bill_has_no_time() {
  ! grep -E '"(serialNumber|timestamp)"' "$work/bill"
}

if command -v python3 >/dev/null 2>&1; then
  need_image >/dev/null
  check "the bill of materials lists exactly the jars that run, by name and SHA-256" bill_is_what_runs
  check "it holds no time and no serial number, so that it can be built again" bill_has_no_time
else
  echo "not run: supply: the bill of materials: python3 is not installed"
fi

# --- changed files, on copies ---

if [ ! -d "$local" ] || ! command -v mvn >/dev/null 2>&1; then
  echo "not run: supply: changed files: no local Maven repository at $local"
  exit 0
fi
copy_sources "$work/project"
sed -n 's/^[0-9a-f]\{64\} [ *]//p' "$HOLDFAST_HOME/$PINS_FILE" >"$work/pinned"
while read -r file; do
  [ ! -f "$local/$file" ] || printf '%s\n' "$file"
done <"$work/pinned" >"$work/files"
mkdir "$work/repository"
tar -C "$local" -c -T "$work/files" | tar -C "$work/repository" -x

# compile [REPOSITORY]: compiles one module of the copy with these files alone.
compile() {
  rm -rf "$work/project/kit/target"
  maven_in "$work/project" --offline --projects kit "-Dmaven.repo.local=${1:-$work/repository}" compile
}

# pinned PATTERN: the first pinned file whose path matches.
pinned() {
  grep -E -m 1 "$1" "$work/files" || echo "no file is pinned that matches $1" >&2
}

# changed PATTERN: compiles with one more byte at the end of that file, which a jar does not mind.
changed() {
  file=$work/repository/$(pinned "$1")
  cp "$file" "$work/kept"
  printf '\n' >>"$file"
  code=0
  refused "$(basename "$file") is not the file that was pinned" compile || code=1
  mv "$work/kept" "$file"
  [ ! -e "$work/project/kit/target/classes" ] || code=1
  return "$code"
}

unpinned() {
  pin=$(pinned '^tools/.*/jackson-core-[^/]*\.jar$')
  sed -i "\\, $pin\$,d" "$work/project/$PINS_FILE"
  code=0
  refused "$(basename "$pin") is not pinned" compile || code=1
  cp "$HOLDFAST_HOME/$PINS_FILE" "$work/project/$PINS_FILE"
  return "$code"
}

# A repository inside the project is no more trusted than another.
inside() {
  cp -r "$work/repository" "$work/project/.repository"
  printf '\n' >>"$work/project/.repository/$(pinned '^tools/.*/jackson-core-[^/]*\.jar$')"
  code=0
  refused "is not the file that was pinned" compile "$work/project/.repository" || code=1
  rm -rf "$work/project/.repository"
  return "$code"
}

not_at_work() {
  cp "$work/project/target/tools/pins.jar" "$work/pins.jar"
  "$JDK/bin/jar" --create --file "$work/project/target/tools/pins.jar" -C "$work/project" pom.xml
  code=0
  refused "did not load the check" compile || code=1
  mv "$work/pins.jar" "$work/project/target/tools/pins.jar"
  return "$code"
}

check "a build from the pinned files passes" compile
check "a changed build plugin is refused before it runs" changed '/maven-compiler-plugin-[^/]*\.jar$'
check "a changed part of a build plugin is refused" changed '/plexus-compiler-javac-[^/]*\.jar$'
check "a changed compiler check is refused" changed '/error_prone_core-[^/]*\.jar$'
check "a changed library is refused" changed '^tools/.*/jackson-core-[^/]*\.jar$'
check "a changed POM is refused" changed '^tools/.*/jackson-core-[^/]*\.pom$'
check "a file that is not pinned is refused" unpinned
check "a changed file in a repository inside the project is refused" inside
check "a Maven that does not load the check has failed" not_at_work
check "and with everything as it was, the build passes again" compile
