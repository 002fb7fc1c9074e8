#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Secrets stay secret: one is stored, given to a task, used in calls that fail and in a crash, and then
# searched for, with every key and token that the run saw, wherever we write or show anything. A planted one
# is found first.
#   test/canary.sh AWS     AWS is the program to use as `aws`
# Each check prints `ok NAME` or `FAILED NAME`. CanaryTest does the same without a container engine.
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=canary
. "$repo/test/lib.sh"
quiet_clients "$1"
port=$(free_port)
host=127.0.0.1:$port
TOUR_WORK=$work
. "$repo/tour/shop.sh"
cd "$repo" || exit 1
AWS_MAX_ATTEMPTS=1
export AWS_MAX_ATTEMPTS

over() {
  ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  docker rmi "$host/shop/web:1" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

# --- the search ---
# What is searched for lies in $work/needles, a line each: a name and the secret in base64.
cat >"$work/search.py" <<'END'
import base64, json, os, re, sys, urllib.parse, zlib

def forms(secret):
    yield "plain", secret
    yield "hex", secret.hex().encode()
    yield "HEX", secret.hex().upper().encode()
    for offset in range(3):
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            shifted = bytes(offset) + secret
            text = encode(shifted).rstrip(b"=")
            yield name, text[offset + 1 if offset else 0:len(text) - (1 if len(shifted) % 3 else 0)]
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return
    yield "UTF-16", text.encode("utf-16-le")
    yield "UTF-16BE", text.encode("utf-16-be")
    yield "URL", urllib.parse.quote_plus(text, safe="*").encode()
    yield "URL with %20", urllib.parse.quote(text, safe="*").encode()
    for ascii in (True, False):
        once = json.dumps(text, ensure_ascii=ascii)[1:-1]
        yield "JSON", once.encode()
        yield "JSON with \\/", once.replace("/", "\\/").encode()
        yield "JSON in JSON", json.dumps(once, ensure_ascii=ascii)[1:-1].encode()

PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")

def layers(hay):
    yield hay, ""
    for at in PACKED.finditer(hay):
        unpack = zlib.decompressobj(47)
        out = b""
        try:
            out = unpack.decompress(hay[at.start():], 64 << 20)
        except zlib.error:
            pass
        if out:
            yield out, ", compressed"

def files(places):
    for place in places:
        if not os.path.isdir(place):
            yield place
        for folder, _, names in os.walk(place):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path) and "/state/reserve" not in path:
                    yield path

needles = []
for line in open(sys.argv[1]):
    name, secret = line.split()
    needles += [(name, form, hidden) for form, hidden in forms(base64.b64decode(secret))]
looked = found = 0
for path in files(sys.argv[2:]):
    with open(path, "rb") as file:
        hay = file.read()
    looked += 1
    told = set()
    for layer, packed in layers(hay):
        for name, form, hidden in needles:
            if name not in told and hidden in layer:
                told.add(name)
                found += 1
                print("%s in %s: %s%s" % (name, path, form, packed))
print("%d files, %d needles in %d forms, %d found" % (looked, len({n[0] for n in needles}), len(needles), found))
sys.exit(1 if found or not looked else 0)
END

# needle NAME: what comes on standard input is a secret.
needle() {
  printf '%s %s\n' "$1" "$(base64 | tr -d '\n')" >>"$work/needles"
}

# clean PLACE...: none of the needles lies there.
clean() {
  python3 "$work/search.py" "$work/needles" "$@"
}

# With characters that each encoding writes in its own way.
# shellcheck disable=SC2089
CANARY="canary/$(head -c 6 /dev/urandom | od -An -tx1 | tr -d ' \n')+\"sings\" & digs \\ for <gold> in Koeln="
printf %s "$CANARY" | needle canary
printf %s "${CANARY%%+*}" | needle its-beginning

