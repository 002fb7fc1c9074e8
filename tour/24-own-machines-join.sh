#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 24: own machines join.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "24 Machines of your own join"

# The platform of this tour is one of its own: it listens where the other machine reaches it.
TOUR_WORK=$TOUR_WORK/own-machines # another platform's secrets than those of the rest of the tour
mkdir -p "$TOUR_WORK"
. "${0%/*}/machine.sh"
PLATFORM=$TOUR_WORK/platform

# What was made goes, whatever happens.
apart() {
  be_operator
  leave_machine
  quietly "$HOLDFAST" down --stop-tasks --data-dir "$PLATFORM"
  quietly docker image rm "$REGISTRY/shop/web:1"
  machine_gone
}
trap apart EXIT
command -v openssl >/dev/null || not_run "a machine that makes its own key needs openssl"
have_machine || not_run "$why"

part "do: a platform that other machines reach: over TLS, by an authority of its own"
show ./holdfast up --detach --data-dir "$PLATFORM" --profile standard --root-key "$TOUR_WORK/platform.key" \
  --port 0 --bind "$NEAR:0" --engine "$TOUR_WORK/no-engine" | sed -n '/url\|tls\|authority/p'
lines=$("$HOLDFAST" env --data-dir "$PLATFORM") || broken "the operator was to get a session"
eval "$lines"
HOLDFAST_DATA=$PLATFORM
REGISTRY=${AWS_ENDPOINT_URL#*://}
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
"$HOLDFAST" ca --data-dir "$PLATFORM" >"$TOUR_WORK/ca.pem"
tls=$("$HOLDFAST" status --data-dir "$PLATFORM" | sed -n 's/^tls *//p')
note "The client trusts the certificate of ./holdfast ca:"
show env AWS_CA_BUNDLE="$TOUR_WORK/ca.pem" AWS_ENDPOINT_URL="https://$tls" \
  aws sts get-caller-identity --endpoint-url "https://$tls" --query Account --output text

part "do: invite a machine; one command, with a code that is good once, for an hour and this name"
invitation=$("$HOLDFAST" host invite --name harbour --data-dir "$PLATFORM" | tail -n 1)
typed ./holdfast host invite --name harbour
printf '%s\n' "$invitation" | sed 's/[0-9a-f]\{40\} |/... |/'
code=$(printf '%s\n' "$invitation" | awk '{ print $3 }')
print=$(printf '%s\n' "$invitation" | awk '{ print $NF }')
join() {
  printf '%s\n' "$code" | join_with "$tls" "$1" "$2"
}

part "be refused: a platform that is not the one that invited; nothing was sent to it"
refused 'another fingerprint' join "$(printf 'ab%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)" "$OTHER/nowhere"

part "do: the command, on the other machine"
note "$ ... | ./holdfast host join $tls --ca-sha256 $print"
keeps_joined "$tls" "$print" "$code"
joined() {
  "$HOLDFAST" host list --data-dir "$PLATFORM" | grep -q 'harbour.* connected'
}
until_ok 40 joined || {
  cat "$OTHER/host.log"
  broken "the machine was to join"
}
holdfast host list

part "be refused: the same code again"
refused 'join code is not good' join "$print" "$OTHER/again"

part "see: tasks run there; the image is the platform's, pulled through TLS with the task's own rights"
have_image
have_secret prod
have_exec_role
have_cluster
register "$(definition shop-web "$REGISTRY/shop/web:1" '/shop/*/db-password')"
run_task shop-web prod
await_running "$CLUSTER" "$TASK"
show aws ecs describe-container-instances --cluster "$CLUSTER" \
  --container-instances "$(aws ecs list-container-instances --cluster "$CLUSTER" --query 'containerInstanceArns[0]' --output text)" \
  --query 'containerInstances[].[ec2InstanceId,agentConnected,runningTasksCount]' --output text
port=$(web_port "$TASK")
expected=$(sha256sum <"$TOUR_WORK/password-prod" | cut -d ' ' -f 1)
show curl -sS --max-time 5 "http://$FAR:$port/" | grep -q "$expected" || broken "the task was to know its secret"

part "be refused: what another machine has"
# A second machine, without an agent: its key, what its certificate gets, and what it tries with that.
ask() {
  curl --silent --show-error --cacert "$TOUR_WORK/ca.pem" --data "@$TOUR_WORK/ask" "$@"
}
# member NAME FILE: a text in an answer.
member() {
  sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$2"
}
typed ./holdfast host invite --name quay
(umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$TOUR_WORK/quay.key")
request=$(openssl req -new -key "$TOUR_WORK/quay.key" -subj /CN=quay -outform DER | base64 | tr -d '\n')
facts='"facts":{"architecture":"X86_64","cpu":1024,"memory":256}'
quay=$("$HOLDFAST" host invite --name quay --data-dir "$PLATFORM" | tail -n 1 | awk '{ print $3 }')
printf '{"code":"%s","request":"%s",%s}\n' "$quay" "$request" "$facts" >"$TOUR_WORK/ask"
ask "https://$tls/_holdfast/hosts/join" >"$TOUR_WORK/answer" || broken "quay was to join"
printf '%b' "$(member certificate "$TOUR_WORK/answer")" >"$TOUR_WORK/quay.pem"
printf '{%s,"host":"%s"}\n' "$facts" harbour >"$TOUR_WORK/ask"
note "Its certificate gets a session of its own, whatever name it says:"
show curl --silent --show-error --cacert "$TOUR_WORK/ca.pem" --cert "$TOUR_WORK/quay.pem" --key "$TOUR_WORK/quay.key" \
  --data "@$TOUR_WORK/ask" "https://$tls/_holdfast/hosts/session" >"$TOUR_WORK/session"
be quay "$(member AccessKeyId "$TOUR_WORK/session")" "$(member SecretAccessKey "$TOUR_WORK/session")" \
  "$(member SessionToken "$TOUR_WORK/session")"
typed aws sts get-caller-identity --query Arn --output text
own=$(aws sts get-caller-identity --query Arn --output text)
printf '%s\n' "$own"
case $own in
  *"$(member host "$TOUR_WORK/answer")") ;;
  *) broken "the session was to be quay's own" ;;
