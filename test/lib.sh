# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the scripts of checks share: an `aws`, a `docker` and folders that know nothing of the user's own.
# A script sets `work`, its scratch folder, `data`, its data directory, and `script`, its name in print.
# shellcheck disable=SC2154,SC2034


# quiet_clients AWS: from here on `aws` is that program, and no client reads or writes a user's files.
quiet_clients() {
  mkdir -p "$work/select"
  ln -s "$1" "$work/select/aws"
  PATH=$work/select:$PATH
  unset AWS_REGION AWS_DEFAULT_REGION AWS_PROFILE AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID \
    AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  AWS_PAGER='' AWS_CONFIG_FILE=$work/aws-config AWS_SHARED_CREDENTIALS_FILE=$work/aws-credentials
  AWS_EC2_METADATA_DISABLED=true DOCKER_CONFIG=$work/docker DOCKER_BUILDKIT=0 XDG_CONFIG_HOME=$work/config
  export PATH AWS_PAGER AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_EC2_METADATA_DISABLED \
    DOCKER_CONFIG DOCKER_BUILDKIT XDG_CONFIG_HOME
}

# A free port below those that the system hands out by itself, so that it stays free over a restart.
free_port() {
  python3 - <<'END'
import random, socket
while True:
    port = random.randrange(20000, 32000)
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
END
}

# check NAME COMMAND...: prints `ok` or `FAILED`; what the command printed stays in $out.
check() {
  name=$1
  shift
  if "$@" >"$work/out" 2>"$work/err"; then
    out=$(cat "$work/out")
    printf 'ok %s: %s\n' "$script" "$name"
  else
    out=$(cat "$work/out")
    printf 'FAILED %s: %s\n' "$script" "$name"
    { printf '%s\n' "$*" && tail -n 20 "$work/out" "$work/err"; } | sed 's/^/  /'
    return 1
  fi
}

# must NAME COMMAND...: a check without which nothing after it makes sense.
must() {
  check "$@" || {
    tail -n 30 "$data/logs/server.log" "$data/logs/agent.log" 2>/dev/null | cut -c 1-400 | sed 's/^/  log: /'
    exit 1
  }
}

same() {
  [ "$1" = "$2" ] || {
    echo "expected $2, found $1" >&2
    return 1
  }
}

# says PATTERN COMMAND...: what it says, well or ill, matches.
says() {
  pattern=$1
  shift
  "$@" >"$work/said" 2>&1
  cat "$work/said"
  grep -Eq -e "$pattern" "$work/said"
}

# refused PATTERN COMMAND...: it fails, and what it says matches.
refused() {
  pattern=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    cat "$work/said"
    echo "this was to be refused" >&2
    return 1
  fi
  cat "$work/said"
  grep -Eq -e "$pattern" "$work/said"
}

# soon COMMAND...: succeeds within a minute and a half.
soon() {
  tries=180
  until "$@" >"$work/last" 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || {
      cat "$work/last"
      return 1
    }
    sleep 0.5
  done
}

# trust_tasks FILE: a trust policy that lets ECS tasks have a role.
trust_tasks() {
  cat >"$1" <<'END'
{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},
 "Action":"sts:AssumeRole"}]}
END
}

# box_role: an execution role, shop-exec, that may pull any image and nothing else.
box_role() {
  trust_tasks "$work/trust.json"
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}\n' >"$work/policy.json"
  aws iam create-role --role-name shop-exec --assume-role-policy-document "file://$work/trust.json" &&
    aws iam put-role-policy --role-name shop-exec --policy-name least \
      --policy-document "file://$work/policy.json"
}

# define_box: a definition whose one container sleeps, with the image shop/web:1 of $host.
define_box() {
  cat >"$work/box.json" <<END
{"family":"box","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/shop-exec","containerDefinitions":[
 {"name":"box","image":"$host/shop/web:1","cpu":64,"memory":64,"essential":true,
  "command":["/bin/sleep","3600"]}]}
END
  aws ecs register-task-definition --cli-input-json "file://$work/box.json"
}
