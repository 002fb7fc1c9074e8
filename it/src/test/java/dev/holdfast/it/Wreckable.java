// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kind of thing that a crash test writes: each step is one request of several rows, so that half
 * of it would show.
 *
 * @param standing after how many steps a life is there with all that an index keeps of it
 * @param finder tells how many steps are to be seen
 */
record Wreckable(String name, List<Step> steps, int standing, Finder finder) {
  /** What a kill may land in. */
  enum Inside {
    COMMIT,
    UPLOAD,
    TAG_MOVE
  }

  /** Takes a step; what it returns is kept for later steps. */
  interface Action {
    String take(Writing to, Life life) throws IOException, InterruptedException;
  }

  /**
   * How many steps of a life took effect. Where nothing is left to see, that is none, or all where
   * the last of them removes it.
   */
  interface Finder {
    int found(Seen from, Life life) throws IOException, InterruptedException;
  }

  /**
   * One request.
   *
   * @param event the name of its audit event; empty where it leaves none
   * @param byDigest whether that event calls it by the digest of its content, not by its id
   */
  record Step(String event, boolean byDigest, Inside inside, Action action) {}

  static Step step(String event, Action action) {
    return new Step(event, false, Inside.COMMIT, action);
  }

  /** All kinds, in the order in which writers take them. */
  static List<Wreckable> all() {
    var all = new ArrayList<Wreckable>();
    all.addAll(IdentityWrites.ALL);
    all.addAll(SecretWrites.ALL);
    all.addAll(LogWrites.ALL);
    all.addAll(ImageWrites.ALL);
    all.addAll(TaskWrites.ALL);
    all.addAll(ServiceWrites.ALL);
    return List.copyOf(all);
  }

  /**
   * Whether something is there.
   *
   * @throws AssertionError where parts of it are missing
   */
  static boolean whole(Optional<JsonObject> found, String... parts) {
    found
        .map(Json::text)
        .ifPresent(
            text -> {
              for (String part : parts) {
                if (!text.contains(part)) {
                  throw new AssertionError(
                      "only half of a write is there: no " + part + " in " + text);
                }
              }
            });
    return found.isPresent();
  }

  static void same(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError(expected + " was written, and " + found + " is there");
    }
  }

  static JsonObject named(String member, String value) {
    return JsonObject.EMPTY.with(member, value);
  }

  /** How many steps a life has behind it that is not to be seen and ends with its removal. */
  static int gone(Life life) {
    return life.acknowledged() == 0 ? 0 : life.kind().steps().size();
  }
}
