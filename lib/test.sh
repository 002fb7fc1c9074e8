# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# `./holdfast test`: every check there is. A check that this machine cannot run is reported as
# `not run: reason` and counted as skipped; the last line is `N passed, N failed, N skipped`.

TEST_HELP='Usage: ./holdfast test [--no-install] [shell|java|voyage]...
       ./holdfast test [--no-install] --long [crash|power|corrupt|full|soak|simulation|hosts|stock-agent|
                       attack|fuzz|policy|reproducible]...
Run every check: the launcher'"'"'s own, formatting, compile-time checks, unit, contract and
acceptance tests. Installs missing Debian packages first, as root, after saying which.
      --no-install   Install nothing; checks that lack a tool are reported as not run.
      shell, java, voyage
                     Run only these: the launcher and scripts; the Java modules; the tour, the
                     quickstart, the acceptance run with real aws and docker, and hostile pages
                     in a real browser.
      --long         Run the long forms of the proofs of durability (docs/reliability.md) and of
                     security (docs/security-tests.md), and nothing else: all, or those named.
      crash          500 times kill -9 under 18 writers (over an hour).
      power          Thousands of states that a power cut may leave.
      corrupt        Damage to every kind of file.
      full           Full and read-only file systems (as root).
      soak           30 minutes of mixed use without growth.
      simulation     1,000 hosts, 10,000 tasks and 200 services through a simulated day of failures.
      hosts          Three machines under a rolling deployment, one killed, one cut off; a reboot (root).
      stock-agent    Forty minutes of the unmodified Amazon ECS agent (HOLDFAST_ECS_AGENT names it).
      attack         Each way in, at full size.
      fuzz           Ten million made-up inputs to everything that reads bytes.
      policy         Millions of decisions of the policy engine against a second, literal one.
      reproducible   The program built twice, in two folders, byte for byte.
Exit codes: 0 everything passed, 1 something failed, 2 wrong usage.'

# The proofs that have a long form.
PROOFS='crash power corrupt full soak simulation hosts stock-agent attack fuzz policy reproducible'

test_main() {
  parts=
  long=
  while [ $# -gt 0 ]; do
    case $1 in
      --no-install) forbid_install ;;
      --help) printf '%s\n' "$TEST_HELP" && return 0 ;;
      --long) long=1 ;;
      *)
        case " shell java voyage $PROOFS " in
          *" $1 "*) parts="$parts $1" ;;
          *) usage_error "unknown: $1
$TEST_HELP" ;;
        esac
        ;;
    esac
    shift
  done
  if [ -n "$long" ]; then
    parts_are "$PROOFS" "--long runs"
  else
    parts_are "shell java voyage" "only --long runs the others; without it there are"
  fi
  passed=0 failed=0 skipped=0
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  install_for test
  need_jdk
  for part in $parts; do
    if [ -n "$long" ]; then prove "$part"; else "test_$part"; fi
  done
  # Repeated, since a failure hours of output ago is found by nobody.
  if [ -s "$work/failures" ]; then
    printf '\nWhat failed, and the end of what it said:\n'
    cat "$work/failures"
  fi
  printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ]
}

# parts_are "NAMES" WHY: takes all of these names where none was given, and refuses others.
parts_are() {
  for part in $parts; do
    case " $1 " in
      *" $part "*) ;;
      *) usage_error "not \`$part\`: $2 $1
$TEST_HELP" ;;
    esac
  done
  parts=${parts:-$1}
}

not_run() {
  printf 'not run: %s\n' "$*"
  skipped=$((skipped + 1))
}

# Counts one check by its exit code.
count() {
  if [ "$1" = 0 ]; then
    passed=$((passed + 1))
    printf 'ok %s\n' "$2"
  else
    failed=$((failed + 1))
    printf 'FAILED %s\n' "$2" | tee -a "$work/failures"
  fi
}

# Keeps each failure of a script's lines for the end: its line, and the last that it said.
keep_failures() {
  awk '
    function told() { for (i = n > 40 ? n - 40 : 0; i < n; i++) print lines[i]; n = 0 }
    /^FAILED / { told(); inside = 1; print; next }
    inside && /^  / { lines[n++] = $0; next }
    { told(); inside = 0 }
    END { told() }' "$work/lines" >>"$work/failures"
}

