// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.Ashore;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.sts.StsModel;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets are given to the platform in every way there is, well and ill, and then searched for: in
 * the data directory, the log, the audit's events, and the words of errors. {@code test/canary.sh}
 * does the same to a platform with an agent, tasks and a crash.
 */
class CanaryTest {
  /** With characters that each encoding writes in its own way. */
  private static final String CANARY = "canary/7f3a+\"sings\" & digs \\ for <gold> in Köln=";

  private static final String QUOTED = Json.text(new JsonString(CANARY));

  @TempDir private Path temp;

  private final StringWriter log = new StringWriter();
  private final List<String> answers = new ArrayList<>();
  private final List<Needle> needles = new ArrayList<>();

  @Test
  void thePlantedCanaryIsFoundInEveryForm() throws IOException {
    Needle needle = Needle.of("canary", CANARY);
    assertThat(needle.forms()).hasSize(16);
    for (Map.Entry<String, byte[]> form : needle.forms().entrySet()) {
      for (int around = 0; around < 4; around++) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("x".repeat(around).getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(form.getValue());
        bytes.writeBytes(new byte[around]);
        assertThat(needle.in(bytes.toByteArray())).as(form.getKey()).isPresent();
        assertThat(needle.in(packed(bytes.toByteArray(), true))).as(form.getKey()).isPresent();
        assertThat(needle.in(packed(bytes.toByteArray(), false))).as(form.getKey()).isPresent();
      }
    }
    for (int length = 0; length < 3; length++) {
      byte[] text = ("y".repeat(length) + CANARY + "z").getBytes(StandardCharsets.UTF_8);
      byte[] encoded = Base64.getEncoder().encode(text);
      assertThat(needle.in(encoded)).as("base64 after %d bytes", length).isPresent();
    }
    assertThat(needle.in("no canary sings here".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  private static byte[] packed(byte[] bytes, boolean gzip) throws IOException {
    var out = new ByteArrayOutputStream();
    out.write("before".getBytes(StandardCharsets.UTF_8));
    try (OutputStream pack = gzip ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
      pack.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void noSecretIsLeftAnywhere() throws Exception {
    Path dir = temp.resolve("data");
    var handler = new Kept();
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      live(dir);
    } finally {
      root.removeHandler(handler);
    }
    var places = new LinkedHashMap<String, byte[]>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .filter(f -> !f.toString().contains("/reserve") && !f.toString().contains("/native/"))
              .toList()) {
        places.put(dir.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    places.put("the log", log.toString().getBytes(StandardCharsets.UTF_8));
    for (String answer : answers) {
      places.put(
          answer.substring(0, Math.min(60, answer.length())),
          answer.getBytes(StandardCharsets.UTF_8));
    }
    byte[] key = Objects.requireNonNull(places.get("root.key"));
    assertThat(key).hasSize(32);
    needles.add(Needle.of("the root key", key));
    assertThat(needles).hasSizeGreaterThanOrEqualTo(9);
    assertThat(places).hasSizeGreaterThan(20);
    var found = new ArrayList<String>();
    places.remove("root.key");
    places.put("planted", ("log line " + CANARY).getBytes(StandardCharsets.UTF_8));
    places.forEach(
        (place, bytes) -> {
          List<byte[]> layers = Needle.layers(bytes);
          needles.forEach(
              needle ->
                  needle
                      .in(layers)
                      .ifPresent(form -> found.add(needle.name() + " in " + place + ": " + form)));
        });
    assertThat(found)
        .containsExactly("the canary in planted: plain", "its beginning in planted: plain");
  }

  private void live(Path dir) throws Exception {
    needles.add(Needle.of("the canary", CANARY));
    needles.add(Needle.of("its beginning", CANARY.substring(0, CANARY.indexOf('+'))));
    try (Ashore platform = Ashore.start(dir)) {
      Ashore.Account made = platform.account();
      needles.add(Needle.of("an administrator's key", made.administrator().secretAccessKey()));
      var home = new Writing.Home(made.id().digits(), made.administrator(), "");
      try (var to = new Writing(platform.url(), home)) {
        give(to);
        abuse(to);
        issue(to);
        String events = events(to);
        assertThat(events)
            .contains("Encrypt", "RegisterTaskDefinition", "CreateAccessKey", "AssumeRole")
            .contains("ParameterPatternMismatch", "SerializationException");
        answers.add(events);
      }
    }
    try (Ashore platform = Ashore.start(dir);
        var to =
            new Writing(
                platform.url(), new Writing.Home("", platform.account().administrator(), ""))) {
      assertThat(to.admits(to.home().administrator())).isTrue();
    }
  }

  /** All events there are; those of failed calls are written a moment after the answer. */
  private static String events(Writing to) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (true) {
      var events = new StringBuilder();
      JsonObject in = JsonObject.EMPTY;
      @Nullable String next;
      do {
        JsonObject page = to.call(CloudTrailModel.LOOKUP_EVENTS, in);
        events.append(Json.text(page)).append('\n');
        next = page.string("NextToken");
        in = next == null ? in : JsonObject.EMPTY.with("NextToken", next);
      } while (next != null);
      if (events.indexOf("AssumeRole") >= 0 || System.nanoTime() > deadline) {
        return events.toString();
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static JsonObject object(String json) {
    return Json.parseObject(json);
  }

  private static JsonObject secure(String name) {
    return JsonObject.EMPTY.with("Name", name).with("Value", CANARY).with("Type", "SecureString");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** As it is meant: and it can be had back. */
  private void give(Writing to) throws Exception {
    to.call(SsmModel.PUT_PARAMETER, secure("/shop/prod/password"));
    assertThat(
            Json.text(
                to.call(
                    SsmModel.GET_PARAMETER,
                    object("{\"Name\":\"/shop/prod/password\",\"WithDecryption\":true}"))))
        .contains(QUOTED);
    to.call(
        SecretsManagerModel.CREATE_SECRET,
        JsonObject.EMPTY.with("Name", "shop/secret").with("SecretString", CANARY));
    to.call(
        SecretsManagerModel.CREATE_SECRET,
        JsonObject.EMPTY.with("Name", "shop/binary").with("SecretBinary", base64(CANARY)));
    assertThat(
            Json.text(
                to.call(
                    SecretsManagerModel.GET_SECRET_VALUE,
                    object("{\"SecretId\":\"shop/secret\"}"))))
        .contains(QUOTED);
    needles.add(
        Needle.of(
            "a random password",
            String.valueOf(
                to.call(SecretsManagerModel.GET_RANDOM_PASSWORD, JsonObject.EMPTY)
                    .string("RandomPassword"))));
    String key =
        String.valueOf(
            to.call(KmsModel.CREATE_KEY, JsonObject.EMPTY).object("KeyMetadata").string("KeyId"));
    JsonObject blob =
        to.call(
            KmsModel.ENCRYPT,
            JsonObject.EMPTY.with("KeyId", key).with("Plaintext", base64(CANARY)));
    to.call(
        KmsModel.DECRYPT,
        JsonObject.EMPTY.with("CiphertextBlob", String.valueOf(blob.string("CiphertextBlob"))));
    JsonObject data =
        to.call(
            KmsModel.GENERATE_DATA_KEY,
            JsonObject.EMPTY.with("KeyId", key).with("KeySpec", "AES_256"));
    needles.add(
        Needle.of(
            "a data key", Base64.getDecoder().decode(String.valueOf(data.string("Plaintext")))));
    to.call(
        EcsModel.REGISTER_TASK_DEFINITION,
        object(
            "{\"family\":\"web\",\"containerDefinitions\":[{\"name\":\"web\",\"image\":\"x\",\"memory\":64,\"environment\":[{\"name\":\"P\",\"value\":"
                + QUOTED
                + "}]}]}"));
  }

  /** Wherever a value could come back in an error. */
  private void abuse(Writing to) throws Exception {
    JsonObject put = secure("/shop/prod/password");
    refused(to, SsmModel.PUT_PARAMETER, put);
    refused(
        to, SsmModel.PUT_PARAMETER, put.with("Overwrite", true).with("AllowedPattern", "[0-9]+"));
    refused(to, SsmModel.PUT_PARAMETER, put.with("Overwrite", true).with("AllowedPattern", "("));
    refused(to, SsmModel.PUT_PARAMETER, put.with("Overwrite", true).with("KeyId", "alias/none"));
    refused(to, SsmModel.PUT_PARAMETER, put.with("Overwrite", true).with("Type", "StringList"));
    refused(to, SsmModel.PUT_PARAMETER, put.with("Overwrite", true).with("Policies", "[]"));
    refused(
        to, SsmModel.PUT_PARAMETER, put.with("Overwrite", true).with("Value", CANARY.repeat(200)));
    refused(
        to,
        SsmModel.PUT_PARAMETER,
        put.with("Overwrite", true).with("Value", CANARY + "{{ssm:x}}"));
    refused(to, SsmModel.PUT_PARAMETER, put.with("Name", "/shop/new").with("Type", "Canary"));
    refused(
        to,
        KmsModel.ENCRYPT,
        JsonObject.EMPTY.with("KeyId", "none").with("Plaintext", base64(CANARY)));
    refused(
        to,
        KmsModel.ENCRYPT,
        JsonObject.EMPTY
            .with("KeyId", "alias/aws/ssm")
            .with("Plaintext", base64(CANARY.repeat(200))));
    refused(to, KmsModel.DECRYPT, JsonObject.EMPTY.with("CiphertextBlob", base64("K" + CANARY)));
    secrets(to);
    malformed(to);
  }

  private void secrets(Writing to) throws Exception {
    JsonObject create = JsonObject.EMPTY.with("Name", "shop/secret").with("SecretString", CANARY);
    refused(to, SecretsManagerModel.CREATE_SECRET, create);
    refused(
        to,
        SecretsManagerModel.CREATE_SECRET,
        create.with("Name", "b").with("KmsKeyId", "alias/no"));
    refused(
        to,
        SecretsManagerModel.CREATE_SECRET,
        create.with("Name", "c").with("SecretBinary", base64(CANARY)));
    refused(
        to,
        SecretsManagerModel.CREATE_SECRET,
        create.with("Name", "d").with("SecretString", CANARY.repeat(2000)));
    JsonObject put = JsonObject.EMPTY.with("SecretId", "none").with("SecretString", CANARY);
    refused(to, SecretsManagerModel.PUT_SECRET_VALUE, put);
    refused(
        to,
        SecretsManagerModel.PUT_SECRET_VALUE,
        put.with("SecretId", "shop/secret").with("ClientRequestToken", "short"));
    refused(to, SecretsManagerModel.UPDATE_SECRET, put);
  }

  /** Bodies that are no request at all, with the canary in them. */
  private void malformed(Writing to) {
    var raw = new Raw(to.url());
    var as = new Raw.As(to.home().administrator(), "us-east-1", "ssm");
    String name = "AmazonSSM.PutParameter";
    for (String body :
        List.of(
            "{\"Name\":\"/a\",\"Value\":\"" + "canary/7f3a+",
            "{\"Name\":\"/a\",\"Value\":" + QUOTED + "} x",
            "{\"Name\":\"/a\",\"Value\":{\"x\":" + QUOTED + "}}",
            QUOTED)) {
      Raw.Answer answer = raw.json(as, name, body.getBytes(StandardCharsets.UTF_8));
      assertThat(answer.status()).isEqualTo(400);
      answers.add("malformed " + answer.text());
    }
  }

  private <I extends Shape, O extends Shape> void refused(
      Writing to, OperationModel<I, O> model, JsonObject in) throws Exception {
    try {
      answers.add("allowed " + to.call(model, in));
      throw new AssertionError(model + " was to be refused: " + in.members().keySet());
    } catch (ApiError e) {
      answers.add(model + " " + answers.size() + ": " + e.code() + " " + e.text());
    }
  }

  /** Credentials of every kind. */
  private void issue(Writing to) throws Exception {
    String token = to.registryToken();
    needles.add(Needle.of("a registry token", token));
    String basic = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    needles.add(Needle.of("a registry password", basic.substring("AWS:".length())));
    to.call(IamModel.CREATE_USER, object("{\"UserName\":\"sailor\"}"));
    JsonObject key =
        to.call(IamModel.CREATE_ACCESS_KEY, object("{\"UserName\":\"sailor\"}"))
            .object("AccessKey");
    needles.add(Needle.of("a user's key", String.valueOf(key.string("SecretAccessKey"))));
    JsonObject device =
        to.call(IamModel.CREATE_VIRTUAL_MFA_DEVICE, object("{\"VirtualMFADeviceName\":\"phone\"}"))
            .object("VirtualMFADevice");
    String seed = String.valueOf(device.string("Base32StringSeed"));
    needles.add(Needle.of("a device's seed", Base64.getDecoder().decode(seed)));
    JsonObject profile = JsonObject.EMPTY.with("UserName", "sailor").with("Password", CANARY);
    to.call(IamModel.CREATE_LOGIN_PROFILE, profile);
    refused(to, IamModel.CREATE_LOGIN_PROFILE, profile);
    refused(to, IamModel.UPDATE_LOGIN_PROFILE, profile.with("UserName", "nobody"));
    refused(to, IamModel.CREATE_LOGIN_PROFILE, profile.with("Password", CANARY.repeat(9)));
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::%s:root\"},\"Action\":\"sts:AssumeRole\"}]}"
            .formatted(to.home().account());
    to.call(
        IamModel.CREATE_ROLE,
        JsonObject.EMPTY.with("RoleName", "mate").with("AssumeRolePolicyDocument", trust));
    JsonObject session =
        to.call(
                StsModel.ASSUME_ROLE,
                JsonObject.EMPTY
                    .with("RoleArn", "arn:aws:iam::" + to.home().account() + ":role/mate")
                    .with("RoleSessionName", "watch"))
            .object("Credentials");
    needles.add(Needle.of("a session's key", String.valueOf(session.string("SecretAccessKey"))));
    needles.add(Needle.of("a session's token", String.valueOf(session.string("SessionToken"))));
  }

  /** Keeps the log, with what exceptions say. */
  private final class Kept extends Handler {
    @Override
    public void publish(LogRecord event) {
      synchronized (log) {
        log.append(event.getLoggerName()).append(' ').append(event.getMessage()).append('\n');
        if (event.getParameters() != null) {
          for (Object parameter : event.getParameters()) {
            log.append(String.valueOf(parameter)).append('\n');
          }
        }
        if (event.getThrown() != null) {
          event.getThrown().printStackTrace(new PrintWriter(log));
        }
      }
    }

    @Override
    public void flush() {
      // kept in memory
    }

    @Override
    public void close() {
      // kept in memory
    }
  }
}
