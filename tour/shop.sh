# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# The shop that the tour works with: one image, two secrets, two roles, one cluster. Each `have_*`
# makes its piece, shown as typed, unless it is there.

CLUSTER=shop
EXEC_ROLE=shop-exec
DEPLOYER=shop-deployer

# Writes a folder that `docker build` turns into a web server showing a hash of its secret: Debian's
# busybox and nothing else.
web_folder() {
  mkdir -p "$1/root/bin" "$1/root/www" "$1/root/tmp"
  cp "$(command -v busybox)" "$1/root/bin/busybox"
  for applet in sh httpd nc sha256sum cut sleep; do
    ln -sf busybox "$1/root/bin/$applet"
  done
  chmod 1777 "$1/root/www" "$1/root/tmp"
  cat >"$1/root/bin/serve" <<END
#!/bin/sh
# $2
printf '%s' "\$DB_PASSWORD" | sha256sum | cut -d ' ' -f 1 >/www/index.html
httpd -f -p 80 -h /www &
trap 'exit 0' TERM
wait
END
  chmod 755 "$1/root/bin/serve"
  cat >"$1/Dockerfile" <<'END'
FROM scratch
COPY root /
USER 65534:65534
CMD ["/bin/serve"]
END
}

log_in() {
  [ ! -e "$TOUR_WORK/logged-in" ] || return 0
  printf '$ aws ecr get-login-password | docker login --username AWS --password-stdin %s\n' "$REGISTRY"
  aws ecr get-login-password |
    docker login --username AWS --password-stdin "$REGISTRY" 2>/dev/null || broken "the login was to work"
  touch "$TOUR_WORK/logged-in"
}

# have_repository NAME [OPTION...]
have_repository() {
  repository=$1
  shift
  aws ecr describe-repositories --repository-names "$repository" >/dev/null 2>&1 ||
    show aws ecr create-repository --repository-name "$repository" "$@" \
      --query repository.repositoryUri --output text
}

# push_web REPOSITORY TAG TEXT: builds and pushes; another TEXT makes another image.
push_web() {
  rm -rf "$TOUR_WORK/web"
  web_folder "$TOUR_WORK/web" "$3"
  typed docker build --quiet --tag "$REGISTRY/$1:$2" "$TOUR_WORK/web"
  # Newer clients praise another builder on standard error.
  docker build --quiet --tag "$REGISTRY/$1:$2" "$TOUR_WORK/web" 2>"$TOUR_WORK/build.log" || {
    cat "$TOUR_WORK/build.log" >&2
    broken "this was to succeed"
  }
  show docker push --quiet "$REGISTRY/$1:$2"
}

have_image() {
  log_in
  have_repository shop/web
  aws ecr describe-images --repository-name shop/web --image-ids imageTag=1 >/dev/null 2>&1 ||
    push_web shop/web 1 "the shop's web server"
}

# have_secret ENVIRONMENT: a fresh password on each tour; it stays in the scratch folder for
# comparison, and the commands shown never hold it.
have_secret() {
  file=$TOUR_WORK/password-$1
  [ ! -s "$file" ] || return 0
  (umask 077 && head -c 18 /dev/urandom | base64 | tr -d '\n' >"$file")
  PASSWORD=$(cat "$file")
  name=/shop/$1/db-password
  if aws ssm get-parameter --name "$name" >/dev/null 2>&1; then
    show_as "aws ssm put-parameter --name $name --type SecureString --overwrite --value \"\$PASSWORD\"" \
      aws ssm put-parameter --name "$name" --type SecureString --overwrite --value "$PASSWORD"
  else
    show_as "aws ssm put-parameter --name $name --type SecureString --value \"\$PASSWORD\" --tags Key=environment,Value=$1" \
      aws ssm put-parameter --name "$name" --type SecureString --value "$PASSWORD" \
      --tags "Key=environment,Value=$1"
  fi
}

