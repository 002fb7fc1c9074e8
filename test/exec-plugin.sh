#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `aws ecs execute-command` with Session Manager's own plugin, at a terminal: a command that is over at once, a
# shell that is typed to, the terminal's size, a long output, its ends, and what is refused.
#   HOLDFAST_SESSION_PLUGIN=/path/to/session-manager-plugin test/exec-plugin.sh [AWS]
# AWS is the program to use as `aws` (default: the one in PATH). The plugin is Amazon's own build, or its source's
# (github.com/aws/session-manager-plugin, src/sessionmanagerplugin-main). Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2034 # lib.sh and shop.sh read some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
plugin=${HOLDFAST_SESSION_PLUGIN:-}
if [ -z "$plugin" ]; then
  echo "not run: exec-plugin: HOLDFAST_SESSION_PLUGIN names no Session Manager plugin"
  exit 0
fi
if [ ! -x "$plugin" ]; then
  echo "not run: exec-plugin: $plugin is not a program"
  exit 0
fi
if ! docker version >/dev/null 2>&1; then
  echo "not run: exec-plugin: no container engine answers"
  exit 0
fi

work=$(mktemp -d)
data=$work/data
script=exec-plugin
. "$repo/test/lib.sh"
quiet_clients "${1:-$(command -v aws)}"
ln -s "$plugin" "$work/select/session-manager-plugin"
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
port=$(free_port)
host=127.0.0.1:$port
profile=${HOLDFAST_PROFILE:-standard}

over() {
  timeout 100 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker image rm "$host/shop/web:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

query() {
  aws "$@" --output text
}

# up [OPTION...]
up() {
  ./holdfast up --detach --profile "$profile" --data-dir "$data" --port "$port" "$@"
}
env_again() {
  ./holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || return 1
  eval "$(cat "$work/env")"
  aws sts get-caller-identity
}
must "up" up
must "the operator signs in" env_again
env_again >/dev/null # in this shell
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) ;;
  *)
    echo "not run: exec-plugin: tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')"
    exit 0
    ;;
esac
ACCOUNT=$(query sts get-caller-identity --query Account)
printf '  the plugin: %s\n' "$(session-manager-plugin --version)"

# --- a task to go into ---
web_folder "$work/web" "exec-plugin $$"
for applet in seq stty ps ls; do
  ln -sf busybox "$work/web/root/bin/$applet"
done
must "an image" sh -c "
  aws ecr create-repository --repository-name shop/web &&
  aws ecr get-login-password | docker login --username AWS --password-stdin $host &&
  docker build --quiet --tag $host/shop/web:1 '$work/web' && docker push --quiet $host/shop/web:1"
must "a role" box_role
must "a cluster" aws ecs create-cluster --cluster-name "$CLUSTER"
must "a definition" define_box
# run_box [OPTION...]: a task that runs; its ARN is in $out.
run_box() {
  task=$(query ecs run-task --cluster "$CLUSTER" --task-definition box "$@" --query 'tasks[0].taskArn') &&
    aws ecs wait tasks-running --cluster "$CLUSTER" --tasks "$task" && printf '%s\n' "$task"
}
must "a task to go into" run_box --enable-execute-command
TASK=$out
must "and one that nobody goes into" run_box
CLOSED=$out
container=$(docker ps --quiet --filter "label=com.amazonaws.ecs.task-arn=$TASK" | head -n 1)

# at COMMAND STEP...: runs it in the container, at a terminal of 33 rows and 101 columns.
at() {
  command=$1
  shift
  python3 "$repo/test/terminal.py" 33x101 "$@" -- aws ecs execute-command --cluster "$CLUSTER" --task "$TASK" \
    --container box --interactive --command "$command"
}

# --- a command that is over before the plugin has looked up ---
ends_at_once() {
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    at 'ls /bin' >"$work/said" && grep -q busybox "$work/said" &&
      grep -q 'Exiting session with sessionId' "$work/said" && continue
    echo "time $turn:"
    cat "$work/said"
    return 1
  done
}
check "what a command says that is over at once is shown, ten times" ends_at_once
check "what is not ASCII" says 'grüße' at "sh -c 'printf \"gr\\303\\274\\303\\237e\\n\"'"
counts() {
  at 'seq 1 20000' >"$work/said" || return 1
  same "$(tr -d '\r' <"$work/said" | grep -cxE '[0-9]+')" 20000
}
check "twenty thousand lines, none lost and none twice" counts
check "a command that is not there, in words" says 'nothing.*(no such file|not found)' at /bin/nothing

# --- a shell ---
# shellcheck disable=SC2016 # the container's shell expands
check "a shell is typed to" at sh --wait '$ ' --type 'echo $((40+2))-ahoy\n' --wait '42-ahoy' --type 'exit 3\n' \
  --wait 'Exiting session'
# shellcheck disable=SC2016 # the container's shell expands
check "it has the terminal's size, and hears of another" at sh --wait '$ ' --type 'stty size\n' --wait '33 101' \
  --size 20x60 --type 'until [ "$(stty size)" = "20 60" ]; do sleep 1; done; echo resi""zed\n' --wait resized \
  --type 'exit\n'
check "Ctrl-C interrupts what runs in it, and not the session" at sh --wait '$ ' --type 'echo be""gun; sleep 4241\n' \
  --wait begun --type '\x03' --wait '$ ' --type 'echo still"" here\n' --wait 'still here' --type 'exit\n'
check "a client that is killed" refused begun at "sh -c 'echo be\"\"gun; sleep 4242'" --wait begun --hang-up
runs() {
  docker top "$container" -o pid,args | grep -F "sleep $1"
}
runs_no_more() {
  docker top "$container" -o pid,args >"$work/top" && ! grep -F "sleep $1" "$work/top"
}
check "takes its command along" soon runs_no_more 4242
check "nothing is left of the others" runs_no_more 4241

# --- what is refused ---
check "another container" refused 'container name provided was not found' aws ecs execute-command --cluster "$CLUSTER" \
  --task "$TASK" --container other --interactive --command sh
check "a task that nobody goes into" refused 'execute command was not enabled' aws ecs execute-command \
  --cluster "$CLUSTER" --task "$CLOSED" --interactive --command sh
check "a task that is not there" refused 'referenced task was not found' aws ecs execute-command --cluster "$CLUSTER" \
  --task 00000000000000000000000000000000 --interactive --command sh
check "without a terminal" refused 'only mode supported' aws ecs execute-command --cluster "$CLUSTER" --task "$TASK" \
  --non-interactive --command sh
recorded() {
  aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ExecuteCommand \
    --query 'Events[].CloudTrailEvent' --output text | grep -F 'sleep 4242'
}
check "each is in the audit, with its command" recorded

# --- the host is away ---
must "the platform ends, its tasks kept" ./holdfast down --keep-tasks --data-dir "$data"
must "and starts again without an engine" up --engine "$work/no-engine.sock"
check "the task runs on" says RUNNING query ecs describe-tasks --cluster "$CLUSTER" --tasks "$TASK" \
  --query 'tasks[0].lastStatus'
check "its host is not connected" refused 'TargetNotConnectedException' at 'ls /bin'
must "the platform ends again" ./holdfast down --keep-tasks --data-dir "$data"
must "and has its engine back" up
comes_in() {
  at 'ls /bin' | grep busybox
}
check "and the task is gone into" soon comes_in
check "the audit is whole" ./holdfast audit verify --data-dir "$data"
echo "end of exec-plugin"