esac
harbour=$(tr -d ' \n' <"$OTHER/host/membership.json" | sed 's/.*"host":"\([^"]*\)".*/\1/')
note "With it quay asks for the credentials of harbour, and speaks for harbour's task:"
refused 'AccessDenied' aws sts assume-role --role-arn "arn:aws:iam::000000000000:role/HoldfastHost-$harbour" \
  --role-session-name "$harbour"
refused 'AccessDenied' aws ecs submit-task-state-change --cluster "$CLUSTER" --task "$TASK" --status STOPPED
be_operator
show aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$TASK" --query 'tasks[].lastStatus' --output text
holdfast status | sed -n '/^alarm/p'
holdfast host remove quay

part "see: no new tasks on a machine that is drained"
holdfast host drain harbour
refused_task=$(show aws ecs run-task --cluster "$CLUSTER" --task-definition shop-web --tags key=environment,value=prod \
  --query 'failures[].reason' --output text)
printf '%s\n' "$refused_task"
[ -n "$refused_task" ] || broken "no task was to be placed"

part "mend: a machine that is not yours any more is removed; its certificate is void at once"
holdfast host remove harbour
until_ok 40 is_over "$(cat "$OTHER/pid")" || broken "the machine was to hear that it was removed"
tail -n 1 "$OTHER/host.log"
show aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$TASK" --query 'tasks[].[lastStatus,stoppedReason]' --output text
note "An unmodified Amazon ECS agent joins, too: docs/hosts.md says how."
note "Who joined, who was refused and who removed it is in the audit:"
show aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventSource,AttributeValue=holdfast.internal \
  --query 'Events[].[EventName,Username]' --output text
