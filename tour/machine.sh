# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# shellcheck disable=SC2034 # what the scripts use
# Another machine beside this one: a network namespace with a container engine of its own, and a cable to it.
#   OTHER      what is the other machine's      ENGINE     its container engine
#   NEAR, FAR  the ends of the cable, here and there

OTHER=$TOUR_WORK/other
ENGINE=$OTHER/docker.sock
SPACE=tour$$
NEAR=198.18.$(($$ % 250)).1
FAR=198.18.$(($$ % 250)).2

# have_machine: makes it; where this machine cannot, it fails and $why says so.
have_machine() {
  why="a machine beside this one is made as root"
  [ "$(id -u)" = 0 ] || return 1
  for tool in ip nsenter dockerd docker busybox; do
    why="a machine beside this one needs $tool"
    command -v "$tool" >/dev/null || return 1
  done
  mkdir -p "$OTHER/engine"
  why="this machine makes no network namespace"
  ip netns add "$SPACE" 2>/dev/null || return 1
  why="this machine makes no network between namespaces"
  {
    ip link add "$SPACE-a" type veth peer name "$SPACE-b" &&
      ip link set "$SPACE-b" netns "$SPACE" &&
      ip addr add "$NEAR/30" dev "$SPACE-a" && ip link set "$SPACE-a" up &&
      there ip link set lo up && there ip addr add "$FAR/30" dev "$SPACE-b" && there ip link set "$SPACE-b" up
  } 2>/dev/null || return 1
  there dockerd --data-root "$OTHER/engine/data" --exec-root "$OTHER/engine/exec" --pidfile "$OTHER/docker.pid" \
    --host "unix://$ENGINE" --containerd-namespace "$SPACE" --containerd-plugins-namespace "$SPACE-plugins" \
    --bip 198.19.0.1/24 >"$OTHER/dockerd.log" 2>&1 &
  why="no second container engine starts here"
  until_ok 30 away version
}

# there COMMAND...: on the other machine. away ARGUMENT...: docker, at its engine.
there() {
  nsenter --net="/var/run/netns/$SPACE" "$@"
}
away() {
  docker --host "unix://$ENGINE" "$@"
}

# join_with TLS PRINT DIR: the command of an invitation, there; the code comes by standard input.
join_with() {
  there "$HOLDFAST" host join "$1" --ca-sha256 "$2" --data-dir "$3" --engine "$ENGINE"
}

# keeps_joined TLS PRINT CODE: joins in the background; the process is the agent's own, and no shell around it.
keeps_joined() {
  printf '%s\n' "$3" >"$OTHER/code"
  nsenter --net="/var/run/netns/$SPACE" "$HOLDFAST" host join "$1" --ca-sha256 "$2" --data-dir "$OTHER/host" \
    --engine "$ENGINE" <"$OTHER/code" >"$OTHER/host.log" 2>&1 &
  echo $! >"$OTHER/pid"
}

is_over() {
  ! kill -0 "$1"
}

# leave_machine: the machine's agent ends. machine_gone: what was made goes, whatever became of it.
leave_machine() {
  [ -f "$OTHER/pid" ] || return 0
  joined_as=$(cat "$OTHER/pid")
  quietly kill "$joined_as"
  until_ok 20 is_over "$joined_as" || quietly kill -9 "$joined_as"
}
machine_gone() {
  [ ! -S "$ENGINE" ] || for left in $(away ps --quiet --all 2>/dev/null); do
    quietly away rm --force "$left"
  done
  [ ! -f "$OTHER/docker.pid" ] || {
    engine=$(cat "$OTHER/docker.pid")
    quietly kill "$engine"
    until_ok 10 is_over "$engine" || true
  }
  quietly ip netns delete "$SPACE"
  quietly ip link delete "$SPACE-a"
}
