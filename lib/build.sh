# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# The build: sources in, a run image out. An image is a folder named by the content of its jars, so
# that a new build never changes a file under a running process:
#   target/dist/stamp        as new as the sources that were built last
#   target/dist/current      the name of the image to run
#   target/dist/NAME/lib/    its jars
#   target/dist/aot/KEY.aot  start-up caches (lib/run.sh)

DIST=$HOLDFAST_HOME/target/dist

# Whether sources are newer than the build. A removed file shows in its folder's time.
is_stale() {
  [ -f "$DIST/stamp" ] && [ -s "$DIST/current" ] && [ -d "$DIST/$(cat "$DIST/current")/lib" ] || return 0
  newer=$(
    cd "$HOLDFAST_HOME" || exit 1
    set -- pom.xml .mvn models
    for module in */pom.xml; do
      [ ! -f "$module" ] || set -- "$@" "$module"
      [ ! -d "${module%/pom.xml}/src/main" ] || set -- "$@" "${module%/pom.xml}/src/main"
    done
    find "$@" -newer "$DIST/stamp" ! -path '*/__pycache__*' -print 2>/dev/null | head -n 1
  )
  [ -n "$newer" ]
}

# Prints the folder of the jars to run; a program that we started runs the image it was started from.
image_lib() {
  if [ "${HOLDFAST_NO_BUILD:-}" = 1 ] && [ -d "$DIST/${HOLDFAST_IMAGE:-none}/lib" ]; then
    printf '%s\n' "$DIST/$HOLDFAST_IMAGE/lib"
  else
    printf '%s\n' "$DIST/$(cat "$DIST/current")/lib"
  fi
}

# Prints one hash over the names and contents of a folder's jars.
jars_hash() {
  (cd "$1" && sha256sum -- *.jar) | sha256sum | cut -c 1-32
}

# As jars_hash, of the jars of an image. It is worked out once, and again where any of them was touched since.
image_hash() {
  stamp=$(cd "$1" && stat -c '%n %s %i %Y %Z %.Y %.Z' -- *.jar 2>/dev/null) || {
    jars_hash "$1"
    return
  }
  if [ -r "$1/../stamp" ]; then
    {
      read -r hash
      if [ "$(cat)" = "$stamp" ]; then
        printf '%s\n' "$hash"
        return
      fi
    } <"$1/../stamp"
  fi
  hash=$(jars_hash "$1")
  printf '%s\n%s\n' "$hash" "$stamp" >"$1/../stamp.$$" 2>/dev/null && mv "$1/../stamp.$$" "$1/../stamp"
  printf '%s\n' "$hash"
}

# Runs a command while holding the build's lock; others wait. Where there is no flock, it just runs.
with_build_lock() {
  mkdir -p "$HOLDFAST_HOME/target"
  if [ -n "${HOLDFAST_BUILD_LOCKED:-}" ] || ! command -v flock >/dev/null 2>&1; then
    "$@"
    return
  fi
  (
    flock -n 9 || {
      say "Another build runs; waiting for it."
      flock 9
    }
    HOLDFAST_BUILD_LOCKED=1
    export HOLDFAST_BUILD_LOCKED
    "$@" 9>&-
  ) 9>"$HOLDFAST_HOME/target/build.lock"
}

# Builds where that is needed. HOLDFAST_NO_BUILD=1 trusts what is there (children of ours set it).
need_image() {
  if [ "${HOLDFAST_NO_BUILD:-}" = 1 ] && [ -s "$DIST/current" ]; then
    return 0
  fi
  is_stale || return 0
  with_build_lock build_image
}

need_maven() {
  command -v mvn >/dev/null 2>&1 || {
    . "$HOLDFAST_HOME/lib/install.sh"
    fail "Maven is needed to build and \`mvn\` was not found. Install it:
$(apt_command maven)"
  }
}

build_image() {
  is_stale || return 0 # somebody else built while we waited for the lock
  need_maven
  mkdir -p "$DIST"
  touch "$DIST/stamp.new" # before the build: what changes meanwhile is built next time
  say "Building Holdfast with $JDK (about a minute the first time; log in target/build.log) ..."
  rm -rf "$HOLDFAST_HOME/app/target/lib"
  if ! maven --threads 2 --projects app --also-make -DskipTests -Dspotless.check.skip=true package \
    >"$HOLDFAST_HOME/target/build.log" 2>&1 </dev/null; then
    grep -E '^\[(WARNING|ERROR)\] [^ ]*[.]java|^\[ERROR\] [^-[]' "$HOLDFAST_HOME/target/build.log" | head -n 20 >&2 || true
    fail "the build failed; all of it: target/build.log"
  fi
  lay_image
  mv "$DIST/stamp.new" "$DIST/stamp"
}

# Lays the jars of a build out as an image and makes it the current one.
lay_image() {
  fresh=$(mktemp -d "$DIST/new.XXXXXX")
  mkdir "$fresh/lib"
  cp "$HOLDFAST_HOME"/app/target/lib/*.jar "$HOLDFAST_HOME"/app/target/app-*.jar "$fresh/lib/"
  name=$(jars_hash "$fresh/lib")
  if [ -d "$DIST/$name" ] && [ "$(jars_hash "$DIST/$name/lib")" = "$name" ]; then
    rm -rf "$fresh"
  else
    rm -rf "${DIST:?}/$name"
    mv "$fresh" "$DIST/$name"
  fi
  printf '%s\n' "$name" >"$DIST/current.new"
  mv "$DIST/current.new" "$DIST/current"
  drop_old_images "$name"
}

# Removes images that are neither current nor run by a process.
drop_old_images() {
  for folder in "$DIST"/*/lib; do
    [ -d "$folder" ] || continue
    image=${folder%/lib}
    [ "$image" != "$DIST/$1" ] || continue
    case ${image##*/} in new.*) continue ;; esac
    if ! cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -qF "$image/"; then
      rm -rf "$image"
    fi
  done
}
