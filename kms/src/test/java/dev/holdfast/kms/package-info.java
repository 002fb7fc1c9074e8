@NullMarked
package dev.holdfast.kms;

import org.jspecify.annotations.NullMarked;
