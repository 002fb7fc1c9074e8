// SPDX-License-Identifier: Apache-2.0
/** What IAM needs of others: the sites of identity providers. */
@NullMarked
package dev.holdfast.iam.port;

import org.jspecify.annotations.NullMarked;
