# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the scripts that make samples begin with: a fresh installation without a container engine, and `aws` as its
# operator. To be sourced with OUT as the script's one argument and `script` set to its name; sets repo, HOLDFAST,
# out, work and data.

repo=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
HOLDFAST=${HOLDFAST:-$repo/holdfast}
[ $# -eq 1 ] || {
  echo "usage: $0 OUT (writes OUT.zip and OUT.key)" >&2
  exit 2
}
mkdir -p "$(dirname "$1")"
out=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d)
data=$work/data
trap '"$HOLDFAST" down --keep-tasks --data-dir "$data" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
. "$repo/test/lib.sh"
quiet_clients "$(command -v aws)"

"$HOLDFAST" up --detach --data-dir "$data" --port "$(free_port)" --engine "$work/no-engine" >/dev/null
eval "$("$HOLDFAST" env --data-dir "$data")"
