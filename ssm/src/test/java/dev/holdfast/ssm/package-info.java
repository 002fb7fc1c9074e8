@NullMarked
package dev.holdfast.ssm;

import org.jspecify.annotations.NullMarked;
