// SPDX-License-Identifier: Apache-2.0
/** The pure part of Parameter Store: names, values, filters, and the choice by environment. */
@NullMarked
package dev.holdfast.ssm.plan;

import org.jspecify.annotations.NullMarked;
