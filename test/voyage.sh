#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Plays the tour in profile dev and the quickstart, twice, and the drill of practice 31 in profile standard, on
# installations of their own, side by side; in the end `fsck` looks at both. Each check prints `ok NAME` or
# `FAILED NAME` with what was said.
set -u

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
. "$repo/test/lib.sh"
XDG_CONFIG_HOME=$work/config
export XDG_CONFIG_HOME
touch "$work/config-mark"
cd "$repo" || exit 1

over() {
  for data in "$work/dev" "$work/standard"; do
    [ ! -d "$data" ] || ./holdfast down --stop-tasks --data-dir "$data" >/dev/null 2>&1
  done
  rm -rf "$work"
}
trap over EXIT

# check NAME COMMAND...: what it said is kept in $said and shown where it fails.
check() {
  name=$1
  shift
  if "$@" >"$said" 2>&1 </dev/null; then
    if grep -q '^not run: ' "$said"; then
      sed -n "s/^not run: /not run: voyage: $name: /p" "$said"
    else
      printf 'ok voyage: %s\n' "$name"
    fi
  else
    printf 'FAILED voyage: %s\n' "$name"
    tail -n 60 "$said" | sed 's/^/  /'
    for log in "$work/${said##*/said-}"/logs/server.log "$work/${said##*/said-}"/logs/agent.log; do
      grep -v 'the signed head is' "$log" 2>/dev/null | tail -n 10 | cut -c 1-300 | sed 's/^/  log: /'
    done
    return 1
  fi
}

# whole DIR: fsck finds nothing wrong there, and no file that it does not know.
whole() {
  found=$(./holdfast fsck --data-dir "$1") || {
    printf '%s\n' "$found"
    return 1
  }
  printf '%s\n' "$found"
  case $found in *"is no file of Holdfast's"*) return 1 ;; esac
}

the_tour() {
  said=$work/said-dev
  check "up in profile dev" ./holdfast up --detach --data-dir "$work/dev" --port "$(free_port)" || return
  for number in $(./holdfast tour --list | cut -d ' ' -f 1); do
    check "practice $number in profile dev" ./holdfast tour "$number" --data-dir "$work/dev"
  done
  check "down --stop-tasks in profile dev" ./holdfast down --stop-tasks --data-dir "$work/dev"
  check "fsck knows every file in profile dev, and nothing is wrong" whole "$work/dev"
}

the_quickstart() {
  said=$work/said-standard
  check "the quickstart" ./holdfast quickstart --no-install --data-dir "$work/standard" --port "$(free_port)"
  check "the quickstart again, over itself" ./holdfast quickstart --no-install --data-dir "$work/standard"
  check "practice 31 in profile standard" ./holdfast tour 31 --data-dir "$work/standard"
  check "down --stop-tasks after the quickstart" ./holdfast down --stop-tasks --data-dir "$work/standard"
  check "fsck knows every file in profile standard, and nothing is wrong" whole "$work/standard"
}

the_tour >"$work/tour" 2>&1 &
the_quickstart
wait
cat "$work/tour"
said=$work/said
check "nothing was written to the user's own folders" \
  sh -c "[ -z \"\$(find \"\$HOME/.aws\" \"\$HOME/.docker\" -newer '$work/config-mark' 2>/dev/null)\" ]"
