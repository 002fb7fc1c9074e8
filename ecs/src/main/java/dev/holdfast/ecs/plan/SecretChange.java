// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares which versions of its secrets something runs. Pure; it knows names, never values. */
public final class SecretChange {
  private SecretChange() {}

  /** The versions in one text: the same for the same versions, whatever the order. */
  public static String versions(List<Task.ResolvedSecret> secrets) {
    return String.join(
        "\n",
        secrets.stream().filter(SecretChange::known).map(SecretChange::line).sorted().toList());
  }

  private static boolean known(Task.ResolvedSecret secret) {
    return secret.version() != 0 || secret.versionId() != null;
  }

  private static String line(Task.ResolvedSecret secret) {
    return secret.container() + " " + secret.variable() + " " + version(secret);
  }

  private static String version(Task.ResolvedSecret secret) {
    return secret.parameter()
        + " version "
        + (secret.versionId() == null ? secret.version() : secret.versionId());
  }

  /** What of the later ones is not among the earlier, each once, for people. */
  public static List<String> changed(
      List<Task.ResolvedSecret> before, List<Task.ResolvedSecret> after) {
    Map<String, String> old = new HashMap<>();
    before.forEach(s -> old.put(s.container() + " " + s.variable(), version(s)));
    return after.stream()
        .filter(SecretChange::known)
        .filter(s -> !version(s).equals(old.get(s.container() + " " + s.variable())))
        .map(SecretChange::version)
        .distinct()
        .sorted()
        .toList();
  }

  /** The secrets of a start, as far as they are settled in the versions that were settled. */
  public static List<Task.ResolvedSecret> settled(
      List<Task.ResolvedSecret> present, List<Task.ResolvedSecret> settled) {
    Map<String, Task.ResolvedSecret> kept = new HashMap<>();
    settled.forEach(s -> kept.put(s.container() + " " + s.variable(), s));
    return present.stream()
        .map(s -> kept.getOrDefault(s.container() + " " + s.variable(), s))
        .toList();
  }
}