planted() {
  mkdir -p "$work/plant"
  python3 - "$CANARY" "$work/plant" <<'END'
import base64, gzip, json, sys, urllib.parse, zlib
text, folder = sys.argv[1:]
raw = text.encode()
ways = {
    "plain": raw, "hex": raw.hex().encode(), "url": urllib.parse.quote_plus(text).encode(),
    "json": json.dumps({"a": text}).encode(), "utf16": text.encode("utf-16"),
    "base64-0": base64.b64encode(raw), "base64-1": base64.b64encode(b"x" + raw + b"y"),
    "base64-2": base64.b64encode(b"xx" + raw + b"yy"), "gzip": b"abc" + gzip.compress(raw),
    "zlib": b"abc" + zlib.compress(raw), "gzip-json": gzip.compress(json.dumps(text).encode()),
}
for name, way in ways.items():
    open(folder + "/" + name, "wb").write(b"before " + way + b" after")
print(len(ways))
END
}
must "a canary is planted in eleven ways" planted
ways=$out
clean "$work/plant" >"$work/seen"
for way in plain hex url json utf16 base64-0 base64-1 base64-2 gzip zlib gzip-json; do
  grep -q "^canary in $work/plant/$way: " "$work/seen" || echo "unseen: $way" >>"$work/unseen"
done
check "and found in each of them" sh -c "[ '$ways' = 11 ] && [ ! -e '$work/unseen' ]"
rm -rf "$work/plant"
mkdir "$work/plant" && echo "nothing sings here" >"$work/plant/file"
check "and not where it is not" clean "$work/plant"

# told NAME COMMAND...: keeps what a command of ours says, well or ill.
mkdir "$work/told"
told() {
  name=$1
  shift
  "$@" >"$work/told/$name" 2>&1
}

# --- a platform with a secret ---
up() {
  ./holdfast up --detach --profile standard --data-dir "$data" --port "$port"
}
must "up" up
cp "$work/out" "$work/told/up"
lines=$(./holdfast env --data-dir "$data" 2>/dev/null) || exit 1
eval "$lines"
printf %s "$AWS_SECRET_ACCESS_KEY" | needle the-operators-key
printf %s "$AWS_SESSION_TOKEN" | needle the-operators-token
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
root_key=$(./holdfast status --json --data-dir "$data" | sed -n 's/.*"rootKey":"\([^"]*\)".*/\1/p')
needle the-root-key <"$root_key"

must "put-parameter" aws ssm put-parameter --name /shop/prod/db-password --type SecureString \
  --value "$CANARY" --tags Key=environment,Value=prod
read_back() {
  same "$(aws ssm get-parameter --name /shop/prod/db-password --with-decryption --query Parameter.Value --output text)" "$CANARY"
}
check "and it is had back" read_back
must "create-secret" aws secretsmanager create-secret --name shop/prod/token --secret-string "{\"token\":\"x\"}" \
  --tags Key=environment,Value=prod --query ARN --output text
secret_arn=$out
must "put-secret-value" aws secretsmanager put-secret-value --secret-id shop/prod/token --secret-string "$CANARY"
secret_back() {
  same "$(aws secretsmanager get-secret-value --secret-id shop/prod/token --query SecretString --output text)" "$CANARY"
}
check "and it is had back too" secret_back
aws secretsmanager get-random-password --query RandomPassword --output text | tr -d '\n' | needle a-random-password
must "create-key" aws kms create-key --query KeyMetadata.KeyId --output text
key=$out
aws kms generate-data-key --key-id "$key" --key-spec AES_256 --query Plaintext --output text |
  base64 -d | needle a-data-key
aws iam create-user --user-name sailor >/dev/null
aws iam create-access-key --user-name sailor --query AccessKey.SecretAccessKey --output text |
  tr -d '\n' | needle a-users-key
aws ecr get-login-password | tr -d '\n' >"$work/password"
needle the-registrys-token <"$work/password"

