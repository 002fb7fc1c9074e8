// SPDX-License-Identifier: Apache-2.0
/** Backups at rest: content named by its digest, and cuts that say what belongs together. */
@NullMarked
package dev.holdfast.app.backup;

import org.jspecify.annotations.NullMarked;
