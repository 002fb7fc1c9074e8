// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.ssm;

import org.jspecify.annotations.NullMarked;