# --- calls that fail with the secret in them ---
fails() {
  if "$@" >>"$work/told/failing" 2>&1; then
    echo "this was to be refused: $1 $2 $3" >>"$work/allowed"
  fi
}
put() {
  fails aws ssm put-parameter --name /shop/prod/db-password --type SecureString --value "$CANARY" "$@"
}
put
put --overwrite --allowed-pattern '[0-9]+'
put --overwrite --allowed-pattern '('
put --overwrite --key-id alias/none
put --overwrite --type StringList
put --overwrite --policies '[]'
put --overwrite --data-type none
put --overwrite --value "$CANARY{{ssm:x}}"
put --overwrite --value "$(printf '%s' "$CANARY" | python3 -c 'import sys; print(sys.stdin.read() * 200)')"
printf %s "$CANARY" >"$work/plain"
secret() {
  operation=$1
  shift
  fails aws secretsmanager "$operation" --secret-string "$CANARY" "$@"
}
secret create-secret --name shop/prod/token
secret create-secret --name shop/other --kms-key-id alias/none
secret put-secret-value --secret-id none
secret put-secret-value --secret-id shop/prod/token --client-request-token short
secret update-secret --secret-id none
fails aws kms encrypt --key-id none --plaintext "fileb://$work/plain"
fails aws kms decrypt --ciphertext-blob "fileb://$work/plain"
fails docker login --username AWS --password "$(cat "$work/password")x" "$host"
# shellcheck disable=SC2030,SC2031
(
  AWS_SECRET_ACCESS_KEY=$(printf %s "$AWS_SECRET_ACCESS_KEY" | tr 'A-Za-z' 'N-ZA-Mn-za-m')
  fails aws sts get-caller-identity
)
for body in "{\"Name\":\"/a\",\"Value\":\"${CANARY%%+*}" "{\"Name\":\"/a\",\"Value\":[\"${CANARY%%+*}\"]}"; do
  # shellcheck disable=SC2031
  printf 'user = "%s:%s"\nheader = "x-amz-security-token: %s"\n' \
    "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" |
    curl --silent --config - --aws-sigv4 "aws:amz:us-east-1:ssm" --header 'content-type: application/x-amz-json-1.1' \
      --header 'x-amz-target: AmazonSSM.PutParameter' --data "$body" "http://$host/" >>"$work/told/failing"
done
curl --silent "http://$host/?X-Amz-Security-Token=$(printf %s "$AWS_SESSION_TOKEN" | sed 's/+/%2B/g; s/\//%2F/g; s/=/%3D/g')&Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256" \
  >>"$work/told/failing"
check "all of them are refused" test ! -e "$work/allowed"

# --- a task with the secret ---
trust_tasks "$work/trust.json"
cat >"$work/policy.json" <<END
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"},
 {"Effect":"Allow","Action":["ssm:GetParameters","ssm:GetParameter"],
  "Resource":"arn:aws:ssm:us-east-1:$ACCOUNT:parameter/shop/*"},
 {"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"$secret_arn"}]}
END
must "create-role" aws iam create-role --role-name shop-exec --assume-role-policy-document "file://$work/trust.json"
must "put-role-policy" aws iam put-role-policy --role-name shop-exec --policy-name least \
  --policy-document "file://$work/policy.json"
must "create-cluster" aws ecs create-cluster --cluster-name shop
must "create-repository" aws ecr create-repository --repository-name shop/web
# definition NAME MORE: registers a task whose container has the secret.
definition() {
  cat >"$work/$1.json" <<END
{"family":"$1","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec","containerDefinitions":[
 {"name":"$1","image":"$host/shop/web:1","cpu":64,"memory":64,"essential":true,
  "portMappings":[{"containerPort":80}],"secrets":[{"name":"DB_PASSWORD","valueFrom":"/shop/*/db-password"},
   {"name":"TOKEN","valueFrom":"$secret_arn"}]$2}]}
END
  aws ecs register-task-definition --cli-input-json "file://$work/$1.json"
}
cluster_ready=
case $(./holdfast status --json --data-dir "$data") in
  *'"connected":true'*) cluster_ready=1 ;;
  *) echo "not run: canary: tasks: $(./holdfast status --data-dir "$data" | grep '^tasks')" ;;
