// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.secretsmanager.GetSecretValueRequest;
import dev.holdfast.aws.secretsmanager.GetSecretValueResponse;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Secrets of Secrets Manager for the containers of one task, as its execution role. Reasons are
 * those of the Amazon ECS agent and hold no value.
 */
final class AsmSecrets {
  private final Map<AsmReference.Version, String> fetched = new HashMap<>();

  /**
   * The value that a container's variable gets.
   *
   * @param as of the secret's region
   */
  String value(AwsClient as, String valueFrom) throws IOException {
    AsmReference wanted =
        AsmReference.parse(valueFrom)
            .orElseThrow(
                () ->
                    new IOException(
                        "unable to retrieve secret from asm: unexpected ARN format with parameters"
                            + " when trying to retrieve ASM secret: "
                            + valueFrom));
    String whole = fetched.get(wanted.version());
    if (whole == null) {
      whole = fetch(as, wanted.version());
      fetched.put(wanted.version(), whole);
    }
    String key = wanted.key();
    return key == null ? whole : member(wanted.version().arn(), whole, key);
  }

  private static String fetch(AwsClient as, AsmReference.Version version) throws IOException {
    var request =
        GetSecretValueRequest.builder()
            .secretId(version.arn())
            .versionStage(version.stage())
            .versionId(version.id())
            .build();
    GetSecretValueResponse got;
    try {
      got = PlatformCalls.call(as, SecretsManagerModel.GET_SECRET_VALUE, request);
    } catch (ApiError e) {
      throw new IOException(
          "unable to retrieve secret from asm: failed to fetch secret "
              + version.arn()
              + " from secrets manager: "
              + e.code()
              + ": "
              + e.getMessage(),
          e);
    }
    String text = got.secretString();
    if (text == null) {
      throw new IOException(
          "unable to retrieve secret from asm: the secret "
              + version.arn()
              + " is binary: a container's variable takes a SecretString");
    }
    return text;
  }

  private static String member(String arn, String whole, String key) throws IOException {
    JsonObject object;
    try {
      object = Json.parseObject(whole);
    } catch (Json.MalformedJson _) {
      // Neither the value nor what the parser says of it may be told.
      throw new IOException(
          "unable to retrieve secret from asm: the value of secret " + arn + " is no JSON object");
    }
    JsonValue value = object.get(key);
    return switch (value) {
      case null ->
          throw new IOException(
              "unable to retrieve secret from asm: retrieved secret from Secrets Manager did not"
                  + " contain json key "
                  + key);
      case JsonString(var text) -> text;
      default -> Json.text(value);
    };
  }
}
