# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# `./holdfast tour`: plays tour/NN-name.sh against a running platform.

TOUR_HELP='Usage: ./holdfast tour [NN]... [--data-dir DIR]
Play the practices on a running platform: each script does something, shows it, is refused, and
mends it, with the commands as you would type them.
      NN               Only these, by their number; all by default.
      --data-dir DIR   The installation (default: the one in the user'"'"'s data folder).
      --list           List the scripts.
Exit codes: 0 all played, 1 one broke, 2 wrong usage.'

tour_main() {
  numbers=
  HOLDFAST_DATA=
  while [ $# -gt 0 ]; do
    case $1 in
      --help) printf '%s\n' "$TOUR_HELP" && return 0 ;;
      --list) tour_list && return 0 ;;
      --data-dir=*) HOLDFAST_DATA=${1#*=} ;;
      --data-dir)
        [ $# -gt 1 ] || usage_error "--data-dir needs a folder"
        HOLDFAST_DATA=$2
        shift
        ;;
      [0-9][0-9])
        [ -n "$(tour_script "$1")" ] || usage_error "there is no practice $1 yet; there are:
$(tour_list)"
        numbers="$numbers $1"
        ;;
      *) usage_error "unknown: $1
$TOUR_HELP" ;;
    esac
    shift
  done
  tour_needs
  # shellcheck disable=SC2086 # numbers are words
  tour_play ${numbers:-$(tour_list | cut -d ' ' -f 1)}
}

tour_list() {
  for script in "$HOLDFAST_HOME"/tour/[0-9][0-9]-*.sh; do
    sed -n '3s/^# \([0-9][0-9]\): \(.*\)\.$/\1  \2/p' "$script"
  done
}

tour_script() {
  for script in "$HOLDFAST_HOME/tour/$1"-*.sh; do
    [ ! -f "$script" ] || printf '%s\n' "$script"
  done
}

# The tools that the scripts use as a user would.
tour_needs() {
  lacking=
  for tool in aws:awscli docker:docker.io curl:curl busybox:busybox-static; do
    command -v "${tool%%:*}" >/dev/null 2>&1 || lacking="$lacking ${tool#*:}"
  done
  [ -z "$lacking" ] || fail "the tour needs:$lacking. Install:
$(apt_command "${lacking# }")"
}

# tour_env: points this shell's AWS clients at the platform.
tour_env() {
  HOLDFAST=$HOLDFAST_HOME/holdfast
  absolute_data
  status=$("$HOLDFAST" status --json ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"}) || return 1
  TOUR_PROFILE=$(printf '%s' "$status" | sed -n 's/.*"profile":"\([^"]*\)".*/\1/p')
  lines=$("$HOLDFAST" env ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"}) || return 1
  eval "$lines"
  export HOLDFAST HOLDFAST_DATA TOUR_PROFILE
}

absolute_data() {
  case $HOLDFAST_DATA in
    '' | /*) ;;
    *) HOLDFAST_DATA=$PWD/$HOLDFAST_DATA ;;
  esac
}

# Plays scripts by number; the first that breaks ends the tour.
tour_play() {
  tour_env || exit 1
  TOUR_WORK=${TOUR_WORK:-$(mktemp -d)}
  export TOUR_WORK
  trap 'rm -rf "$TOUR_WORK"' EXIT
  cd "$HOLDFAST_HOME" || exit 1
  played=0 left_out=0
  for number in "$@"; do
    code=0
    sh "tour/$(basename "$(tour_script "$number")")" </dev/null || code=$?
    case $code in
      0) played=$((played + 1)) ;;
      3) left_out=$((left_out + 1)) ;;
      *) fail "practice $number broke (exit code $code)" ;;
    esac
  done
  printf '\n%s practices played, %s not run\n' "$played" "$left_out"
}
