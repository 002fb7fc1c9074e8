// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The kinds of writes that a crash test makes. Each is one request of several rows, so that half of
 * it would show.
 */
enum Wreckable {
  USER("CreateUser") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.call(IamModel.CREATE_USER, tagged("UserName", id));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      return whole(from.find(IamModel.GET_USER, named("UserName", id)), id, TAG);
    }
  },
  POLICY("CreatePolicy") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.call(
          IamModel.CREATE_POLICY,
          tagged("PolicyName", id).with("PolicyDocument", Cargo.ALLOW).with("Description", id));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      String arn = "arn:aws:iam::" + from.home().account() + ":policy/" + id;
      if (!whole(from.find(IamModel.GET_POLICY, named("PolicyArn", arn)), id, TAG)) {
        return false;
      }
      JsonObject version = named("PolicyArn", arn).with("VersionId", "v1");
      return whole(from.find(IamModel.GET_POLICY_VERSION, version), "GetCallerIdentity");
    }
  },
  STRING("PutParameter") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.call(SsmModel.PUT_PARAMETER, parameter(id, "String"));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      return parameterIsWhole(from, id);
    }
  },
  SECURE_STRING("PutParameter") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.call(SsmModel.PUT_PARAMETER, parameter(id, "SecureString"));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      return parameterIsWhole(from, id);
    }
  },
  ALIAS("CreateAlias") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.call(
          KmsModel.CREATE_ALIAS,
          named("AliasName", "alias/" + id).with("TargetKeyId", to.home().key()));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      return whole(from.find(KmsModel.DESCRIBE_KEY, named("KeyId", "alias/" + id)), "Enabled");
    }
  },
  BLOB("InitiateLayerUpload") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.pushBlob(blob(id));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      String digest = Hashes.sha256Hex(blob(id));
      Optional<byte[]> found = from.pull("blobs/sha256:" + digest);
      found.ifPresent(content -> same(digest, Hashes.sha256Hex(content)));
      return found.isPresent();
    }

    @Override
    String mark(String id) {
      return "sha256:" + Hashes.sha256Hex(blob(id));
    }
  },
  IMAGE("PutImage") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.pushManifest(id, manifest(id));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      Optional<byte[]> byTag = from.pull("manifests/" + id);
      byte[] content = manifest(id).getBytes(StandardCharsets.UTF_8);
      Optional<byte[]> byDigest = from.pull("manifests/sha256:" + Hashes.sha256Hex(content));
      same(byTag.map(Hashes::sha256Hex), byDigest.map(Hashes::sha256Hex));
      byTag.ifPresent(found -> same(manifest(id), new String(found, StandardCharsets.UTF_8)));
      return byTag.isPresent();
    }
  },
  TASK_DEFINITION("RegisterTaskDefinition") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.call(
          EcsModel.REGISTER_TASK_DEFINITION,
          Json.parseObject(
              """
              {"family":"%s","containerDefinitions":[{"name":"web","image":"crash:base","memory":64}],
               "tags":[{"key":"kept","value":"whole"}]}"""
                  .formatted(id)));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      JsonObject in =
          Json.parseObject("{\"taskDefinition\":\"%s:1\",\"include\":[\"TAGS\"]}".formatted(id));
      return whole(from.find(EcsModel.DESCRIBE_TASK_DEFINITION, in), id, "crash:base", TAG);
    }
  },
  CLUSTER("CreateCluster") {
    @Override
    void write(Writing to, String id) throws IOException, InterruptedException {
      to.call(EcsModel.CREATE_CLUSTER, cluster(id));
    }

    @Override
    boolean present(Writing from, String id) throws IOException, InterruptedException {
      JsonObject in =
          Json.parseObject("{\"clusters\":[\"%s\"],\"include\":[\"TAGS\"]}".formatted(id));
      String found = Json.text(from.call(EcsModel.DESCRIBE_CLUSTERS, in));
      if (found.contains("MISSING")) {
        return false;
      }
      return whole(Optional.of(Json.parseObject(found)), "ACTIVE", TAG);
    }

    private JsonObject cluster(String id) {
      return Json.parseObject(
          "{\"clusterName\":\"%s\",\"tags\":[{\"key\":\"kept\",\"value\":\"whole\"}]}"
              .formatted(id));
    }
  };

  private static final String TAG = "whole";

  private final String event;

  Wreckable(String event) {
    this.event = event;
  }

  /** One write, under an id that is used once. */
  abstract void write(Writing to, String id) throws IOException, InterruptedException;

  /**
   * Whether a write is there.
   *
   * @throws AssertionError where half of it is
   */
  abstract boolean present(Writing from, String id) throws IOException, InterruptedException;

  /** What the audit event of a write calls it. */
  String mark(String id) {
    return id;
  }

  /** The name of the audit event of a write. */
  String event() {
    return event;
  }

  private static JsonObject named(String member, String value) {
    return JsonObject.EMPTY.with(member, value);
  }

  private static JsonObject tagged(String member, String value) {
    return Json.parseObject(
        "{\"%s\":\"%s\",\"Tags\":[{\"Key\":\"kept\",\"Value\":\"whole\"}]}"
            .formatted(member, value));
  }

  private static JsonObject parameter(String id, String type) {
    return tagged("Name", "/" + id).with("Type", type).with("Value", "value of " + id);
  }

  private static boolean parameterIsWhole(Writing from, String id)
      throws IOException, InterruptedException {
    JsonObject in = Json.parseObject("{\"Name\":\"/%s\",\"WithDecryption\":true}".formatted(id));
    if (!whole(from.find(SsmModel.GET_PARAMETER, in), "value of " + id)) {
      return false;
    }
    JsonObject resource = named("ResourceType", "Parameter").with("ResourceId", "/" + id);
    return whole(from.find(SsmModel.LIST_TAGS_FOR_RESOURCE, resource), TAG);
  }

  /** Content of its own for each id, of 4 KiB. */
  private static byte[] blob(String id) {
    return (id + "\n").repeat(4096 / (id.length() + 1)).getBytes(StandardCharsets.UTF_8);
  }

  /** The config blob that every image of the test shares. */
  static byte[] config() {
    return "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);
  }

  static String manifest(String id) {
    return """
    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
     "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},
     "layers":[],"annotations":{"id":"%s"}}"""
        .formatted(Hashes.sha256Hex(config()), config().length, id);
  }

  private static boolean whole(Optional<JsonObject> found, String... parts) {
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

  private static void same(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError(expected + " was written, and " + found + " is there");
    }
  }
}
