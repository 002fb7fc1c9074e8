// SPDX-License-Identifier: Apache-2.0
/** What IAM keeps: entities, policies, keys, sessions; and the tables they lie in. */
@NullMarked
package dev.holdfast.iam.model;

import org.jspecify.annotations.NullMarked;
