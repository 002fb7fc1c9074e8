// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.holdfast.iam.control;

import org.jspecify.annotations.NullMarked;
