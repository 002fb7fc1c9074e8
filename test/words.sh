#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What others write acts on nobody's terminal: names, tags, reasons, images, lines and failures with control
# characters, ANSI sequences, marks of direction, line ends and HTML enter by every way that takes them, on a
# real server with a real engine, and each command that shows them writes them out.
#   test/words.sh AWS        AWS is the program to use as `aws`
# Each check prints `ok NAME` or `FAILED NAME`.
# shellcheck disable=SC2030,SC2031,SC2034 # subshells have keys of their own; lib.sh reads some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=words
. "$repo/test/lib.sh"
if [ "$(id -u)" != 0 ] || ! docker version >/dev/null 2>&1 || ! command -v python3 >/dev/null 2>&1 ||
  [ ! -x /bin/busybox ]; then
  echo "not run: words: needs root, a container engine, python3 and /bin/busybox"
  exit 0
fi
quiet_clients "$1"
port=$(free_port)
registry=$(free_port)
host=127.0.0.1:$port
cd "$repo" || exit 1

over() {
  [ -z "${listener:-}" ] || kill "$listener" 2>/dev/null
  timeout 120 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker rmi "$host/words/own:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

must "up" ./holdfast up --detach --data-dir "$data" --port "$port"
lines=$(./holdfast env --data-dir "$data" 2>/dev/null) || exit 1
eval "$lines"
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) ;;
  *)
    echo "not run: words: tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')"
    exit 0
    ;;
esac

# --- the words ---
# As JSON: they clear the screen, set its title, turn the direction, hide, and begin a line of their own.
words='ill \u001b[2J\u001b]0;title\u0007\u009b31m\u202eevil\u2066\u200b<script>alert(1)</script>\r\nFORGED line\u2028FORGED'
# call SERVICE OPERATION JSON [MORE...]: calls with the words wherever the JSON has WORDS.
call() {
  service=$1 operation=$2
  printf '%s' "$3" >"$work/plain.json"
  shift 3
  WORDS=$words python3 - "$work/plain.json" >"$work/input.json" <<'PY'
import os, sys
print(open(sys.argv[1], encoding="utf-8").read().replace("WORDS", os.environ["WORDS"]), end="")
PY
  aws "$service" "$operation" --cli-input-json "file://$work/input.json" "$@"
}

# harmless FILE [lines]: nothing in it acts on a terminal or hides, and no line is of somebody else's making
# where lines are not theirs to make.
harmless() {
  python3 - "$1" "${2:-}" <<'PY'
import sys, unicodedata
with open(sys.argv[1], encoding="utf-8") as f:
    text = f.read()
bad = {c for c in text if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")}
if bad:
    sys.exit(f"{sorted(map(hex, map(ord, bad)))}")
if sys.argv[2] != "lines" and any(line.startswith("FORGED") for line in text.split("\n")):
    sys.exit("a line was made up")
PY
}
printf 'red \033[31m' >"$work/planted"
check "what acts is found" refused 0x1b harmless "$work/planted"
printf 'fine\nFORGED line\n' >"$work/planted"
check "and so is a line that was made up" refused 'made up' harmless "$work/planted"
printf 'fine \303\251 <b> 😀\n' >"$work/planted"
check "what does neither passes" harmless "$work/planted"

# --- an image that runs, and a registry whose errors are ill ---
image() {
  mkdir -p "$work/image/bin" "$work/image/tmp" && cp /bin/busybox "$work/image/bin/busybox" &&
    tar -C "$work/image" -c . | docker import --change 'LABEL ill="\u001b[2J"' - "$host/words/own:1" &&
    aws ecr create-repository --repository-name words/own &&
    aws ecr get-login-password | docker login --username AWS --password-stdin "$host" &&
    docker push --quiet "$host/words/own:1"
}
must "an image" image
must "a role" box_role
cat >"$work/registry.py" <<'PY'
import http.server, json, os, sys
WORDS = json.loads('"' + os.environ["WORDS"] + '"')
class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"errors": [{"code": "UNKNOWN", "message": WORDS, "detail": WORDS}]}).encode()
        self.send_response(200 if self.path == "/v2/" else 500)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_HEAD = do_GET
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Registry).serve_forever()
PY
WORDS=$words python3 "$work/registry.py" "$registry" &
listener=$!

