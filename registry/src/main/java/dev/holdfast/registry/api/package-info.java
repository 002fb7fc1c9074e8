/** The ECR API: one class per operation. */
@NullMarked
package dev.holdfast.registry.api;

import org.jspecify.annotations.NullMarked;