esac
TASK=none
if [ -n "$cluster_ready" ]; then
  must "docker login" sh -c "docker login --username AWS --password-stdin $host <'$work/password'"
  web_folder "$work/web" "canary $port"
  must "docker build" docker build --quiet --tag "$host/shop/web:1" "$work/web"
  must "docker push" docker push --quiet "$host/shop/web:1"
  must "register-task-definition" definition web ''
  run() {
    aws ecs run-task --cluster shop --task-definition "$1" --tags key=environment,value=prod \
      --query 'tasks[0].taskArn' --output text
  }
  must "run-task" run web
  TASK=$out
  must "it runs" aws ecs wait tasks-running --cluster shop --tasks "$TASK"
  task_port=$(aws ecs describe-tasks --cluster shop --tasks "$TASK" --output text \
    --query 'tasks[0].containers[0].networkBindings[0].hostPort')
  must "and answers" curl -fsS --retry 20 --retry-delay 1 --retry-all-errors "http://127.0.0.1:$task_port/"
  check "it has the secret" same "$out" "$(printf %s "$CANARY" | sha256sum | cut -d ' ' -f 1)"
  # Commands that the engine cannot start, whose errors quote what it was given.
  ill=0
  for more in ',"command":["/none"]' ',"workingDirectory":"/proc/self/none"' ',"user":"nobody-is-called-that"' \
    ',"entryPoint":["/www"]'; do
    ill=$((ill + 1))
    definition "ill$ill" "$more" >/dev/null 2>>"$work/told/failing" || continue
    bad=$(run "ill$ill" 2>>"$work/told/failing") || continue
    aws ecs wait tasks-stopped --cluster shop --tasks "$bad" 2>/dev/null
    aws ecs describe-tasks --cluster shop --tasks "$bad" >>"$work/told/stopped" 2>&1
  done
  check "tasks that cannot start say why" grep -qE 'CannotStart|CannotCreate|exec' "$work/told/stopped"
  # The engine itself has it, as SECURITY.md says: the one place that is found.
  docker inspect "$(docker ps --quiet --filter "publish=$task_port")" >"$work/inspect" 2>&1
  engine_has() {
    python3 "$work/search.py" "$work/needles" "$work/inspect" >"$work/seen"
    grep -q '^its-beginning in' "$work/seen" &&
      ! grep -v '^canary in\|^its-beginning in\|found$' "$work/seen"
  }
  check "the engine has its own copy, as SECURITY.md says, and of nothing else" engine_has
  told describe aws ecs describe-tasks --cluster shop --tasks "$TASK"
  told definition aws ecs describe-task-definition --task-definition web
  told logs ./holdfast logs "$TASK" --data-dir "$data"
  told task-explain ./holdfast task explain "$TASK" --data-dir "$data"
fi

# --- what we say ---
role=$(aws sts assume-role --role-arn "arn:aws:iam::$ACCOUNT:role/shop-exec" --role-session-name x 2>&1)
id=$(printf %s "$role" | sed -n 's/.*authorization id: \([0-9a-f-]*\).*/\1/p')
told explain ./holdfast explain "$id" --data-dir "$data"
# What makes a secret prints it, once.
./holdfast webhook set http://127.0.0.1:9/ --data-dir "$data" | sed -n 's/^secret *//p' | tr -d '\n' | needle the-webhooks-secret
./holdfast account create second --data-dir "$data" | sed -n 's/^export AWS_SECRET_ACCESS_KEY=//p' | tr -d '\n' |
  needle an-administrators-key
told iam-shrink ./holdfast iam shrink shop-exec --data-dir "$data"
for words in status "status --json" "audit verify" version "keys list" ps "ps --json" "top --once" history \
  "history --json" events "events --json" "host list" quota guardrails "guardrails --json" "webhook show" \
  "account list" ca "key list" clock; do
  # shellcheck disable=SC2086
  told "$(printf %s "$words" | tr ' ' -)" ./holdfast $words --data-dir "$data"
done
check "a secret of each kind is looked for" sh -c \
  "[ \$(cut -d ' ' -f 1 '$work/needles' | sort -u | wc -l) -ge 11 ]"
aws cloudtrail lookup-events >"$work/told/events" 2>&1
check "the events of the calls are there" grep -q PutParameter "$work/told/events"
check "no secret in what commands, errors, events and explanations say" clean "$work/told"
./holdfast env --data-dir "$data" >"$work/environment" 2>&1
check "./holdfast env prints a session, as it is meant to" grep -q AWS_SECRET_ACCESS_KEY "$work/environment"
grep '^canary \|^its-beginning \|^the-root-key ' "$work/needles" >"$work/few"
check "and nothing else that is secret" python3 "$work/search.py" "$work/few" "$work/environment"