# --- every way in ---
# definition FAMILY IMAGE COMMAND [MORE]
definition() {
  call ecs register-task-definition "{\"family\":\"$1\",\"executionRoleArn\":\"arn:aws:iam::$ACCOUNT:role/shop-exec\",
   \"containerDefinitions\":[{\"name\":\"web\",\"image\":\"$2\",\"cpu\":16,\"memory\":16,\"essential\":true,\"stopTimeout\":2,
   \"command\":[$3],\"environment\":[{\"name\":\"ILL\",\"value\":\"WORDS\"}]${4:-}}]}"
}
must "a cluster" aws ecs create-cluster --cluster-name words
# shellcheck disable=SC2016 # the container's shell expands it
must "a definition with ill values" definition plain "$host/words/own:1" \
  '"/bin/busybox","sh","-c","echo \"$ILL\"; /bin/busybox sleep 600"' \
  ',"dockerLabels":{"ill":"WORDS"},"healthCheck":{"command":["CMD","/bin/busybox","true","WORDS"],"interval":5}'
must "one whose program is not there" definition gone "$host/words/own:1" '"/WORDS"'
must "one whose registry says ill things" definition registry "127.0.0.1:$registry/words/none:1" '"x"'
for wrong in '"family":"WORDS","containerDefinitions":[{"name":"web","image":"x","memory":16}]' \
  '"family":"x","containerDefinitions":[{"name":"WORDS","image":"x","memory":16}]' \
  '"family":"x","containerDefinitions":[{"name":"web","image":"WORDS","memory":16}]' \
  '"family":"x","taskRoleArn":"WORDS","containerDefinitions":[{"name":"web","image":"x","memory":16}]'; do
  check "not as a name: $(printf '%s' "$wrong" | cut -c 1-60)" \
    refused 'ClientException|InvalidParameterException' call ecs register-task-definition "{$wrong}"
done
check "no cluster has such a name" refused 'InvalidParameterException' call ecs create-cluster '{"clusterName":"WORDS"}'
check "no service has such a name" refused 'InvalidParameterException' \
  call ecs create-service '{"cluster":"words","serviceName":"WORDS","taskDefinition":"plain","desiredCount":0}'
check "no user has such a name" refused 'ValidationError' call iam create-user '{"UserName":"WORDS"}'
check "no tag has such a value" refused 'InvalidParameterException|ClientException' \
  call ecs tag-resource "{\"resourceArn\":\"arn:aws:ecs:$AWS_DEFAULT_REGION:$ACCOUNT:cluster/words\",\"tags\":[{\"key\":\"a\",\"value\":\"WORDS\"}]}"
# run DEFINITION [MORE]
run() {
  call ecs run-task "{\"cluster\":\"words\",\"taskDefinition\":\"$1\",\"startedBy\":\"WORDS\",\"group\":\"WORDS\"${2:-}}" \
    --query 'tasks[0].taskArn' --output text | grep '^arn:'
}
overrides=',"overrides":{"containerOverrides":[{"name":"web","environment":[{"name":"MORE","value":"WORDS"}]}]}'
must "a task that goes on" run plain "$overrides"
STAYS=$out
must "a task that will be stopped" run plain
STOPPED=$out
must "a task whose program is not there" run gone
GONE=$out
must "a task whose registry says ill things" run registry
ILL=$out
must "they run" aws ecs wait tasks-running --cluster words --tasks "$STAYS" "$STOPPED"
must "one is stopped with an ill reason" \
  call ecs stop-task "{\"cluster\":\"words\",\"task\":\"$STOPPED\",\"reason\":\"WORDS\"}"
must "the others have ended" aws ecs wait tasks-stopped --cluster words --tasks "$STOPPED" "$GONE" "$ILL"
must "a service" aws ecs create-service --cluster words --service-name ill --task-definition registry --desired-count 1

# A container instance of somebody's own agent, and what it says of itself and of a task.
instance() {
  call ecs register-container-instance "{\"cluster\":\"words\",\"totalResources\":[
   {\"name\":\"CPU\",\"type\":\"INTEGER\",\"integerValue\":64},{\"name\":\"MEMORY\",\"type\":\"INTEGER\",\"integerValue\":64}],
   \"versionInfo\":{\"agentVersion\":\"WORDS\",\"agentHash\":\"WORDS\",\"dockerVersion\":\"WORDS\"}$1}" \
    --query containerInstance.containerInstanceArn --output text
}
must "an agent's ill version" instance ''
must "an agent's ill attribute" instance ',"attributes":[{"name":"a","value":"WORDS"}]'
report() {
  call ecs submit-task-state-change "{\"cluster\":\"words\",\"task\":\"$1\",\"status\":\"STOPPED\",\"reason\":\"WORDS\"}"
}
check "a report with ill words on a task elsewhere is refused" refused AccessDenied report "$STAYS"

# A machine by an activation.
activation() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}' \
    >"$work/ssm.json"
  aws iam create-role --role-name machine --assume-role-policy-document "file://$work/ssm.json" >/dev/null &&
    call ssm create-activation '{"IamRole":"machine","Description":"WORDS"}' --query ActivationId --output text
}
must "an activation with an ill description" activation
check "no machine has such a name" refused ValidationException \
  call ssm create-activation '{"IamRole":"machine","DefaultInstanceName":"WORDS"}'

