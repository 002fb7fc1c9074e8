@NullMarked
package dev.holdfast.registry.oci;

import org.jspecify.annotations.NullMarked;
