# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# How the program runs: the flags of the virtual machine, and its start-up (AOT) cache.
#
# Some JDK 25 builds run stale classes from a cache whose jar has changed, without a word. So a
# cache is named by all it depends on (content of the jars, exact JDK build, flags, main class) and
# is used under that name alone.

MAIN_CLASS=dev.holdfast.app.Main

# Heap sizes are per program and do not matter to a cache; the other flags do.
# The virtual machine's own words go to standard error, away from `eval "$(./holdfast env)"`.
# Memory holds keys: neither the end of memory nor a crash writes it out, and nobody attaches and asks for it.
JVM_FLAGS='-Xlog:disable -Xlog:all=warning:stderr -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:-HeapDumpOnOutOfMemoryError
-XX:+ExitOnOutOfMemoryError -XX:-CreateCoredumpOnCrash -XX:+DisableAttachMechanism
--enable-native-access=ALL-UNNAMED
-Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8'

# Prints the heap flags of one subcommand. Native memory that was freed after the start goes back to the
# system, where it is one that takes it.
heap_flags() {
  case $(uname 2>/dev/null):$1 in
    Linux:server | Linux:up | Linux:agent) printf '%s ' '-XX:TrimNativeHeapInterval=10000' ;;
  esac
  case $1 in
    server | up | train | backup | restore | fsck) printf '%s\n' "-Xms24m -Xmx${HOLDFAST_HEAP:-512m} -XX:MaxHeapFreeRatio=30 -XX:MinHeapFreeRatio=10" ;;
    agent) printf '%s\n' "-Xms8m -Xmx${HOLDFAST_AGENT_HEAP:-128m} -XX:MaxHeapFreeRatio=30 -XX:MinHeapFreeRatio=10" ;;
    *) printf '%s\n' '-Xms8m -Xmx64m -XX:TieredStopAtLevel=1' ;;
  esac
}

# crash_report SUBCOMMAND ARGUMENT...: prints where the virtual machine tells of a crash of its own. What it
# tells holds pieces of memory, so that lies in the data directory, which is its owner's alone.
crash_report() {
  crash_of=$1 crash_folder='' before=''
  for word in "$@"; do
    case $before in --data-dir) crash_folder=$word ;; esac
    case $word in --data-dir=*) crash_folder=${word#--data-dir=} ;; esac
    before=$word
  done
  if [ -z "$crash_folder" ]; then
    case ${XDG_DATA_HOME:-} in
      /*) crash_folder=$XDG_DATA_HOME/holdfast ;;
      *) crash_folder=${HOME:-/root}/.local/share/holdfast ;;
    esac
  fi
  [ "$crash_of" != agent ] || crash_folder=${crash_folder%/agent}
  printf '%s/logs/crash-%%p.log\n' "$crash_folder"
}

# Prepares this shell for becoming a program that holds keys. A session of AWS in a shell is its user's: the
# server, which has its own, would only show it to whoever reads its environment.
keep_secrets() {
  # shellcheck disable=SC3045 # every shell that is somebody's sh has it
  ulimit -c 0 2>/dev/null || true
  case $1 in
    server | up | agent)
      unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN \
        AWS_CONTAINER_AUTHORIZATION_TOKEN
      ;;
  esac
}

# What the kernel says of a file is told apart by its words, which have to be the C locale's; how names are
# written stays the user's.
say_plainly() {
  if [ -n "${LC_ALL:-}" ]; then
    LC_CTYPE=$LC_ALL
    export LC_CTYPE
    unset LC_ALL
  fi
  unset LANGUAGE
  LC_MESSAGES=C
  export LC_MESSAGES
}

class_path() {
  class_path_=
  for jar in "$1"/*.jar; do
    class_path_=${class_path_:+$class_path_:}$jar
  done
  printf '%s\n' "$class_path_"
}

# Prints the name of the cache for a folder of jars and a JDK.
aot_key() {
  {
    image_hash "$1"
    printf '%s\n' "$1" "$JVM_FLAGS" "$MAIN_CLASS"
    jdk_build "$2"
  } | sha256sum | cut -c 1-32
}

# Makes the cache of the current image unless it is there, by a short life of the server.
make_aot() {
  lib=$1
  cache=$DIST/aot/$2.aot
  [ ! -f "$cache" ] && [ ! -f "$cache.failed" ] || return 0
  mkdir -p "$DIST/aot"
  say "Making the start-up cache (once per build and JDK) ..."
  # shellcheck disable=SC2046,SC2086
  if "$JDK/bin/java" -XX:AOTCacheOutput="$cache.new" $JVM_FLAGS $(heap_flags train) \
    -cp "$(class_path "$lib")" "$MAIN_CLASS" train >"$DIST/aot/train.log" 2>&1 </dev/null &&
    [ -s "$cache.new" ]; then
    mv "$cache.new" "$cache"
  else
    rm -f "$cache.new"
    cp "$DIST/aot/train.log" "$cache.failed"
    say "No start-up cache could be made (target/dist/aot/train.log); starts are slower without it."
  fi
  for old in "$DIST"/aot/*.aot "$DIST"/aot/*.failed; do
    case $old in
      "$cache" | "$cache.failed") ;;
      *) rm -f "$old" ;;
    esac
  done
}

# Runs one subcommand in place of this shell.
run_program() {
  need_jdk
  need_image
  lib=$(image_lib)
  key=$(aot_key "$lib" "$JDK")
  aot=$DIST/aot/$key.aot
  if [ ! -f "$aot" ] && [ ! -f "$aot.failed" ] && [ "${HOLDFAST_NO_BUILD:-}" != 1 ]; then
    with_build_lock make_aot "$lib" "$key"
  fi
  # Else the store's native library starts three programs to find out.
  ROCKSDB_MUSL_LIBC=false
  for musl in /lib/ld-musl-*; do
    [ ! -e "$musl" ] || ROCKSDB_MUSL_LIBC=true
  done
  export ROCKSDB_MUSL_LIBC
  HOLDFAST_NO_BUILD=1 # the programs that it starts in turn run the same image
  HOLDFAST_IMAGE=$(basename "${lib%/lib}")
  export HOLDFAST_NO_BUILD HOLDFAST_IMAGE
  heap=$(heap_flags "${1:-help}")
  keep_secrets "${1:-help}"
  say_plainly
  case ${1:-help} in
    server | up | agent) crash=$(crash_report "$@") ;;
    *) crash= ;;
  esac
  set -- -Dholdfast.launcher="$HOLDFAST_HOME/holdfast" -cp "$(class_path "$lib")" "$MAIN_CLASS" "$@"
  [ ! -f "$aot" ] || set -- -XX:AOTCache="$aot" "$@"
  [ -z "$crash" ] || set -- -XX:ErrorFile="$crash" "$@"
  # shellcheck disable=SC2086
  exec "$JDK/bin/java" $JVM_FLAGS $heap "$@"
}
