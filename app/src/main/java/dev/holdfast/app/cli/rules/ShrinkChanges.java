// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli.rules;

import dev.holdfast.app.cli.CliFailure;
import dev.holdfast.app.cli.Shell;
import dev.holdfast.app.cli.Target;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.iam.CreatePolicyVersionRequest;
import dev.holdfast.aws.iam.DeleteRolePolicyRequest;
import dev.holdfast.aws.iam.DetachRolePolicyRequest;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.PutRolePolicyRequest;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
import dev.holdfast.kit.disk.DiskFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a proposal in force by signed calls of the operator, as anybody with the right could. What
 * is new comes before what is old goes, so that the role never lacks what it uses. Nothing is
 * written over what is not what the proposal was made of.
 */
final class ShrinkChanges implements AutoCloseable {
  private final HttpClient http;
  private final AwsClient client;
  private final String role;
  private final Path folder;
  private final Standing standing;
  private final List<String> back = new ArrayList<>();

  ShrinkChanges(HttpClient http, AwsClient client, String role, Path folder) {
    this.http = http;
    this.client = client;
    this.role = role;
    this.folder = folder;
    this.standing = new Standing(client, role);
  }

  static ShrinkChanges open(Target target, String role, Path folder) {
    JsonObject operator = target.get("/credentials");
    var keys =
        new Credentials(
            need(operator, "AccessKeyId"),
            need(operator, "SecretAccessKey"),
            need(operator, "SessionToken"));
    HttpClient http = HttpClient.newHttpClient();
    var client =
        new AwsClient(
            http,
            URI.create(need(operator, "EndpointUrl")),
            need(operator, "Region"),
            () -> keys,
            InstantSource.system());
    return new ShrinkChanges(http, client, role, folder);
  }

  static String need(JsonObject object, String name) {
    String text = object.string(name);
    if (text == null) {
      throw new CliFailure("the platform's answer lacks " + name);
    }
    return text;
  }

  /** Applies what changes, policy by policy, and says after each how to go back. */
  void apply(List<JsonObject> policies, PrintWriter out) throws IOException, InterruptedException {
    var room = Room.of(policies);
    for (JsonObject policy : policies) {
      // also those that stay: a proposal may lean on them
      standing.requireUnchanged(policy);
    }
    try {
      for (JsonObject policy : policies) {
        if (policy.isTrue("changed")) {
          standing.requireUnchanged(policy);
          String arn = policy.string("arn");
          out.println("done: " + (arn == null ? inline(policy) : managed(policy, arn, room)));
          tellBack(out);
        }
      }
    } finally {
      tellBack(out); // what was begun may be done
    }
  }

  private void tellBack(PrintWriter out) {
    back.forEach(command -> out.println("  to go back: " + command));
    back.clear();
    out.flush();
  }

  private String inline(JsonObject policy) throws IOException, InterruptedException {
    String name = need(policy, "name");
    Path kept = keep(name, need(policy, "now"));
    String proposed = policy.string("proposed");
    back.add(
        "aws iam put-role-policy"
            + ofRole()
            + " --policy-name "
            + Shell.quote(name)
            + " --policy-document "
            + Shell.quote("file://" + kept));
    if (proposed == null) {
      Shape _ =
          client.call(
              IamModel.DELETE_ROLE_POLICY,
              DeleteRolePolicyRequest.builder().roleName(role).policyName(name).build());
      return "the inline policy " + name + " is deleted; it is kept in " + kept;
    }
    put(name, proposed);
    return "the inline policy " + name + " is narrowed; the old one is kept in " + kept;
  }

  private Path keep(String name, String text) throws IOException {
    Path file =
        folder
            .toAbsolutePath()
            .normalize()
            .resolve("%s-%s-before-%d.json".formatted(role, name, InstantSource.system().millis()));
    try (DiskFile out = Disk.local().create(file)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      out.sync();
    }
    Disk.local().syncDirectory(folder);
    return file;
  }

  private String managed(JsonObject policy, String arn, Room room)
      throws IOException, InterruptedException {
    String name = need(policy, "name");
    String proposed = policy.string("proposed");
    if (proposed != null && policy.isTrue("alone")) {
      back.add(
          "aws iam set-default-policy-version --policy-arn "
              + Shell.quote(arn)
              + " --version-id "
              + need(policy, "version"));
      var version =
          client
              .call(
                  IamModel.CREATE_POLICY_VERSION,
                  CreatePolicyVersionRequest.builder()
                      .policyArn(arn)
                      .policyDocument(proposed)
                      .setAsDefault(true)
                      .build())
              .policyVersion();
      return "the policy "
          + name
          + " has the version "
          + (version == null ? "" : version.versionId())
          + " in force; the old one stays as "
          + need(policy, "version");
    }
    String own = proposed == null ? null : room.inPlaceOf(arn);
    String instead = "";
    if (proposed != null && own != null) {
      standing.requireFree(own);
      back.add("aws iam attach-role-policy" + ofRole() + " --policy-arn " + Shell.quote(arn));
      back.add("aws iam delete-role-policy" + ofRole() + " --policy-name " + Shell.quote(own));
      put(own, proposed);
      instead = "; the inline policy " + own + " is in its place";
    } else {
      back.add("aws iam attach-role-policy" + ofRole() + " --policy-arn " + Shell.quote(arn));
    }
    Shape _ =
        client.call(
            IamModel.DETACH_ROLE_POLICY,
            DetachRolePolicyRequest.builder().roleName(role).policyArn(arn).build());
    return "the policy " + name + " is detached" + instead;
  }

  private void put(String name, String document) throws IOException, InterruptedException {
    Shape _ =
        client.call(
            IamModel.PUT_ROLE_POLICY,
            PutRolePolicyRequest.builder()
                .roleName(role)
                .policyName(name)
                .policyDocument(document)
                .build());
  }

  private String ofRole() {
    return " --role-name " + Shell.quote(role);
  }

  @Override
  public void close() {
    http.close();
  }
}
