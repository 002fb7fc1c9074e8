// SPDX-License-Identifier: Apache-2.0
/** What people ask of a running platform from day to day, behind the admin socket. */
@NullMarked
package dev.holdfast.app.daily;

import org.jspecify.annotations.NullMarked;