# --- our processes; this shell has a session of the operator in its environment by now ---
PASSPHRASE=$CANARY
# shellcheck disable=SC2090
export PASSPHRASE
# processes FOLDER: copies what /proc shows of our processes.
processes() {
  mkdir -p "$1"
  for process in $(pgrep -f -- "$data"); do
    for file in cmdline environ limits; do
      cat "/proc/$process/$file" >"$1/$process-$file" 2>/dev/null
    done
  done
  ls "$1"
}
kill -9 "$(cat "$data/server.pid")"
must "up again, from a shell with a session and a password in its environment" up
cp "$work/out" "$work/told/up-again"
check "our processes are seen" processes "$work/processes"
check "a server and what it started are among them" sh -c \
  "grep -lq 'holdfast' '$work/processes'/*-cmdline && [ \$(ls '$work/processes' | grep -c cmdline) -ge 1 ]"
check "no secret in their arguments and environments" clean "$work/processes"
check "none of them writes a core" sh -c \
  "! grep -h '^Max core file size' '$work/processes'/*-limits | grep -vE '^Max core file size +0 +0 '"
jcmd=$(dirname "$(readlink "/proc/$(cat "$data/server.pid")/exe")")/jcmd
if [ -x "$jcmd" ]; then
  check "nobody asks the server for its memory" sh -c \
    "! timeout 60 '$jcmd' '$(cat "$data/server.pid")' GC.heap_dump '$work/heap' >/dev/null 2>&1 && [ ! -e '$work/heap' ]"
fi

# --- a crash ---
mkdir "$work/here"
server=$(cat "$data/server.pid")
kill -QUIT "$server" # every thread's stack goes to the log
kill -SEGV "$server"
gone() {
  ! kill -0 "$server" 2>/dev/null
}
check "the server crashes" soon gone
check "its report lies in the data directory" test -s "$data/logs/crash-$server.log"
check "its owner's alone" same "$(stat -c %a "$data/logs")" 700
check "and nowhere else, nor does a core" sh -c \
  "[ -z \"\$(find '$repo' '$data' -maxdepth 2 \\( -name 'hs_err*' -o -name 'core' -o -name 'core.[0-9]*' -o -name '*.hprof' -o -name '*.mdmp' \\) -newer '$work/told/events' -print)\" ]"
must "up after the crash" up

# --- a backup, and the end ---
told key-export ./holdfast key export "$work/root.copy" --data-dir "$data"
told backup ./holdfast backup "$work/vault" --data-dir "$data"
check "there is a backup" sh -c "ls '$work'/vault/cuts/*.cut"
told rotate ./holdfast key rotate --data-dir "$data"
check "the root key rotates while the platform runs" grep -q 'is a new one' "$work/told/rotate"
check "and everything goes on" read_back
needle the-new-root-key <"$root_key"
check "the next backup asks for the new key's export" refused 'key export' \
  ./holdfast backup "$work/vault" --data-dir "$data"
kill -9 "$(cat "$data/server.pid")"
must "up under the new key" up
check "with the old session and the old values" read_back
if [ -n "$cluster_ready" ]; then
  told stop aws ecs stop-task --cluster shop --task "$TASK"
fi
cp -r "$data" "$work/live" 2>/dev/null
check "no secret in the data directory while it is open" clean "$work/live"
rm -rf "$work/live"
check "down" ./holdfast down --stop-tasks --data-dir "$data"
told fsck ./holdfast fsck --data-dir "$data"
check "no secret in the data directory" clean "$data"
check "no secret in the backup" clean "$work/vault"
told restore ./holdfast restore "$work/vault" --data-dir "$work/restored" --root-key "$work/root.copy"
check "it is restored" test -e "$work/restored/state/CURRENT"
check "no secret in what was restored" clean "$work/restored/state" "$work/restored/blobs"
check "no secret in what was said in the end" clean "$work/told"
check "the old root key is beside the new one and in its export" cmp "$root_key.previous" "$work/root.copy"
if [ -n "$cluster_ready" ]; then
  docker ps --all --quiet --filter "label=dev.holdfast.installation" | xargs -r docker inspect >"$work/inspect" 2>&1
  check "the engine's copy went with its container" clean "$work/inspect"
fi
echo "end of canary"
