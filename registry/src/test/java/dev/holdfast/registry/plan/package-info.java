@NullMarked
package dev.holdfast.registry.plan;

import org.jspecify.annotations.NullMarked;
