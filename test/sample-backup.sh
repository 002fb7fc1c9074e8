#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a sample of the format of backups: a folder of backups with one small cut, zipped, and beside it the
# root key that opens it (it is a sample: nothing in it is a secret). To be run once with the last version
# of each format of backups, or of the store inside it, from a checkout of that version:
#   HOLDFAST=CHECKOUT/holdfast test/sample-backup.sh app/src/test/resources/samples/backup-N
set -eu

script=sample-backup
. "$(dirname -- "$0")/sample.sh"
aws iam create-user --user-name ann >/dev/null
aws iam create-access-key --user-name ann >/dev/null
aws ssm put-parameter --name /shop/password --type SecureString --value sample-password >/dev/null
aws ecr create-repository --repository-name shop/web >/dev/null
printf 'a layer of the sample\n' >"$work/layer"
curl -fsS -o /dev/null -X POST -u "AWS:$(aws ecr get-login-password)" -H 'Content-Type: application/octet-stream' \
  --data-binary "@$work/layer" \
  "$AWS_ENDPOINT_URL/v2/shop/web/blobs/uploads/?digest=sha256:$(sha256sum "$work/layer" | cut -d ' ' -f 1)"

"$HOLDFAST" backup "$work/vault" --without-key-export --data-dir "$data" >/dev/null
cp "$data/root.key" "$out.key"
rm -f "$out.zip"
(cd "$work/vault" && zip -q -r "$out.zip" .)
ls -l "$out.zip" "$out.key"
