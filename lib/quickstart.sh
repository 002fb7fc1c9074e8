# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# `./holdfast quickstart`: the main job in one go, from a machine with nothing to two tasks that
# each got the secret of their environment, three refusals, and how to go on.

. "$HOLDFAST_HOME/lib/tour.sh"

QUICKSTART_HELP='Usage: ./holdfast quickstart [--no-install] [--data-dir DIR] [--port N]
Install what is missing (Debian and Ubuntu, as root, after saying what), start a container engine
and the platform in profile standard, and play the main job: push an image, store two secrets, run
one task definition for two environments, be refused, and find it all recorded.
      --no-install     Install nothing; print the commands instead.
      --data-dir DIR   The installation (default: the one in the user'"'"'s data folder).
      --port N         The port that serves every API (default: 4566).
Exit codes: 0 done, 1 failed, 2 wrong usage.'

# The order of the story; practices.md has the rows.
QUICKSTART_STEPS='01 16 17 02 18 11 10 29'

quickstart_main() {
  HOLDFAST_DATA=''
  port=''
  while [ $# -gt 0 ]; do
    case $1 in
      --help) printf '%s\n' "$QUICKSTART_HELP" && return 0 ;;
      --no-install) forbid_install ;;
      --data-dir=*) HOLDFAST_DATA=${1#*=} ;;
      --port=*) port=${1#*=} ;;
      --data-dir | --port)
        [ $# -gt 1 ] || usage_error "$1 needs a value"
        case $1 in
          --data-dir) HOLDFAST_DATA=$2 ;;
          *) port=$2 ;;
        esac
        shift
        ;;
      *) usage_error "unknown: $1
$QUICKSTART_HELP" ;;
    esac
    shift
  done
  absolute_data
  quickstart_machine
  quickstart_platform
  # A subshell, so that a step that breaks comes back here.
  # shellcheck disable=SC2086 # the steps are words
  (tour_play $QUICKSTART_STEPS) || quickstart_broke
  quickstart_end
}

quickstart_machine() {
  printf '== The machine ==\n'
  [ "$(user_id)" = 0 ] || fail "running tasks needs root: sudo ./holdfast quickstart
(without root, ./holdfast up serves the APIs and runs no task)"
  install_for quickstart
  tour_needs
  start_engine || fail "the quickstart needs a container engine"
  printf '$ docker version --format %s\n' "'{{.Server.Version}}'"
  docker version --format '{{.Server.Version}}'
}

quickstart_platform() {
  printf '\n== The platform ==\n'
  started=
  if ! quickstart_status >/dev/null 2>&1; then
    started=1
    printf '$ ./holdfast up --detach --profile standard%s%s\n' "$(quickstart_option)" "${port:+ --port $port}"
    "$HOLDFAST_HOME/holdfast" up --detach --profile standard ${port:+--port "$port"} \
      ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"} || fail "the platform did not start (see above)"
  fi
  case $(quickstart_status) in
    *'"profile":"standard"'*) ;;
    *) fail "the platform that runs here has another profile than standard, and a directory keeps its
profile. Give the quickstart a directory and a port of its own:
  ./holdfast quickstart --data-dir $HOME/.local/share/holdfast-standard --port 4577" ;;
  esac
  case $(quickstart_status) in
    *'"connected":true'*) ;;
    *) fail "tasks cannot run here; why: ./holdfast status$(quickstart_option)" ;;
  esac
}

quickstart_status() {
  "$HOLDFAST_HOME/holdfast" status --json ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"}
}

quickstart_option() {
  printf '%s' "${HOLDFAST_DATA:+ --data-dir $HOLDFAST_DATA}"
}

# What this run started goes again; what ran before stays.
quickstart_broke() {
  if [ -n "$started" ]; then
    say "Stopping what was started ..."
    "$HOLDFAST_HOME/holdfast" down --stop-tasks ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"} >&2 || true
  fi
  fail "the quickstart broke at the step above; the server's log lies in logs/server.log of its data directory"
}

quickstart_end() {
  tour_env
  printf '\n== What runs now ==\n'
  printf '$ aws ecs list-tasks --cluster shop\n'
  aws ecs list-tasks --cluster shop --query 'taskArns[]' --output text | tr '\t' '\n'
  cat <<END

Look at it:
  eval "\$(./holdfast env$(quickstart_option))"
  aws ecs describe-tasks --cluster shop --tasks \$(aws ecs list-tasks --cluster shop --query 'taskArns[]' --output text)
  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=RunTask
  ./holdfast status$(quickstart_option)
  ./holdfast tour --list
Stop it, and its tasks:
  ./holdfast down --stop-tasks$(quickstart_option)
END
}
