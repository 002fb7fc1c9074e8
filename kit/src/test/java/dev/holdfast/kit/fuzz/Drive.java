// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kit.fuzz;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Lets another engine drive a target: Jazzer calls the two methods below, and is told class and
 * method of the target. {@code main} runs one with our own engine, and needs its corpus besides.
 *
 * @see <a href="https://github.com/CodeIntelligenceTesting/jazzer">Jazzer</a>
 */
public final class Drive {
  private static @Nullable Target target;

  private Drive() {}

  /** Takes the target's class and method. */
  public static void fuzzerInitialize(String[] words) throws ReflectiveOperationException {
    target = target(words[0], words[1]);
  }

  /** Runs the target once. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Target driven = target;
    if (driven == null) {
      throw new IllegalStateException("no target was named");
    }
    String _ = driven.run(input);
  }

  /** Arguments: the target's class, its method, its corpus. */
  public static void main(String[] words) throws ReflectiveOperationException {
    Fuzz.run(Class.forName(words[0]), words[2], target(words[0], words[1]));
  }

  private static Target target(String type, String name) throws ReflectiveOperationException {
    Class<?> owner = Class.forName(type);
    Method method = owner.getDeclaredMethod(name, byte[].class);
    method.setAccessible(true);
    Object on = Modifier.isStatic(method.getModifiers()) ? null : made(owner);
    return input -> {
      try {
        return String.valueOf(method.invoke(on, (Object) input));
      } catch (java.lang.reflect.InvocationTargetException e) {
        throw e.getCause() instanceof Error error ? error : new AssertionError(e.getCause());
      }
    };
  }

  private static Object made(Class<?> owner) throws ReflectiveOperationException {
    Constructor<?> constructor = owner.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
