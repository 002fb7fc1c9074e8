@NullMarked
package dev.holdfast.registry.api;

import org.jspecify.annotations.NullMarked;
