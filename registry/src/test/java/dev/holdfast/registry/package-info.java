@NullMarked
package dev.holdfast.registry;

import org.jspecify.annotations.NullMarked;