# Refusals that name what was asked for.
denied() {
  aws iam create-user --user-name nobody >/dev/null &&
    aws iam create-access-key --user-name nobody --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text >"$work/nobody" ||
    return 1
  (
    unset AWS_SESSION_TOKEN
    AWS_ACCESS_KEY_ID=$(cut -f1 "$work/nobody") AWS_SECRET_ACCESS_KEY=$(cut -f2 "$work/nobody")
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    call ecs delete-cluster '{"cluster":"WORDS"}'
  ) >"$work/denial" 2>&1
  grep -o 'authorization id: [0-9a-f-]*' "$work/denial" | cut -d' ' -f3 | grep .
}
must "a call is denied that names them" denied
DENIED=$out
asked() {
  curl --silent --output /dev/null --aws-sigv4 "aws:amz:$AWS_DEFAULT_REGION:ssm" \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --header "X-Amz-Security-Token: $AWS_SESSION_TOKEN" \
    --header "$(printf 'X-Amz-Target: AmazonSSM.Ill\302\233\342\200\256')" \
    --header 'Content-Type: application/x-amz-json-1.1' --data '{}' "http://$host/"
}
check "an operation of such a name is asked for" asked

# --- every way out ---
# shows NAME COMMAND...: it says the words' harmless part, and nothing in it acts.
shows() {
  name=$1
  shift
  timeout 180 ./holdfast "$@" --data-dir "$data" >"$work/shown" 2>&1
  check "$name: the words are there" grep -q 'script>alert(1)' "$work/shown"
  check "$name: and harmless" harmless "$work/shown"
}
# quiet NAME COMMAND...: it need not say them; nothing in it acts.
quiet() {
  name=$1
  shift
  timeout 180 ./holdfast "$@" --data-dir "$data" >"$work/shown" 2>&1
  check "$name: says something" test -s "$work/shown"
  check "$name: harmless" harmless "$work/shown"
}
recorded() {
  ./holdfast history --json --data-dir "$data" | grep -c '"kind":"task"' | grep -qv '^0$' &&
    ./holdfast events --after 0 --json --data-dir "$data" | grep -q 'script>alert(1)'
}
check "what happened is written down" soon recorded
shows "ps --all" ps --all
shows "ps --all --json" ps --all --json
quiet "ps" ps
quiet "ps --quiet" ps --quiet
quiet "top" top --once
quiet "top --json" top --json
shows "history" history
shows "history --json" history --json
shows "events" events --after 0
shows "events --json" events --after 0 --json
shows "status" status
shows "status --json" status --json
shows "task explain, stopped" task explain "$STOPPED"
quiet "task explain, never pulled" task explain "$ILL"
quiet "task explain, gone" task explain "$GONE"
shows "explain" explain "$DENIED"
timeout 180 ./holdfast logs "$STAYS" --data-dir "$data" >"$work/shown" 2>&1
check "logs: the words are there" grep -q 'script>alert(1)' "$work/shown"
check "logs: and harmless; their lines are the container's" harmless "$work/shown" lines
quiet "audit verify" audit verify
quiet "guardrails" guardrails
quiet "a task that is not there" logs "$(printf 'a\033[2Jb')"
for file in "$data/logs/server.log" "$data/logs/agent.log"; do
  check "harmless: ${file##*/}" harmless "$file"
done
# An answer is no page.
page() {
  curl --silent --dump-header "$work/head" --output "$work/body" --data 'Action=<script>alert(1)</script>&Version=1' "http://$host/"
  cat "$work/head" "$work/body"
  test -s "$work/body" && ! grep -qi '^content-type: text/html' "$work/head" && ! grep -q '<script' "$work/body"
}
check "an error that names HTML is no page" page

check "down --stop-tasks" timeout 150 ./holdfast down --stop-tasks --data-dir "$data"
echo "end of words"
