// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is there after a restart: asked one by one, and lists that are read once. */
final class Seen {
  private static final String MANAGED = "alias/aws/ssm";
  private static final Pattern ID = Pattern.compile("c\\d+x\\d+");

  private final Writing client;
  private final Set<String> tasks;
  private final Map<String, Set<String>> lists = new ConcurrentHashMap<>();

  /**
   * A look at a platform.
   *
   * @param tasks the tasks that the platform tells its agent of
   */
  Seen(Writing client, Set<String> tasks) {
    this.client = client;
    this.tasks = tasks;
  }

  Writing client() {
    return client;
  }

  /** Whether the platform tells its agent of a task, by ARN. */
  boolean tellsOf(String task) {
    return tasks.contains(task);
  }

  /** Whether the index of a group's members has a user. */
  boolean isMember(Life life) throws IOException, InterruptedException {
    return listed(
        life.id(), "group " + life.round().group(), () -> pages("GroupName", group(life)));
  }

  /** Whether the index of a policy's holders has a user. */
  boolean isHolder(Life life) throws IOException, InterruptedException {
    return listed(
        life.id(), "policy " + life.round().policy(), () -> pages("PolicyArn", policy(life)));
  }

  /** Whether the index of a key's aliases has one. */
  boolean isAliasOf(String keyId, Life life) throws IOException, InterruptedException {
    return listed(life.id(), "key " + keyId, () -> aliases(keyId));
  }

  /** Whether the key that AWS manages for parameters, where there is one, has its alias. */
  boolean managedKeyHasItsAlias() throws IOException, InterruptedException {
    JsonObject alias = Wreckable.named("KeyId", MANAGED);
    Optional<JsonObject> key = client.find(KmsModel.DESCRIBE_KEY, alias);
    if (key.isEmpty()) {
      return true;
    }
    String id = Harbor.text(key.get().object("KeyMetadata"), "KeyId");
    return Json.text(client.call(KmsModel.LIST_ALIASES, Wreckable.named("KeyId", id)))
        .contains("\"" + MANAGED + "\"");
  }

  private String group(Life life) {
    return life.round().group();
  }

  private String policy(Life life) {
    return client.policyArn(life.round().policy());
  }

  private interface Reading {
    Set<String> read() throws IOException, InterruptedException;
  }

  private boolean listed(String id, String list, Reading reading)
      throws IOException, InterruptedException {
    Set<String> found = lists.get(list);
    if (found == null) {
      found = reading.read();
      lists.put(list, found);
    }
    return found.contains(id);
  }

  private Set<String> pages(String member, String value) throws IOException, InterruptedException {
    var found = new HashSet<String>();
    JsonObject in = Wreckable.named(member, value);
    String marker = "";
    do {
      JsonObject page =
          member.equals("GroupName")
              ? client.call(IamModel.GET_GROUP, with(in, "Marker", marker))
              : client.call(IamModel.LIST_ENTITIES_FOR_POLICY, with(in, "Marker", marker));
      ids(page, found);
      marker = next(page, "Marker");
    } while (!marker.isEmpty());
    return found;
  }

  private Set<String> aliases(String keyId) throws IOException, InterruptedException {
    var found = new HashSet<String>();
    JsonObject in = Wreckable.named("KeyId", keyId);
    String marker = "";
    do {
      JsonObject page = client.call(KmsModel.LIST_ALIASES, with(in, "Marker", marker));
      ids(page, found);
      marker = next(page, "NextMarker");
    } while (!marker.isEmpty());
    return found;
  }

  private static JsonObject with(JsonObject in, String member, String value) {
    return value.isEmpty() ? in : in.with(member, value);
  }

  private static String next(JsonObject page, String member) {
    String marker = page.string(member);
    return marker == null ? "" : marker;
  }

  private static void ids(JsonObject page, Set<String> into) {
    Matcher id = ID.matcher(Json.text(page));
    while (id.find()) {
      into.add(id.group());
    }
  }
}