# have_role NAME TRUSTED-PRINCIPAL POLICY
have_role() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":"sts:AssumeRole"}]}\n' \
    "$2" >"$TOUR_WORK/$1-trust.json"
  printf '%s\n' "$3" >"$TOUR_WORK/$1-policy.json"
  aws iam get-role --role-name "$1" >/dev/null 2>&1 ||
    show aws iam create-role --role-name "$1" \
      --assume-role-policy-document "file://$TOUR_WORK/$1-trust.json" --query Role.Arn --output text
  show cat "$TOUR_WORK/$1-policy.json"
  show aws iam put-role-policy --role-name "$1" --policy-name least \
    --policy-document "file://$TOUR_WORK/$1-policy.json"
}

# The execution role pulls one repository's images and reads the shop's secrets, of any environment.
have_exec_role() {
  have_role "$EXEC_ROLE" '{"Service":"ecs-tasks.amazonaws.com"}' "$(
    cat <<END
{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"},
 {"Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:BatchGetImage"],
  "Resource":"arn:aws:ecr:$AWS_REGION:$ACCOUNT:repository/shop/*"},
 {"Effect":"Allow","Action":["ssm:GetParameter","ssm:GetParameters"],
  "Resource":"arn:aws:ssm:$AWS_REGION:$ACCOUNT:parameter/shop/*"}]}
END
  )"
}

# The deployer starts and stops the shop's tasks, as dev or prod, and may do nothing else.
have_deployer() {
  have_role "$DEPLOYER" "{\"AWS\":\"arn:aws:iam::$ACCOUNT:root\"}" "$(
    cat <<END
{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Action":"ecs:RunTask","Resource":"arn:aws:ecs:$AWS_REGION:$ACCOUNT:task-definition/shop-*"},
 {"Effect":"Allow","Action":"ecs:TagResource","Resource":"arn:aws:ecs:$AWS_REGION:$ACCOUNT:task/$CLUSTER/*",
  "Condition":{"StringEquals":{"ecs:CreateAction":"RunTask","aws:RequestTag/environment":["dev","prod"]}}},
 {"Effect":"Allow","Action":["ecs:DescribeTasks","ecs:StopTask"],"Resource":"arn:aws:ecs:$AWS_REGION:$ACCOUNT:task/$CLUSTER/*"},
 {"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::$ACCOUNT:role/$EXEC_ROLE"}]}
END
  )"
}

have_cluster() {
  [ "$(aws ecs describe-clusters --clusters "$CLUSTER" --query 'clusters[0].status' --output text)" = ACTIVE ] ||
    show aws ecs create-cluster --cluster-name "$CLUSTER" --query cluster.clusterArn --output text
}

# definition FAMILY IMAGE SECRET: writes a task definition; prints its file.
definition() {
  cat >"$TOUR_WORK/$1.json" <<END
{"family":"$1","executionRoleArn":"arn:aws:iam::$ACCOUNT:role/$EXEC_ROLE",
 "containerDefinitions":[{"name":"web","image":"$2","essential":true,"cpu":64,"memory":64,
  "portMappings":[{"containerPort":80}],
  "secrets":[{"name":"DB_PASSWORD","valueFrom":"$3"}],
  "healthCheck":{"command":["CMD-SHELL","nc -w 1 127.0.0.1 80 </dev/null"],"interval":5,"timeout":2,"retries":3}}]}
END
  printf '%s\n' "$TOUR_WORK/$1.json"
}

# register FILE: shows the file and registers it.
register() {
  show cat "$1"
  show aws ecs register-task-definition --cli-input-json "file://$1" \
    --query taskDefinition.taskDefinitionArn --output text
}

# run_task FAMILY ENVIRONMENT: starts one task; its ARN stays in $TASK.
run_task() {
  TASK=$(show aws ecs run-task --cluster "$CLUSTER" --task-definition "$1" \
    --tags "key=environment,value=$2" --query '[tasks[].taskArn,failures[].reason][]' --output text)
  printf '%s\n' "$TASK"
  case $TASK in
    arn:*) ;;
    *) broken "a task was to be placed" ;;
  esac
}

# web_port TASK: the port on this host.
web_port() {
  aws ecs describe-tasks --cluster "$CLUSTER" --tasks "$1" \
    --query 'tasks[0].containers[0].networkBindings[0].hostPort' --output text
}
