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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a proposal in force by signed calls of the operator, as anybody with the right could. What
 * is new comes before what is old goes, so that the role never lacks what it uses.
 */
final class ShrinkChanges implements AutoCloseable {
  private static final int MOST_VERSIONS = 5;

  private final HttpClient http;
  private final AwsClient client;
  private final String role;
  private final Path folder;
  private final List<String> back = new ArrayList<>();

  private ShrinkChanges(HttpClient http, AwsClient client, String role, Path folder) {
    this.http = http;
    this.client = client;
    this.role = role;
    this.folder = folder;
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

  private static String need(JsonObject object, String name) {
    String text = object.string(name);
    if (text == null) {
      throw new CliFailure("the platform's answer lacks " + name);
    }
    return text;
  }

  /** Applies what changes, policy by policy, and says after each how to go back. */
  void apply(List<JsonObject> policies, PrintWriter out) throws IOException, InterruptedException {
    Set<String> names = new HashSet<>();
    for (JsonObject policy : policies) {
      if (policy.string("arn") == null) {
        names.add(need(policy, "name"));
      } else if (policy.isTrue("changed")
          && policy.isTrue("alone")
          && policy.string("proposed") != null
          && Said.number(policy, "versions") >= MOST_VERSIONS) {
        throw new CliFailure(
            "the policy "
                + Said.text(policy, "name")
                + " has five versions; delete one that is not in force, then try again");
      }
    }
    for (JsonObject policy : policies) {
      if (policy.isTrue("changed")) {
        String arn = policy.string("arn");
        String done =
            arn == null ? inline(policy) : managed(policy, arn, policy.string("proposed"), names);
        out.println("done: " + done);
      }
    }
    out.println("to go back:");
    back.forEach(command -> out.println("  " + command));
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

  private String managed(
      JsonObject policy, String arn, @Nullable String proposed, Set<String> names)
      throws IOException, InterruptedException {
    String name = need(policy, "name");
    if (proposed != null && policy.isTrue("alone")) {
      var made =
          client.call(
              IamModel.CREATE_POLICY_VERSION,
              CreatePolicyVersionRequest.builder()
                  .policyArn(arn)
                  .policyDocument(proposed)
                  .setAsDefault(true)
                  .build());
      var version = made.policyVersion();
      back.add(
          "aws iam set-default-policy-version --policy-arn "
              + Shell.quote(arn)
              + " --version-id "
              + need(policy, "version"));
      return "the policy "
          + name
          + " has the version "
          + (version == null ? "" : version.versionId())
          + " in force; the old one stays as "
          + need(policy, "version");
    }
    back.add("aws iam attach-role-policy" + ofRole() + " --policy-arn " + Shell.quote(arn));
    String instead = "";
    if (proposed != null) {
      String own = name + "-least";
      while (!names.add(own)) {
        own += "-2";
      }
      put(own, proposed);
      back.add("aws iam delete-role-policy" + ofRole() + " --policy-name " + Shell.quote(own));
      instead = "; the inline policy " + own + " is in its place";
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
