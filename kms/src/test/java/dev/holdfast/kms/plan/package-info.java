// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.kms.plan;

import org.jspecify.annotations.NullMarked;