test_shell() {
  if command -v shellcheck >/dev/null 2>&1; then
    code=0
    (cd "$HOLDFAST_HOME" && shellcheck -x holdfast .ci/run lib/*.sh test/*.sh tour/*.sh bench/*.sh) || code=$?
    count "$code" "shell scripts are clean (shellcheck)"
  else
    not_run "shell scripts are clean: shellcheck is not installed"
  fi
  count_lines env JDK="$JDK" sh "$HOLDFAST_HOME/test/launcher.sh"
  code=0
  broken_links || code=$?
  count "$code" "links in the documents lead somewhere"
}

# Runs a script of checks and counts its lines; one that ends early has failed.
count_lines() {
  code=0
  { "$@" </dev/null 2>&1 || echo $? >"$work/code"; } | tee "$work/lines"
  if [ -f "$work/code" ]; then
    code=$(cat "$work/code")
    rm "$work/code"
  fi
  add "$(grep -c '^ok ' "$work/lines")" "$(grep -c '^FAILED ' "$work/lines")" \
    "$(grep -c '^not run: ' "$work/lines")"
  keep_failures
  if [ "$code" != 0 ] && ! grep -q '^FAILED ' "$work/lines"; then
    count 1 "$* (exit code $code)"
  fi
}

# Prints links to files that are not there; fails where there is one.
broken_links() {
  (
    cd "$HOLDFAST_HOME" || exit 1
    found=0
    for document in *.md docs/*.md docs/*/*.md; do
      # shellcheck disable=SC2013 # links hold no blanks
      for link in $(grep -o '](\([^)#:]*\)[^)]*)' "$document" | sed 's/^](//; s/[)#].*$//' | grep -v :); do
        [ -e "$(dirname "$document")/$link" ] || {
          printf '%s: no %s\n' "$document" "$link"
          found=1
        }
      done
    done
    exit "$found"
  )
}

# The voyage: hostile pages in a browser, acceptance with each aws there is, the tour in dev, the
# quickstart in standard, and what goes wrong. Each script has installations of its own and waits more than it
# works, so two run side by side.
test_voyage() {
  need_image
  count_lines sh "$HOLDFAST_HOME/test/browser.sh"
  test_tools
  if ! engine_answers; then
    not_run "the voyage: no container engine answers at $(engine_socket)"
    return 0
  fi
  for aws in pypi:"$HOLDFAST_TEST_AWS_PYPI" debian:"$HOLDFAST_TEST_AWS_DEBIAN"; do
    [ -n "${aws#*:}" ] || not_run "acceptance: there is no aws of ${aws%%:*}"
  done
  pypi=${HOLDFAST_TEST_AWS_PYPI:-$HOLDFAST_TEST_AWS_DEBIAN}
  debian=${HOLDFAST_TEST_AWS_DEBIAN:-$HOLDFAST_TEST_AWS_PYPI}
  if [ -n "$pypi" ]; then
    aside play acceptance standard "$debian"
    count_lines play acceptance dev "$pypi"
    rejoin
  fi
  aside play terraform "$pypi"
  count_lines play voyage
  rejoin
  aside in_turn full sync operator clock canary
  count_lines in_turn services refusals words engine attack crash stock-agent exec-plugin
  rejoin
}

# play SCRIPT ARGUMENT...: runs a script of test/ and says how long it took.
play() {
  script=$1 began=$(date +%s)
  shift
  code=0
  sh "$HOLDFAST_HOME/test/$script.sh" "$@" || code=$?
  printf '(%s: %s s)\n' "$script" $(($(date +%s) - began))
  return "$code"
}

# in_turn SCRIPT...: plays scripts that take a program to use as `aws`. One that fails without a word of a
# check has ended early.
in_turn() {
  for each in "$@"; do
    { play "$each" "$pypi" "$debian" || echo "$each" >"$work/early-$each"; } 2>&1 | tee "$work/turn-$each"
    if [ -f "$work/early-$each" ] && ! grep -q '^FAILED ' "$work/turn-$each"; then
      echo "FAILED $each: it ended early"
    fi
  done
}

