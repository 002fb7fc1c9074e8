#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The launcher's own tests: its decisions on made-up machines (folders, PATHs, os-release files), and
# its build and cache on a made-up project whose Maven is a script. Each check prints `ok NAME` or
# `FAILED NAME`; what this machine cannot check is `not run: NAME: reason`.
#
# Sourced by name, made-up commands, checks called by name:
# shellcheck disable=SC1090,SC2016,SC2030,SC2031,SC2034,SC2317
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
real_path=$PATH
real_jdk=${JDK:-}
unset HOLDFAST_IMAGE HOLDFAST_JAVA_HOME JAVA_HOME HOLDFAST_NO_BUILD DOCKER_HOST HOLDFAST_BUILD_LOCKED JDK

# check NAME COMMAND...: the command must succeed; it runs in a subshell.
check() {
  name=$1
  shift
  if output=$("$@" 2>&1); then
    printf 'ok launcher: %s\n' "$name"
  else
    printf 'FAILED launcher: %s\n%s\n' "$name" "$output" | sed '2,$s/^/  /'
  fi
}

same() {
  [ "$1" = "$2" ] || {
    printf 'expected: %s\nfound:    %s\n' "$2" "$1"
    return 1
  }
}

has() {
  case $1 in
    *"$2"*) return 0 ;;
  esac
  printf 'expected a text with: %s\nfound: %s\n' "$2" "$1"
  return 1
}

lacks() {
  case $1 in
    *"$2"*)
      printf 'expected a text without: %s\nfound: %s\n' "$2" "$1"
      return 1
      ;;
  esac
}

