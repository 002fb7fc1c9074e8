# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# The container engine. A `docker` command on the PATH is no engine: its socket is asked.

# Prints the engine's unix socket.
engine_socket() {
  case ${DOCKER_HOST:-} in
    unix://*) printf '%s\n' "${DOCKER_HOST#unix://}" ;;
    *) printf '%s\n' "${ENGINE_SOCKET:-/var/run/docker.sock}" ;;
  esac
}

# Whether an engine answers now.
engine_answers() {
  socket=$(engine_socket)
  [ -S "$socket" ] || return 1
  if command -v curl >/dev/null 2>&1; then
    curl -fsS --max-time 10 --unix-socket "$socket" http://localhost/_ping >/dev/null 2>&1
  else
    docker version --format '{{.Server.Version}}' >/dev/null 2>&1
  fi
}

has_init() {
  [ -d "${SYSTEMD_FOLDER:-/run/systemd/system}" ]
}

# Prints how an engine would be started here: running, systemd, dockerd or none.
engine_way() {
  if engine_answers; then
    echo running
  elif has_init && command -v systemctl >/dev/null 2>&1; then
    echo systemd
  elif command -v dockerd >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo dockerd
  else
    echo none
  fi
}

# Removes the pid file of an engine that was killed: where its number belongs to another process by
# now, or to a dead one that nobody has waited for, dockerd would refuse to start.
drop_stale_pid() {
  [ -f "$1" ] || return 0
  pid=$(cat "$1")
  case $(sed -n 's/^Name:[[:space:]]*//p; s/^State:[[:space:]]*\(Z\).*/zombie/p' "/proc/$pid/status" 2>/dev/null | tr '\n' ' ') in
    *zombie*) rm -f "$1" ;;
    dockerd* | containerd*) ;;
    *) rm -f "$1" ;;
  esac
}

# Starts an engine unless one answers; fails with what to do.
start_engine() {
  case $(engine_way) in
    running) return 0 ;;
    systemd)
      say "Starting the container engine: systemctl start docker"
      systemctl start docker >&2 || return 1
      ;;
    dockerd)
      say "Starting the container engine: dockerd (no init system runs here; log in $(engine_log))"
      drop_stale_pid "${ENGINE_PID_FILE:-/var/run/docker.pid}"
      drop_stale_pid /var/run/docker/containerd/containerd.pid
      setsid dockerd >"$(engine_log)" 2>&1 </dev/null &
      ;;
    none)
      say "no container engine answers at $(engine_socket), and none can be started. As root:
$(apt_command docker.io)"
      return 1
      ;;
  esac
  tries=0
  until engine_answers; do
    tries=$((tries + 1))
    if [ "$tries" -gt 150 ]; then
      say "the container engine did not start; its last words:"
      tail -n 10 "$(engine_log)" >&2 2>/dev/null || true
      return 1
    fi
    sleep 0.2
  done
}

engine_log() {
  printf '%s\n' "${ENGINE_LOG:-/var/log/holdfast-dockerd.log}"
}
