# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# An image of one small layer, put together by hand: no engine is needed to push or read it.

# push_small WORK HOST REPOSITORY TOKEN: pushes it under the tag 1; its manifest is WORK/manifest.
push_small() {
  small=$1 small_host=$2 small_name=$3
  printf 'user = "AWS:%s"\n' "$4" >"$small/token"
  printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}' >"$small/config"
  head -c 1000 /dev/urandom >"$small/layer"
  small_put "$small/config"
  small_put "$small/layer"
  type=application/vnd.oci.image
  printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":%s,"layers":[%s]}' "$type" \
    "$(small_descriptor "$small/config" "$type.config.v1+json")" \
    "$(small_descriptor "$small/layer" "$type.layer.v1.tar+gzip")" >"$small/manifest"
  curl -fsS --config "$small/token" -X PUT --data-binary "@$small/manifest" \
    -H "content-type: $type.manifest.v1+json" "http://$small_host/v2/$small_name/manifests/1" >/dev/null
}

small_put() {
  place=$(curl -fsS --config "$small/token" -X POST -D - -o /dev/null "http://$small_host/v2/$small_name/blobs/uploads/" |
    tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  case $place in http*) ;; *) place=http://$small_host$place ;; esac
  case $place in *'?'*) place="$place&" ;; *) place="$place?" ;; esac
  curl -fsS --config "$small/token" -X PUT --data-binary "@$1" -H 'content-type: application/octet-stream' \
    "${place}digest=sha256:$(sha256sum "$1" | cut -d ' ' -f 1)" >/dev/null
}

small_descriptor() {
  printf '{"mediaType":"%s","size":%s,"digest":"sha256:%s"}' "$2" "$(wc -c <"$1" | tr -d ' ')" \
    "$(sha256sum "$1" | cut -d ' ' -f 1)"
}
