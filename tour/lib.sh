# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the scripts of the tour share: they show each command as a user would type it, run it, and
# check what comes. `./holdfast tour` and `./holdfast quickstart` set:
#   HOLDFAST   the launcher        HOLDFAST_DATA  the data directory where the user named one
#   TOUR_WORK  a scratch folder    TOUR_PROFILE   dev or standard
# and the variables of `./holdfast env`. AWS's and Docker's own folders in $HOME are never touched.
# shellcheck disable=SC2034 # what the scripts use
set -eu

AWS_PAGER=
AWS_EC2_METADATA_DISABLED=true
AWS_CONFIG_FILE=$TOUR_WORK/aws-config
AWS_SHARED_CREDENTIALS_FILE=$TOUR_WORK/aws-credentials
DOCKER_CONFIG=$TOUR_WORK/docker
DOCKER_BUILDKIT=0
export AWS_PAGER AWS_EC2_METADATA_DISABLED AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE DOCKER_CONFIG
export DOCKER_BUILDKIT
mkdir -p "$DOCKER_CONFIG"

REGISTRY=${AWS_ENDPOINT_URL#*://}
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)

# --- what a reader sees ---

title() {
  printf '\n== %s ==\n' "$*"
}

# A part of a script: do, see, be refused, mend.
part() {
  printf '\n-- %s\n' "$*"
}

note() {
  printf '   %s\n' "$*"
}

broken() {
  printf '\n!! %s\n' "$*" >&2
  exit 1
}

# Ends a script that this machine cannot play; the tour reports and counts it.
not_run() {
  printf 'not run: %s\n' "$*" >&2
  exit 3
}

# Prints words as a shell would want them typed.
typed() {
  printf '%s' "$TOUR_PROMPT"
  for word in "$@"; do
    case $word in
      '' | *[!A-Za-z0-9_./:=@%+,-]*)
        printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\''/g")"
        ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
}

TOUR_PROMPT='$'

# show COMMAND...: shows and runs; the command must succeed.
show() {
  typed "$@" >&2
  "$@" || broken "this was to succeed"
}

# show_as TEXT COMMAND...: the same where the words hold a secret; TEXT is shown instead.
show_as() {
  printf '%s %s\n' "$TOUR_PROMPT" "$1" >&2
  shift
  "$@" || broken "this was to succeed"
}

# Runs the launcher on this installation, shown as typed.
holdfast() {
  command=$1
  shift
  show ./holdfast "$command" "$@" ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"}
}

# refused PATTERN COMMAND...: shows and runs; it must fail, and its text must match the pattern (an
# extended regular expression). The text stays in $said.
refused() {
  pattern=$1
  shift
  typed "$@"
  if said=$("$@" 2>&1); then
    printf '%s\n' "$said"
    broken "this was to be refused"
  fi
  printf '%s\n' "$said" | sed '/^$/d'
  printf '%s\n' "$said" | grep -Eq "$pattern" || broken "the refusal was to say: $pattern"
}

# guarded PATTERN COMMAND...: a call that a guardrail judges: refused in `standard`; in `dev` it goes
# through, as on AWS, and the verdict is only recorded. Tells which by its exit code.
guarded() {
  if [ "$TOUR_PROFILE" != dev ]; then
    refused "$@"
    return 0
  fi
  shift
  said=$(show "$@")
  note "Profile dev only teaches this guardrail: the call went through, and the verdict stands in"
  note "the audit record. In profile standard it is refused."
  return 1
}

# quietly COMMAND...: for tidying up: neither shown nor fatal.
quietly() {
  "$@" >/dev/null 2>&1 || true
}

# until_ok SECONDS COMMAND...: repeats a quiet command until it succeeds.
until_ok() {
  left=$(($1 * 4))
  shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 0.25
  done
}

# --- acting as somebody else ---

# be NAME KEY SECRET [TOKEN]: the next aws commands are signed by these credentials.
be() {
  : "${OPERATOR_KEY:=$AWS_ACCESS_KEY_ID}" "${OPERATOR_SECRET:=$AWS_SECRET_ACCESS_KEY}"
  : "${OPERATOR_TOKEN:=$AWS_SESSION_TOKEN}"
  AWS_ACCESS_KEY_ID=$2
  AWS_SECRET_ACCESS_KEY=$3
  AWS_SESSION_TOKEN=${4:-}
  [ -n "$AWS_SESSION_TOKEN" ] || unset AWS_SESSION_TOKEN
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY ${4:+AWS_SESSION_TOKEN}
  TOUR_PROMPT="$1\$"
}

be_operator() {
  [ -n "${OPERATOR_KEY:-}" ] || return 0
  be operator "$OPERATOR_KEY" "$OPERATOR_SECRET" "$OPERATOR_TOKEN"
  TOUR_PROMPT='$'
}

# assume ROLE: takes a session of a role of this account.
assume() {
  be_operator
  typed aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/$1" --role-session-name tour
  session=$(aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/$1" --role-session-name tour \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text) ||
    broken "the role was to be assumed"
  # shellcheck disable=SC2086 # three words
  be "$1" $session
}

# --- tasks ---

need_tasks() {
  why=$("$HOLDFAST" status --json ${HOLDFAST_DATA:+--data-dir "$HOLDFAST_DATA"} | sed -n 's/.*"agent":{\([^}]*\)}.*/\1/p')
  case $why in
    *'"connected":true'*) ;;
    *) not_run "tasks cannot run here: $(printf '%s' "$why" | sed -n 's/.*"reason":"\([^"]*\)".*/\1/p')" ;;
  esac
}

# await_running CLUSTER TASK: shown; tells why where the task stops instead.
await_running() {
  typed aws ecs wait tasks-running --cluster "$1" --tasks "$2"
  aws ecs wait tasks-running --cluster "$1" --tasks "$2" || {
    aws ecs describe-tasks --cluster "$1" --tasks "$2" \
      --query 'tasks[0].[lastStatus,stopCode,stoppedReason,containers[*].reason]' --output text
    broken "the task was to run"
  }
}

# stop_tasks CLUSTER [FAMILY]: stops what runs there, not shown.
stop_tasks() {
  for task in $(aws ecs list-tasks --cluster "$1" ${2:+--family "$2"} --query 'taskArns[]' \
    --output text 2>/dev/null | sed 's/^None$//'); do
    quietly aws ecs stop-task --cluster "$1" --task "$task"
    quietly aws ecs wait tasks-stopped --cluster "$1" --tasks "$task"
  done
}
