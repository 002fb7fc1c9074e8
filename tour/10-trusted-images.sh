#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 10: images from trusted sources.
. "${0%/*}/lib.sh"
. "${0%/*}/shop.sh"
title "10 Images from trusted sources"
have_exec_role

part "do: describe a task whose image lies in a public registry"
file=$(definition shop-public docker.io/library/busybox:1 '/shop/*/db-password')
show cat "$file"

part "be refused: only the platform's own registry is trusted"
guarded 'image-trusted' aws ecs register-task-definition --cli-input-json "file://$file" || true

part "mend: bring the image into the own registry, where every push is checked and recorded"
have_image
register "$(definition shop-public "$REGISTRY/shop/web:1" '/shop/*/db-password')"

part "see: the tag was resolved to a digest"
show aws ecr describe-images --repository-name shop/web \
  --query 'imageDetails[].[imageDigest,imageTags[0]]' --output text
