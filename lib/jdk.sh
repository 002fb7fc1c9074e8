# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Which Java: a JDK of exactly release 25, wherever it lies. The default `java` is often older.

JDK_RELEASE=25
JVM_FOLDER=${JVM_FOLDER:-/usr/lib/jvm}

# Prints one value of a JDK's release file. Starts no other program: each start of ours looks at each JDK.
jdk_fact() {
  [ -r "$1/release" ] || return 0
  while IFS='=' read -r name value || [ -n "$name" ]; do
    if [ "$name" = "$2" ]; then
      value=${value#\"}
      printf '%s\n' "${value%\"}"
      return 0
    fi
  done <"$1/release"
  return 0
}

# Whether a folder holds a JDK 25: a compiler as well as a virtual machine.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  version=$(jdk_fact "$1" JAVA_VERSION)
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
  case $version in
    "$JDK_RELEASE" | "$JDK_RELEASE".* | "$JDK_RELEASE"-* | "$JDK_RELEASE"+*) return 0 ;;
  esac
  return 1
}

# Prints the JDK's folder; fails where there is none. What a user named comes first.
find_jdk() {
  if [ -n "${HOLDFAST_JAVA_HOME:-}" ]; then
    if is_jdk "$HOLDFAST_JAVA_HOME"; then
      printf '%s\n' "$HOLDFAST_JAVA_HOME"
      return 0
    fi
    say "holdfast: HOLDFAST_JAVA_HOME=$HOLDFAST_JAVA_HOME is no JDK $JDK_RELEASE; looking elsewhere"
  fi
  if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  javac=$(command -v javac || true)
  if [ -n "$javac" ]; then
    javac=$(readlink -f "$javac")
    if is_jdk "${javac%/bin/javac}"; then
      printf '%s\n' "${javac%/bin/javac}"
      return 0
    fi
  fi
  for folder in "$JVM_FOLDER"/*; do
    if is_jdk "$folder"; then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  return 1
}

# Sets JDK, or ends with the command that installs one.
need_jdk() {
  [ -z "${JDK:-}" ] || return 0
  JDK=$(find_jdk) || {
    . "$HOLDFAST_HOME/lib/install.sh"
    fail "a JDK $JDK_RELEASE is needed and none was found. Install one:
$(jdk_commands)
or name one: HOLDFAST_JAVA_HOME=/path/to/jdk-$JDK_RELEASE $0 ..."
  }
}

# The exact build of a JDK, which a start-up cache belongs to.
jdk_build() {
  build=$(jdk_fact "$1" JAVA_RUNTIME_VERSION)$(jdk_fact "$1" IMPLEMENTOR_VERSION)$(jdk_fact "$1" SOURCE)
  [ -n "$build" ] || build=$("$1/bin/java" -version 2>&1)
  printf '%s\n' "$1 $build"
}
