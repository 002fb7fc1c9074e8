#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 01: the platform protects itself.
. "${0%/*}/lib.sh"
title "01 The platform protects itself"

part "do: ask the platform what it is and what it enforces"
holdfast status

part "see: authentication, authorization and encryption hold in every profile; there is no switch"
note "Guardrails above them teach (profile dev) or refuse (profile standard)."
note "Somebody without a signature gets nothing but the health check:"
show curl -sS "$AWS_ENDPOINT_URL/_holdfast/health"
printf '\n'
typed curl -sS -o /dev/null -w '%{http_code}' -d Action=ListUsers "$AWS_ENDPOINT_URL/"
code=$(curl -sS -o /dev/null -w '%{http_code}' -d 'Action=ListUsers&Version=2010-05-08' "$AWS_ENDPOINT_URL/")
printf '%s\n' "$code"
[ "$code" = 403 ] || broken "an unsigned call was to get 403"

part "be refused: profile dev on an address that others can reach"
refused 'loopback|127\.0\.0\.1' ./holdfast up --detach --data-dir "$TOUR_WORK/open" --profile dev \
  --bind 0.0.0.0 --port 0
[ ! -e "$TOUR_WORK/open/server.pid" ] || broken "nothing was to be left running"

part "mend: dev stays on the loopback address; for others to reach it, choose profile standard"
note "./holdfast up --data-dir DIR --profile standard"