# aside COMMAND...: runs what prints lines to count beside what follows, until `rejoin`.
aside() {
  { "$@" || echo "FAILED $*: it ended early"; } </dev/null >"$work/beside" 2>&1 &
  beside=$!
}

# Waits for what was played aside, shows and counts it.
rejoin() {
  wait "$beside"
  count_lines cat "$work/beside"
}

add() {
  passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# What the acceptance tests find on this machine; they report what they lack themselves.
test_tools() {
  start_engine || say "Checks that need a container engine will not run."
  HOLDFAST_TEST_HOME=$HOLDFAST_HOME
  HOLDFAST_TEST_AWS_DEBIAN=
  HOLDFAST_TEST_AWS_PYPI=
  for aws in $(which -a aws 2>/dev/null) /usr/bin/aws; do
    [ -x "$aws" ] || continue
    case $("$aws" --version 2>&1) in
      aws-cli/1.*) [ -n "$HOLDFAST_TEST_AWS_PYPI" ] || HOLDFAST_TEST_AWS_PYPI=$aws ;;
      aws-cli/2.*) [ -n "$HOLDFAST_TEST_AWS_DEBIAN" ] || HOLDFAST_TEST_AWS_DEBIAN=$aws ;;
    esac
  done
  if [ -z "$HOLDFAST_TEST_AWS_PYPI" ] && [ -z "$NO_INSTALL" ]; then
    pypi_aws
  fi
  export HOLDFAST_TEST_HOME HOLDFAST_TEST_AWS_DEBIAN HOLDFAST_TEST_AWS_PYPI
}

# PyPI's CLI in a virtual environment of its own, its files compared with their pinned hashes.
pypi_aws() {
  venv=$HOLDFAST_HOME/target/tools/aws
  if [ ! -x "$venv/bin/aws" ]; then
    command -v python3 >/dev/null 2>&1 || return 0
    if may_install && ! python3 -c 'import ensurepip' 2>/dev/null; then
      apt_install python3-venv || return 0
    fi
    say "Fetching PyPI's awscli for the acceptance tests ..."
    { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --only-binary=:all: --require-hashes \
      --requirement "$HOLDFAST_HOME/test/aws-requirements.txt"; } \
      >>"$HOLDFAST_HOME/target/install.log" 2>&1 || {
      rm -rf "$venv"
      return 0
    }
  fi
  HOLDFAST_TEST_AWS_PYPI=$venv/bin/aws
}

test_java() {
  need_maven
  need_image
  (run_program version) >/dev/null # makes the start-up cache, so that no test waits for it
  test_tools
  say "Running the Java checks (log in target/test.log) ..."
  code=0
  java_checks test.log --threads 2 spotless:check verify || code=$?
  if [ "$code" = 0 ]; then
    count 0 "sources compile without warnings and are formatted"
  fi
  count_lines sh "$HOLDFAST_HOME/test/supply.sh"
  count_lines sh "$HOLDFAST_HOME/test/reproducible.sh"
}

# The long form of a proof. The tests learn from HOLDFAST_LONG that it is meant.
prove() {
  HOLDFAST_LONG=$1
  export HOLDFAST_LONG
  case $1 in
    crash) prove_java crash '*CrashTest' ;;
    power) prove_java power '*PowerCutTest' ;;
    corrupt) prove_java corrupt '*CorruptionTest' ;;
    full)
      prove_java full '*DiskFullTest'
      prove_script full
      ;;
    soak) prove_java soak '*SoakTest' ;;
    simulation) prove_java simulation '*SimulationTest' ;;
    hosts)
      prove_script hosts
      prove_script reboot
      ;;
    stock-agent) prove_script stock-agent ;;
    attack) prove_java attack '*AttackTest' ;;
    fuzz)
      prove_java fuzz '*FuzzTest'
      prove_script jazzer
      ;;
    policy) prove_java policy '*DifferentialTest' ;;
    reproducible) prove_script reproducible ;;
  esac
  unset HOLDFAST_LONG
}

