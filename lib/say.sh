# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# How the launcher speaks: to standard error, so that `eval "$(./holdfast env)"` stays clean.

say() {
  printf '%s\n' "$*" >&2
}

# Ends with a text that says what is missing and the command that mends it.
fail() {
  printf 'holdfast: %s\n' "$*" >&2
  exit 1
}

usage_error() {
  printf 'holdfast: %s\n' "$*" >&2
  exit 2
}
