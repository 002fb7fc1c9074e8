@NullMarked
package dev.holdfast.registry.blob;

import org.jspecify.annotations.NullMarked;