# jdk FOLDER VERSION [no-javac]: a made-up JDK.
jdk() {
  mkdir -p "$1/bin"
  printf '#!/bin/sh\n' >"$1/bin/java"
  chmod +x "$1/bin/java"
  [ $# -gt 2 ] || cp "$1/bin/java" "$1/bin/javac"
  printf 'JAVA_VERSION="%s"\nJAVA_RUNTIME_VERSION="%s+1"\n' "$2" "$2" >"$1/release"
}

# tool FOLDER NAME [LINE]: a made-up command.
tool() {
  mkdir -p "$1"
  printf '#!/bin/sh\n%s\n' "${3:-exit 0}" >"$1/$2"
  chmod +x "$1/$2"
}

# bare FOLDER: a PATH with what every Debian has and nothing else.
bare() {
  mkdir -p "$1"
  for name in sh sed head grep cat readlink dirname id tr cut sha256sum find mktemp touch mv rm mkdir cp \
    ls tail sort date sleep flock basename; do
    ln -sf "$(command -v "$name")" "$1/$name"
  done
}

# on_machine FOLDER COMMAND...: runs with the launcher's decisions on a made-up machine.
on_machine() {
  machine=$1
  shift
  (
    PATH=$machine/bin
    export PATH
    HOLDFAST_HOME=$repo
    JVM_FOLDER=$machine/jvm
    OS_RELEASE=$machine/os-release
    ENGINE_SOCKET=$machine/docker.sock
    SYSTEMD_FOLDER=$machine/systemd
    DEBIAN_AWS=$machine/bin/aws
    for part in say jdk pins build run install engine; do
      . "$repo/lib/$part.sh"
    done
    [ ! -f "$machine/user" ] || user_id() { cat "$machine/user"; }
    "$@"
  )
}

debian() {
  bare "$1/bin"
  printf 'ID=debian\nVERSION_ID="%s"\nVERSION_CODENAME=%s\n' "$2" "$3" >"$1/os-release"
  tool "$1/bin" apt-get 'echo "apt-get $*" >>"${0%/bin/*}/installed"'
  tool "$1/bin" apt-cache "${4:-exit 0}"
  echo 0 >"$1/user"
}

# --- which Java ---

finds_named_jdk_first() {
  m=$work/m1
  bare "$m/bin"
  jdk "$m/named" 25.0.1
  jdk "$m/home" 25.0.2
  jdk "$m/jvm/a" 25
  same "$(HOLDFAST_JAVA_HOME=$m/named JAVA_HOME=$m/home on_machine "$m" find_jdk)" "$m/named" &&
    same "$(JAVA_HOME=$m/home on_machine "$m" find_jdk)" "$m/home" &&
    same "$(on_machine "$m" find_jdk)" "$m/jvm/a"
}
check "a JDK named by HOLDFAST_JAVA_HOME comes before JAVA_HOME, then the system's" finds_named_jdk_first

looks_past_other_releases() {
  m=$work/m2
  bare "$m/bin"
  jdk "$m/seventeen" 17.0.15
  jdk "$m/jvm/a-17" 17.0.15
  jdk "$m/jvm/b-250" 250
  jdk "$m/jvm/c-jre" 25 no-javac
  jdk "$m/jvm/d-25" 25.0.3
  ln -s "$m/seventeen/bin/java" "$m/bin/java"
  ln -s "$m/seventeen/bin/javac" "$m/bin/javac"
  same "$(JAVA_HOME=$m/seventeen on_machine "$m" find_jdk)" "$m/jvm/d-25"
}
check "another release and a runtime without a compiler are passed over" looks_past_other_releases

finds_jdk_behind_links() {
  m=$work/m3
  bare "$m/bin"
  jdk "$m/opt/jdk" 25-ea
  ln -s "$m/opt/jdk/bin/javac" "$m/alternatives-javac"
  ln -s "$m/alternatives-javac" "$m/bin/javac"
  same "$(on_machine "$m" find_jdk)" "$m/opt/jdk"
}
check "a JDK on the PATH is found behind its links" finds_jdk_behind_links

names_command_for_missing_jdk() {
  m=$work/m4
  debian "$m" 12 bookworm
  text=$(on_machine "$m" need_jdk 2>&1) && return 1
  has "$text" "temurin-25-jdk" && has "$text" "signed-by=" && has "$text" bookworm &&
    has "$text" HOLDFAST_JAVA_HOME && has "$text" 3B04D753C9050D9A5D343F39843C48A565F8F04B
}
check "without a JDK the exact commands are printed and nothing is run" names_command_for_missing_jdk

# --- how things would be installed ---

debian_13_has_its_own_jdk() {
  m=$work/m5
  debian "$m" 13 trixie
  same "$(on_machine "$m" jdk_source)" debian &&
    same "$(on_machine "$m" jdk_commands)" \
      "  apt-get update && apt-get install --yes openjdk-25-jdk-headless"
}
check "Debian 13 takes its own JDK package" debian_13_has_its_own_jdk

debian_12_takes_vendor() {
  m=$work/m6
  debian "$m" 12 bookworm
  same "$(on_machine "$m" jdk_source)" vendor
}
check "Debian 12 takes the vendor's signed repository" debian_12_takes_vendor

ubuntu_with_package() {
  m=$work/m7
  debian "$m" 24.04 noble 'printf "x:\n  Candidate: 25.0.1\n"'
  printf 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n' >"$m/os-release"
  echo 1000 >"$m/user"
  same "$(on_machine "$m" jdk_source)" debian &&
    has "$(on_machine "$m" jdk_commands)" "sudo apt-get install --yes openjdk-25-jdk-headless"
}
check "where apt knows a JDK 25 it is taken; others than root are told sudo" ubuntu_with_package

other_system() {
  m=$work/m8
  bare "$m/bin"
  printf 'ID=fedora\nVERSION_ID=42\n' >"$m/os-release"
  echo 0 >"$m/user"
  same "$(on_machine "$m" jdk_source)" none && ! on_machine "$m" may_install
}
check "elsewhere nothing is installed" other_system

lists_what_is_missing() {
  m=$work/m9
  debian "$m" 12 bookworm
  tool "$m/bin" docker
  tool "$m/bin" mvn
  tool "$m/bin" ldd 'exit 1'
  tool "$m/bin" busybox
  text=$(on_machine "$m" missing_packages quickstart | tr '\n' ' ')
  has "$text" docker.io && has "$text" awscli && has "$text" nftables && lacks "$text" maven &&
    lacks "$text" busybox && lacks "$text" skopeo &&
    has "$(on_machine "$m" missing_packages test)" skopeo
}
check "what is missing is listed, and a docker command alone is no engine" lists_what_is_missing

shared_busybox_does_not_count() {
  m=$work/m10
  debian "$m" 12 bookworm
  tool "$m/bin" ldd 'exit 0'
  tool "$m/bin" busybox
  has "$(on_machine "$m" missing_packages quickstart)" busybox-static
}
check "a busybox that needs shared libraries does not count" shared_busybox_does_not_count

never_installs_unasked() {
  m=$work/m11
  debian "$m" 12 bookworm
  jdk "$m/jvm/j" 25
  (NO_INSTALL=1 on_machine "$m" install_for quickstart) >"$work/out" 2>&1 && return 1
  has "$(cat "$work/out")" "apt-get install --yes" || return 1
  echo 1000 >"$m/user"
  (on_machine "$m" install_for quickstart) >"$work/out" 2>&1 && return 1
  [ ! -e "$m/installed" ]
}
check "--no-install and an ordinary user never reach apt-get" never_installs_unasked

installs_after_saying_what() {
  m=$work/m12
  debian "$m" 12 bookworm
  jdk "$m/jvm/j" 25
  (
    on_machine "$m" install_for quickstart
  ) >"$work/out" 2>&1
  has "$(cat "$work/out")" "Installing Debian packages: maven" &&
    has "$(cat "$m/installed")" "install --yes --no-install-recommends maven"
}
check "root on Debian gets what is missing, after being told what" installs_after_saying_what

# served FOLDER FINGERPRINT...: a made-up machine, and a vendor that serves these keys.
served() {
  m=$1
  shift
  debian "$m" 12 bookworm
  for name in chmod install; do
    ln -sf "$(command -v $name)" "$m/bin/$name"
  done
  tool "$m/bin" curl 'while [ "$1" != -o ]; do shift; done; : >"$2"'
  {
    echo '#!/bin/sh'
    for print in "$@"; do
      printf 'echo pub:-:4096:1:AAAA:1:::-:::scSC::::::23::0:\necho fpr:::::::::%s:\n' "$print"
      printf 'echo sub:-:4096:1:BBBB:1::::::e::::::23:\necho fpr:::::::::BBBB%s:\n' "$print"
    done
  } >"$m/bin/gpg"
  chmod +x "$m/bin/gpg"
  (APT_FOLDER=$m/apt on_machine "$m" install_jdk) >"$m/out" 2>&1
}

takes_the_vendors_key_alone() {
  key=3B04D753C9050D9A5D343F39843C48A565F8F04B
  served "$work/k1" "$key"
  has "$(cat "$m/installed")" temurin-25-jdk && has "$(cat "$m/apt/sources.list.d/adoptium.list")" signed-by= || return 1
  served "$work/k2" 0000D753C9050D9A5D343F39843C48A565F8F04B
  lacks "$(cat "$m/installed")" temurin && [ ! -e "$m/apt" ] && has "$(cat "$m/out")" "nothing was taken" || return 1
  served "$work/k3" "$key" 0000D753C9050D9A5D343F39843C48A565F8F04B
  lacks "$(cat "$m/installed")" temurin && [ ! -e "$m/apt" ] || return 1
  served "$work/k4"
  lacks "$(cat "$m/installed")" temurin && [ ! -e "$m/apt" ]
}
check "the vendor's packages are taken under the pinned key, and not where another one is served" \
  takes_the_vendors_key_alone

# --- the container engine ---

asks_the_socket() {
  m=$work/m13
  bare "$m/bin"
  tool "$m/bin" docker
  tool "$m/bin" curl 'exit 0'
  same "$(on_machine "$m" engine_way)" none || return 1
  python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$m/docker.sock"
  same "$(on_machine "$m" engine_way)" running || return 1
  tool "$m/bin" curl 'exit 7'
  same "$(on_machine "$m" engine_way)" none
}
if command -v python3 >/dev/null 2>&1; then
  check "an engine is what answers on the socket" asks_the_socket
else
  echo "not run: launcher: an engine is what answers on the socket: python3 is not installed"
fi

starts_by_init_where_there_is_one() {
  m=$work/m14
  bare "$m/bin"
  tool "$m/bin" dockerd
  tool "$m/bin" systemctl
  mkdir "$m/systemd"
  same "$(on_machine "$m" engine_way)" systemd || return 1
  rmdir "$m/systemd"
  if [ "$(id -u)" = 0 ]; then
    same "$(on_machine "$m" engine_way)" dockerd
  fi
}
check "the init system starts the engine where one runs, else dockerd is started" \
  starts_by_init_where_there_is_one

forgets_an_engine_that_was_killed() {
  m=$work/killed
  bare "$m/bin"
  printf '%s' $$ >"$m/docker.pid" # the number of a process that is no engine
  on_machine "$m" drop_stale_pid "$m/docker.pid" || return 1
  [ ! -f "$m/docker.pid" ] || return 1
  printf '4194999' >"$m/docker.pid" # above the kernel's largest process id
  on_machine "$m" drop_stale_pid "$m/docker.pid" || return 1
  [ ! -f "$m/docker.pid" ]
}
check "a killed engine's pid file does not keep the next one from starting" \
  forgets_an_engine_that_was_killed

# --- secrets ---

keeps_a_shells_session_out() {
  m=$work/session
  bare "$m/bin"
  session() {
    AWS_ACCESS_KEY_ID=id AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN=token AWS_REGION=here
    keep_secrets "$1"
    printf '%s' "${AWS_ACCESS_KEY_ID-}/${AWS_SECRET_ACCESS_KEY-}/${AWS_SESSION_TOKEN-}/$AWS_REGION"
  }
  for program in server up agent; do
    same "$(on_machine "$m" session "$program")" "///here" || return 1
  done
  same "$(on_machine "$m" session status)" "id/secret/token/here"
}
check "the server and the agent get no session of the shell that starts them" keeps_a_shells_session_out

speaks_the_kernels_own_words() {
  m=$work/words
  bare "$m/bin"
  words() {
    LC_ALL=de_DE.UTF-8 LANGUAGE=de
    say_plainly
    printf '%s' "${LC_ALL-none}/${LANGUAGE-none}/$LC_MESSAGES/$LC_CTYPE"
  }
  same "$(on_machine "$m" words)" "none/none/C/de_DE.UTF-8"
}
check "what a disk says is in words that are understood, names are as the user writes them" \
  speaks_the_kernels_own_words

writes_no_memory_out() {
  m=$work/memory
  bare "$m/bin"
  cores() {
    keep_secrets "$1"
    # shellcheck disable=SC3045
    ulimit -c
  }
  same "$(on_machine "$m" cores server)" 0 && same "$(on_machine "$m" cores env)" 0 || return 1
  flags=$(on_machine "$m" eval 'printf "%s" "$JVM_FLAGS"')
  has "$flags" -XX:-HeapDumpOnOutOfMemoryError && has "$flags" -XX:-CreateCoredumpOnCrash &&
    has "$flags" -XX:+DisableAttachMechanism
}
check "no core, no heap dump, and nobody attaches" writes_no_memory_out

reports_crashes_inside() {
  m=$work/crash
  bare "$m/bin"
  unset XDG_DATA_HOME
  HOME=/home/me
  same "$(on_machine "$m" crash_report up)" '/home/me/.local/share/holdfast/logs/crash-%p.log' &&
    same "$(XDG_DATA_HOME=/x on_machine "$m" crash_report up)" '/x/holdfast/logs/crash-%p.log' &&
    same "$(on_machine "$m" crash_report server --data-dir '/a b' --port 1)" '/a b/logs/crash-%p.log' &&
    same "$(on_machine "$m" crash_report up --data-dir=/d)" '/d/logs/crash-%p.log' &&
    same "$(on_machine "$m" crash_report agent --region=r --data-dir=/d/agent)" '/d/logs/crash-%p.log'
}
check "a crash of the virtual machine is told of inside the data directory" reports_crashes_inside

# --- build and cache, on a made-up project ---

if [ -z "$real_jdk" ]; then
  real_jdk=$(. "$repo/lib/say.sh" && . "$repo/lib/jdk.sh" && find_jdk)
fi

# project FOLDER: a project with our launcher and a Maven that counts its runs.
project() {
  p=$1
  mkdir -p "$p/app/src/main/java" "$p/.mvn" "$p/models" "$p/tools"
  cp -r "$repo/lib" "$repo/holdfast" "$p/"
  touch "$p/pom.xml" "$p/app/pom.xml"
  echo one >"$p/app/src/main/java/word"
  cat >"$p/tools/mvn" <<'END'
#!/bin/sh
echo run >>runs
mkdir -p app/target/lib app/target/classes
sleep 0.3
cat >app/target/Main.java <<JAVA
package dev.holdfast.app;
public class Main {
  public static void main(String[] a) { System.out.println("$(cat app/src/main/java/word)"); }
}
JAVA
"$JAVA_HOME/bin/javac" -d app/target/classes app/target/Main.java &&
"$JAVA_HOME/bin/jar" --create --file app/target/app-1.jar --date 2026-01-01T00:00:00Z -C app/target/classes .
cp app/target/app-1.jar app/target/lib/other.jar
END
  chmod +x "$p/tools/mvn"
}

launch() {
  HOLDFAST_JAVA_HOME=$real_jdk PATH=$p/tools:$real_path "$p/holdfast" "$@" 2>>"$p/err"
}

builds_once() {
  project "$work/p1"
  for n in 1 2 3 4; do
    launch version >"$p/out$n" &
  done
  wait
  for n in 1 2 3 4; do
    same "$(cat "$p/out$n")" one || { cat "$p/err"; return 1; }
  done
  same "$(grep -c run "$p/runs")" 1
}

builds_again_for_newer_sources() {
  project "$work/p2"
  launch version >/dev/null
  same "$(launch version)" one || return 1
  same "$(grep -c run "$p/runs")" 1 || return 1
  sleep 0.02
  echo two >"$p/app/src/main/java/word"
  same "$(launch version)" two || return 1
  sleep 0.02
  touch "$p/app/src/main/java/other" && rm "$p/app/src/main/java/other"
  launch version >/dev/null
  same "$(grep -c run "$p/runs")" 3
}

runs_changed_jar() {
  project "$work/p3"
  same "$(launch version)" one || return 1
  cache=$(find "$p/target/dist/aot" -name '*.aot')
  [ -n "$cache" ] || { echo "no cache was made"; cat "$p/err" "$p"/target/dist/aot/*; return 1; }
  jar=$(find "$p/target/dist" -path '*/lib/app-1.jar')
  touch -r "$jar" "$work/when"
  sed -i 's/one/two/' "$p/app/target/Main.java"
  "$real_jdk/bin/javac" -d "$p/app/target/classes" "$p/app/target/Main.java"
  "$real_jdk/bin/jar" --create --file "$jar" --date 2026-01-01T00:00:00Z -C "$p/app/target/classes" .
  touch -r "$work/when" "$jar"
  same "$(launch version)" two || return 1
  same "$(find "$p/target/dist/aot" -name '*.aot' | wc -l)" 1 || return 1
  [ ! -f "$cache" ]
}

no_op_is_fast() {
  project "$work/p4"
  launch version >/dev/null
  best=9999
  for _ in 1 2 3 4 5; do
    start=$(date +%s%N)
    HOLDFAST_JAVA_HOME=$real_jdk PATH=$p/tools:$real_path "$p/holdfast" build 2>/dev/null
    took=$((($(date +%s%N) - start) / 1000000))
    [ "$took" -ge "$best" ] || best=$took
  done
  [ "$best" -lt 300 ] || { echo "took $best ms"; return 1; }
}

build_failure_is_told() {
  project "$work/p5"
  printf '#!/bin/sh\necho "[ERROR] a line of code is wrong"\nexit 1\n' >"$p/tools/mvn"
  launch version >/dev/null && return 1
  has "$(cat "$p/err")" "a line of code is wrong" && has "$(cat "$p/err")" target/build.log &&
    [ ! -e "$p/target/dist/stamp" ]
}

blank_in_path() {
  project "$work/a folder"
  same "$(launch version)" one
}

works_through_link() {
  project "$work/p6"
  ln -s "$p/holdfast" "$work/link"
  same "$(HOLDFAST_JAVA_HOME=$real_jdk PATH=$p/tools:$real_path "$work/link" version 2>/dev/null)" one
}

# proving FOLDER: a project whose Maven tells what it was asked and leaves a report of two tests.
proving() {
  project "$1"
  mkdir -p "$p/store/src/test/java" "$p/it/src/test/java/deep"
  touch "$p/store/src/test/java/LogPowerCutTest.java" "$p/it/src/test/java/deep/CrashTest.java"
  cat >"$p/tools/mvn" <<'END'
#!/bin/sh
echo "HOLDFAST_LONG=${HOLDFAST_LONG:-} $*" >>runs
mkdir -p store/target/surefire-reports
printf '<testsuite name="x" tests="2" errors="0" failures="%s" skipped="0">\n' "${RED:-0}" \
  >store/target/surefire-reports/TEST-x.xml
echo "INFO: figures: 7 states"
exit "${RED:-0}"
END
}

runs_one_proof() {
  proving "$work/p7"
  text=$(launch test --no-install --long power) || { cat "$p/err"; return 1; }
  same "$(wc -l <"$p/runs" | tr -d ' ')" 1 || return 1
  has "$(cat "$p/runs")" "HOLDFAST_LONG=power" && has "$(cat "$p/runs")" "--projects store " &&
    has "$(cat "$p/runs")" "-Dtest=*PowerCutTest" && has "$text" "figures: 7 states" &&
    has "$text" "2 passed, 0 failed, 0 skipped"
}

runs_all_proofs() {
  proving "$work/p8"
  mkdir -p "$p/test" "$p/target/dist"
  echo image >"$p/target/dist/current"
  printf 'echo "ok full: $HOLDFAST_LONG"\necho "ok full: the other"\n' >"$p/test/full.sh"
  text=$(HOLDFAST_NO_BUILD=1 launch test --no-install --long) || { cat "$p/err"; return 1; }
  has "$text" "not run: corrupt: no test is named *CorruptionTest" &&
    has "$text" "not run: soak: no test is named *SoakTest" &&
    has "$text" "not run: attack: no test is named *AttackTest" &&
    has "$text" "not run: fuzz: no test is named *FuzzTest" &&
    has "$text" "not run: jazzer: there is no test/jazzer.sh" &&
    has "$text" "not run: policy: no test is named *DifferentialTest" &&
    has "$text" "not run: simulation: no test is named *SimulationTest" &&
    has "$text" "not run: hosts: there is no test/hosts.sh" &&
    has "$text" "not run: stock-agent: there is no test/stock-agent.sh" &&
    has "$text" "not run: reproducible: there is no test/reproducible.sh" && has "$text" "ok full: full" &&
    has "$(cat "$p/runs")" "HOLDFAST_LONG=crash" && has "$text" "6 passed, 0 failed, 12 skipped"
}

# Each test and script that reads HOLDFAST_LONG is run by some proof of `--long`.
forgets_no_long_form() {
  HOLDFAST_HOME=$repo
  . "$repo/lib/test.sh"
  reached=$(for proof in $PROOFS; do reading "$proof"; done)
  code=0
  cd "$repo" || return 1
  # shellcheck disable=SC2013 # the names of sources hold no blanks
  for file in $(grep -rl HOLDFAST_LONG ./*/src/test/java --include='*.java'); do
    name=$(basename "$file" .java)
    case $name in
      PowerCut | Fuzz | Attacked) ;; # those who use them are found by it
      *) printf '%s\n' "$reached" | grep -qx "$name" || {
        printf 'no proof of --long runs %s\n' "$file"
        code=1
      } ;;
    esac
  done
  # shellcheck disable=SC2013
  for file in $(grep -l 'HOLDFAST_LONG:-}' test/*.sh | grep -v launcher); do
    case " $PROOFS " in
      *" $(basename "$file" .sh) "*) ;;
      *)
        printf 'no proof of --long runs %s\n' "$file"
        code=1
        ;;
    esac
  done
  for name in DamageTest BackupKillTest CrashTest PieceCodecFuzzTest LogPowerCutTest SignatureAttackTest; do
    printf '%s\n' "$reached" | grep -qx "$name" || code=1
  done
  return "$code"
}

tells_missing_script() {
  proving "$work/p9"
  has "$(launch test --no-install --long full)" "not run: full: there is no test/full.sh"
}

counts_red_proof() {
  proving "$work/p10"
  text=$(RED=1 launch test --no-install --long power)
  same $? 1 && has "$text" "1 passed, 1 failed, 0 skipped"
}

# What failed stands at the end again, with what it said.
repeats_failures() {
  proving "$work/p12"
  mkdir -p "$p/test" "$p/target/dist"
  echo image >"$p/target/dist/current"
  printf 'echo "FAILED full: one"\necho "  this is why"\necho "ok full: another"\nexit 1\n' >"$p/test/full.sh"
  text=$(HOLDFAST_NO_BUILD=1 launch test --no-install --long full)
  same $? 1 || return 1
  same "$(printf '%s\n' "$text" | tail -n 5)" "What failed, and the end of what it said:
FAILED full: one
  this is why

1 passed, 1 failed, 1 skipped"
}

# booting FOLDER: a project on a machine whose systemctl writes down what it is told.
booting() {
  project "$1"
  mkdir -p "$p/units" "$p/run"
  printf '#!/bin/sh\necho "$*" >>"%s/told"\n' "$p" >"$p/tools/systemctl"
  printf '#!/bin/sh\necho "${AS_USER:-0}"\n' >"$p/tools/id"
  chmod +x "$p/tools/systemctl" "$p/tools/id"
}

service() {
  SYSTEMD_FOLDER=$p/run SERVICE_FOLDER=$p/units launch install-service "$@"
}

writes_units() {
  booting "$work/p13"
  service --print --data-dir '/srv/a b%c$d"e' --port=4577 --profile standard >"$p/printed" || return 1
  [ ! -e "$p/told" ] || return 1
  has "$(cat "$p/printed")" \
    'up --data-dir "/srv/a b%%c$$d\"e" --port "4577" --profile "standard"' || return 1
  service --name second --data-dir /srv/second || { cat "$p/err"; return 1; }
  same "$(cat "$p/told")" "daemon-reload
enable second.service
restart second.service" || return 1
  same "$(stat -c %a "$p/units/second.service")" 644 || return 1
  if command -v systemd-analyze >/dev/null 2>&1; then
    systemd-analyze verify "$p/units/second.service" || return 1
  fi
  rm "$p/told"
  service --remove --name second || { cat "$p/err"; return 1; }
  same "$(cat "$p/told")" "disable --now second.service
daemon-reload" && [ ! -e "$p/units/second.service" ]
}

writes_agent_units() {
  booting "$work/p15"
  service --agent --data-dir "$p/host" && return 1
  has "$(cat "$p/err")" "has not joined" && [ ! -e "$p/told" ] || return 1
  mkdir -p "$p/host" && echo '{}' >"$p/host/membership.json"
  service --agent --data-dir "$p/host" --engine /run/x.sock || { cat "$p/err"; return 1; }
  has "$(cat "$p/units/holdfast-host.service")" \
    "host join --data-dir \"$p/host\" --engine \"/run/x.sock\"" || return 1
  same "$(cat "$p/told")" "daemon-reload
enable holdfast-host.service
restart holdfast-host.service" || return 1
  service --agent --print >"$p/printed" || return 1
  has "$(cat "$p/printed")" 'host join --data-dir "/var/lib/holdfast-host"' || return 1
  service --agent --port 4577 --data-dir "$p/host"
  same $? 2 || return 1
  rm "$p/told"
  service --remove --agent || { cat "$p/err"; return 1; }
  [ ! -e "$p/units/holdfast-host.service" ]
}

refuses_units() {
  booting "$work/p14"
  echo '[Unit]' >"$p/units/other.service"
  for words in "--name other" "--remove --name other" "--remove --name none"; do
    # shellcheck disable=SC2086
    service $words && return 1
  done
  same "$(cat "$p/units/other.service")" "[Unit]" || return 1
  AS_USER=1000 service && return 1
  SYSTEMD_FOLDER=$p/none SERVICE_FOLDER=$p/units launch install-service && return 1
  for words in "--name a/b" "--port" "--nosuch" "--data-dir="; do
    # shellcheck disable=SC2086
    service $words
    same $? 2 || return 1
  done
  text=$(cat "$p/err")
  has "$text" "somebody else's" && has "$text" "there is no" && has "$text" "sudo ./holdfast install-service" &&
    has "$text" "systemd does not run here" && [ ! -e "$p/told" ]
}

refuses_unknown_proof() {
  proving "$work/p11"
  for words in "--long java" "--long nosuch" "crash"; do
    # shellcheck disable=SC2086
    launch test $words >/dev/null
    same $? 2 || return 1
  done
  has "$(cat "$p/err")" "crash power corrupt full soak" && [ ! -e "$p/runs" ]
}

if [ -n "$real_jdk" ]; then
  check "several starts at once build once" builds_once
  check "newer and removed sources are built, others are not" builds_again_for_newer_sources
  check "a changed jar runs its new code, and its old cache goes" runs_changed_jar
  check "a start that has nothing to build takes under 0.3 s" no_op_is_fast
  check "a failed build tells its errors and is tried again" build_failure_is_told
  check "a project folder may hold a blank" blank_in_path
  check "the launcher works through a link" works_through_link
  check "test --long NAME runs that proof alone, in its long form, and shows its figures" runs_one_proof
  check "test --long runs all proofs, and names those that are not there" runs_all_proofs
  check "each long form is run by a proof of test --long" forgets_no_long_form
  check "test --long tells of a missing script" tells_missing_script
  check "a proof that turns red is counted and fails" counts_red_proof
  check "a unit is written, quoted, enabled and removed" writes_units
  check "a joined machine's agent gets a unit of its own" writes_agent_units
  check "a unit is refused where it cannot be or is somebody else's" refuses_units
  check "what failed is repeated at the end" repeats_failures
  check "test refuses proofs without --long, and other names with it" refuses_unknown_proof
else
  echo "not run: launcher: build and cache: no JDK 25 is installed"
fi
