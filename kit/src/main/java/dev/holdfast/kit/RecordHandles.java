// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record's constructor and accessors, each made ready when it is first called: of all that are
 * kept, a start reads few, and writes fewer. Thread-safe: who comes at the same time makes the
 * same.
 */
final class RecordHandles {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType ANY = MethodType.methodType(Object.class, Object.class);

  private final Class<?> type;
  private final RecordComponent[] components;
  private final @Nullable MethodHandle[] accessors;
  private @Nullable MethodHandle constructor;

  RecordHandles(Class<?> type) {
    this.type = type;
    this.components = type.getRecordComponents();
    this.accessors = new MethodHandle[components.length];
  }

  /** A record of these components. */
  Object make(@Nullable Object... values) {
    MethodHandle known = constructor;
    if (known == null) {
      known = findConstructor();
      constructor = known;
    }
    Object made = call(known, values);
    if (made == null) {
      throw new IllegalArgumentException("null component");
    }
    return made;
  }

  /** A component of a record of this type. */
  @Nullable Object component(Object value, int index) {
    MethodHandle known = accessors[index];
    if (known == null) {
      known = findAccessor(components[index]);
      accessors[index] = known;
    }
    return call(known, value);
  }

  private MethodHandle findAccessor(RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return LOOKUP.unreflect(component.getAccessor()).asType(ANY);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("no access to " + type, e);
    }
  }

  private MethodHandle findConstructor() {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var declared = type.getDeclaredConstructor(types);
      declared.setAccessible(true);
      return LOOKUP
          .unreflectConstructor(declared)
          .asSpreader(Object[].class, types.length)
          .asType(ANY);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no access to " + type, e);
    }
  }

  private static @Nullable Object call(MethodHandle handle, Object argument) {
    try {
      return (Object) handle.invokeExact(argument);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
