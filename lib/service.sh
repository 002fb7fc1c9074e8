# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# `./holdfast install-service`: the platform and this host's agent as a systemd unit, started at boot and
# again whenever they end. Containers belong to the engine and are never touched by the unit.

SERVICE_HELP='Usage: ./holdfast install-service [--name NAME] [--data-dir DIR] [--port N] [--bind ADDRESS]
                                   [--profile PROFILE] [--root-key FILE] [--engine SOCKET]
       ./holdfast install-service --agent [--name NAME] [--data-dir DIR] [--engine SOCKET]
       ./holdfast install-service --remove [--name NAME]
       ./holdfast install-service --print [...]
Start the platform and the agent of this host at boot, and again whenever they end (systemd).
Stopping the unit lets containers run on; the next start adopts them.
      --name NAME   The name of the unit (default: holdfast). Each installation has a unit of its own.
      --agent       On a machine that has joined (./holdfast host join): its agent alone, as the unit
                    holdfast-host. Its data directory is /var/lib/holdfast-host where none is named.
      --print       Print the unit and change nothing.
      --remove      Stop the unit and remove it. Data and running containers stay.
The other options are those of ./holdfast up, and become part of the unit.
Exit codes: 0 done, 1 failed, 2 wrong usage.'

SERVICE_FOLDER=${SERVICE_FOLDER:-/etc/systemd/system}

service_main() {
  service_name='' service_what=install service_data='' service_words='' service_agent=''
  while [ $# -gt 0 ]; do
    case $1 in
      --help) printf '%s\n' "$SERVICE_HELP" && return 0 ;;
      --print) service_what=print ;;
      --remove) service_what=remove ;;
      --agent) service_agent=yes ;;
      --name=* | --data-dir=* | --port=* | --bind=* | --profile=* | --root-key=* | --engine=*)
        service_option "${1%%=*}" "${1#*=}"
        ;;
      --name | --data-dir | --port | --bind | --profile | --root-key | --engine)
        [ $# -gt 1 ] || usage_error "$1 needs a value"
        service_option "$1" "$2"
        shift
        ;;
      *) usage_error "unknown: $1
$SERVICE_HELP" ;;
    esac
    shift
  done
  [ -z "$service_agent" ] || service_for_agent
  [ -n "$service_name" ] || service_name=holdfast
  service_"$service_what"
}

# The machine's agent takes the options of `host join` alone, and needs no code once it has joined.
service_for_agent() {
  case $service_words in
    *' --port '* | *' --bind '* | *' --profile '* | *' --root-key '*)
      usage_error "with --agent go --name, --data-dir and --engine alone" ;;
  esac
  [ -n "$service_name" ] || service_name=holdfast-host
  [ -n "$service_data" ] || service_data=/var/lib/holdfast-host
  if [ "$service_what" = install ] && [ ! -e "$service_data/membership.json" ]; then
    fail "this machine has not joined a platform with the folder $service_data: on the platform,
./holdfast host invite prints the command; run it here once, end it with Ctrl-C, and come back"
  fi
}

# service_option NAME VALUE
service_option() {
  case $2 in
    '' | *[![:print:]]*) usage_error "$1 has no usable value" ;;
  esac
  case $1 in
    --name)
      case $2 in
        *[!A-Za-z0-9_-]*) usage_error "a unit's name has letters, digits, - and _: $2" ;;
      esac
      service_name=$2
      return
      ;;
    --data-dir) service_data=$(service_absolute "$2") && return ;;
    --root-key | --engine) set -- "$1" "$(service_absolute "$2")" ;;
  esac
  service_words="$service_words $1 $(service_quoted "$2")"
}

service_absolute() {
  case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$PWD/$1" ;;
  esac
}

# Quotes a word for a unit: systemd reads quotes, backslashes, `%` and `$` in it.
service_quoted() {
  printf '"%s"\n' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/%/%%/g; s/\$/$$/g')"
}

# A unit has no user's folders: the data directory is always named.
service_unit() {
  [ -n "$service_data" ] || service_data=${XDG_DATA_HOME:-${HOME:-/root}/.local/share}/holdfast
  cat <<END
# Written by ./holdfast install-service; \`./holdfast install-service --remove --name $service_name\` removes it.
[Unit]
Description=Holdfast $(service_title)
After=network-online.target docker.service
Wants=network-online.target
# An engine that is late or restarts is waited for; the APIs are served meanwhile.
StartLimitIntervalSec=0

[Service]
Type=exec
User=root
Environment=HOLDFAST_NO_BUILD=1$(service_jdk)
ExecStart=$(service_quoted "$HOLDFAST_HOME/holdfast") $(service_verb) --data-dir $(service_quoted "$service_data")$service_words
Restart=always
RestartSec=$(if [ -n "$service_agent" ]; then echo 10; else echo 1; fi)
# The server ends its agent itself; what is in flight has 5 s.
KillMode=mixed
TimeoutStopSec=30
UMask=0077
LimitCORE=0
LimitNOFILE=65536
# What runs here must outlive a host that is short of memory: it revokes and stops.
OOMScoreAdjust=-500
NoNewPrivileges=yes
ProtectSystem=full
ProtectKernelModules=yes
ProtectClock=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
END
}

service_title() {
  if [ -n "$service_agent" ]; then
    printf 'agent of a host'
  else
    printf 'container platform'
  fi
}

service_verb() {
  if [ -n "$service_agent" ]; then
    printf 'host join'
  else
    printf 'up'
  fi
}

# The JDK that runs the launcher now, which a boot would not find by a user's settings.
service_jdk() {
  printf '\nEnvironment=%s' "$(service_quoted "HOLDFAST_JAVA_HOME=$JDK")"
}

service_print() {
  need_jdk
  service_unit
}

service_install() {
  need_jdk
  need_image
  service_needs_systemd
  service_file=$SERVICE_FOLDER/$service_name.service
  if [ -e "$service_file" ] && ! service_ours "$service_file"; then
    fail "$service_file is somebody else's; choose another --name"
  fi
  (umask 022 && service_unit >"$service_file.new") && mv "$service_file.new" "$service_file"
  systemctl daemon-reload
  systemctl enable "$service_name.service"
  systemctl restart "$service_name.service"
  say "$service_name runs, and starts at boot:
  systemctl status $service_name"
  [ -n "$service_agent" ] || say "  ./holdfast status --data-dir $service_data"
}

service_remove() {
  service_needs_systemd
  service_file=$SERVICE_FOLDER/$service_name.service
  [ -e "$service_file" ] || fail "there is no $service_file; see --name"
  service_ours "$service_file" || fail "$service_file is somebody else's"
  systemctl disable --now "$service_name.service"
  rm "$service_file"
  systemctl daemon-reload
  say "$service_name is removed. Data and running containers stay."
}

service_ours() {
  head -n 1 "$1" | grep -q 'Written by ./holdfast install-service'
}

service_needs_systemd() {
  if ! has_init || ! command -v systemctl >/dev/null 2>&1; then
    fail "systemd does not run here. ./holdfast install-service --print shows the unit; where another init
runs, let it start: $HOLDFAST_HOME/holdfast up --data-dir DIR"
  fi
  [ "$(user_id)" = 0 ] || fail "a unit is installed as root: sudo ./holdfast install-service"
}