# reading PROOF: the names of the tests that have a long form of it: they read HOLDFAST_LONG, or what they
# share reads it for them. test/launcher.sh sees that none is forgotten.
reading() {
  marks="\"$1\"\\.equals\\(System\\.getenv\\(\"HOLDFAST_LONG\"\\)\\)"
  case $1 in
    power) marks="$marks|PowerCut\\.isLong" ;;
    attack) marks="$marks|\"attack\"|Attacked\\.LONG" ;;
    fuzz) marks="$marks|import dev\\.holdfast\\.kit\\.fuzz\\.Fuzz;" ;;
  esac
  { grep -rlE "$marks" "$HOLDFAST_HOME"/*/src/test/java --include='*Test.java' || true; } |
    sed 's|.*/||; s|\.java$||' | sort -u
}

# prove_java PROOF PATTERN: runs the tests of this name, and those that have a long form of the proof, in
# the modules that have any.
prove_java() {
  tests=$2$(reading "$1" | sed 's/^/,/' | tr -d '\n')
  names=$(printf '%s' "$tests" | sed 's/\*/[^\/]*/g; s/,/|/g')
  modules=$(cd "$HOLDFAST_HOME" && find ./*/src/test/java -name '*Test.java' |
    grep -E "/($names)\.java\$" | cut -d / -f 2 | sort -u | tr '\n' ' ' | sed 's/ $//')
  if [ -z "$modules" ]; then
    not_run "$1: no test is named $2"
    return 0
  fi
  need_maven
  say "Proving $1, the long form, with $tests in $modules (log in target/test-$1.log) ..."
  java_checks "test-$1.log" --projects "$(printf '%s' "$modules" | tr ' ' ,)" --also-make test \
    "-Dtest=$tests" -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true -Dit.forks=1 || true
}

prove_script() {
  if [ ! -f "$HOLDFAST_HOME/test/$1.sh" ]; then
    not_run "$1: there is no test/$1.sh"
    return 0
  fi
  need_image
  count_lines sh "$HOLDFAST_HOME/test/$1.sh"
}

# java_checks LOG ARGUMENT...: runs Maven, shows what matters of its output (a proof's figures too)
# and counts its reports. A test that fails keeps no module from its own tests; the reports tell of it.
# The exit code is Maven's: what does not compile, or a JVM that ended early.
java_checks() {
  mkdir -p "$HOLDFAST_HOME/target"
  find "$HOLDFAST_HOME" -path '*/target/surefire-reports/TEST-*.xml' -delete 2>/dev/null || true
  log=$HOLDFAST_HOME/target/$1
  shift
  { maven --fail-at-end -Dmaven.test.failure.ignore=true "$@" </dev/null 2>&1 || echo $? >"$work/code"; } |
    tee "$log" |
    grep -E --line-buffered '^\[[A-Z]+\] Tests run:.* -- in |^\[ERROR\]|^not run: |figures: |BUILD' || true
  result=0
  if [ -f "$work/code" ]; then
    result=$(cat "$work/code")
    rm "$work/code"
  fi
  before=$failed
  java_reports
  grep -E '^\[ERROR\] {2,}[A-Z]' "$log" | head -n 40 >>"$work/failures" || true
  if [ "$result" != 0 ] && [ "$failed" = "$before" ]; then
    count 1 "the Java build ($log)"
  fi
  return "$result"
}

# Adds up the reports of all modules and repeats why tests were skipped.
java_reports() {
  find "$HOLDFAST_HOME" -path '*/target/surefire-reports/TEST-*.xml' >"$work/reports"
  while read -r report; do
    head=$(sed -n '/<testsuite /,/>/p' "$report" | tr '\n' ' ')
    tests=$(attribute tests) errors=$(attribute errors)
    failures=$(attribute failures) skips=$(attribute skipped)
    add "$((tests - errors - failures - skips))" "$((errors + failures))" "$skips"
    name=${report##*/TEST-}
    sed -n 's/.*<skipped message="\([^"]*\)".*/\1/p' "$report" |
      sed "s/^/not run: ${name%.xml}: /; s/&quot;/\"/g; s/&lt;/</g; s/&gt;/>/g; s/&#10;/ /g; s/&amp;/\&/g"
  done <"$work/reports"
}

attribute() {
  value=$(printf '%s' "$head" | sed -n "s/.*<testsuite [^>]* $1=\"\\([0-9]*\\)\".*/\\1/p")
  printf '%s\n' "${value:-0}"
}
