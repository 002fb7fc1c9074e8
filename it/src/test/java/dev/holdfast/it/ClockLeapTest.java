// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Hashes;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A clock that leaps ten years ahead, or an hour back, makes the assembled platform's housekeeping
 * delete nothing.
 */
class ClockLeapTest {
  private static final Duration TEN_YEARS = Duration.ofDays(3653);
  private static final String ANY_IMAGE_OF_A_DAY =
      """
      {"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"sinceImagePushed",
       "countUnit":"days","countNumber":1},"action":{"type":"expire"}}]}""";

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());
  private Harbor harbor;
  private String key = "";
  private String service = "";
  private JsonObject session = JsonObject.EMPTY;
  private Instant made = Instant.EPOCH;

  @SuppressWarnings("NullAway.Init")
  ClockLeapTest() {}

  @BeforeEach
  void open() throws Exception {
    harbor = Harbor.over(TestPlatform.start(clock));
    key = Harbor.text(admin("kms:CreateKey", "{}").object("KeyMetadata"), "KeyId");
    admin("kms:ScheduleKeyDeletion", "{\"KeyId\":\"" + key + "\",\"PendingWindowInDays\":7}");
    admin("secretsmanager:CreateSecret", "{\"Name\":\"db\",\"SecretString\":\"a secret of ours\"}");
    admin("secretsmanager:DeleteSecret", "{\"SecretId\":\"db\",\"RecoveryWindowInDays\":7}");
    String narrowed = // kept as a document beside the session
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";
    session =
        admin(
                "sts:AssumeRole",
                Json.text(
                    JsonObject.EMPTY
                        .with("RoleArn", role())
                        .with("RoleSessionName", "work")
                        .with("Policy", narrowed)))
            .object("Credentials");
    image();
    logs();
    admin("ecs:CreateCluster", "{\"clusterName\":\"shop\"}");
    admin(
        "ecs:RegisterTaskDefinition",
        "{\"family\":\"web\",\"containerDefinitions\":[{\"name\":\"web\",\"image\":"
            + "\"registry.invalid/none:1\",\"memory\":64}]}");
    service = service();
    made = clock.instant();
    harbor.platform().lowerGuardrail(made.plus(Duration.ofHours(8)));
  }

  @AfterEach
  void close() throws IOException {
    harbor.close();
  }

  private JsonObject admin(String operation, String json) {
    return harbor.call(harbor.home().administrator(), Harbor.REGION.name(), operation, json, clock);
  }

  private String role() {
    String trust =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
            + harbor.account().digits()
            + "\"},\"Action\":\"sts:AssumeRole\"}}";
    return Harbor.text(
        admin(
                "iam:CreateRole",
                Json.text(
                    JsonObject.EMPTY
                        .with("RoleName", "work")
                        .with("AssumeRolePolicyDocument", trust)))
            .object("Role"),
        "Arn");
  }

  private void image() throws IOException, InterruptedException {
    admin("ecr:CreateRepository", "{\"repositoryName\":\"" + Writing.REPOSITORY + "\"}");
    admin(
        "ecr:PutLifecyclePolicy",
        Json.text(
            JsonObject.EMPTY
                .with("repositoryName", Writing.REPOSITORY)
                .with("lifecyclePolicyText", ANY_IMAGE_OF_A_DAY)));
    var home = new Writing.Home(harbor.account().digits(), harbor.home().administrator(), "");
    try (var to = new Writing(harbor.platform().url(), home, clock)) {
      to.signIn();
      byte[] config = ImageWrites.config();
      to.pushBlob(config);
      to.pushManifest(
          "kept",
          """
          {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
           "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},
           "layers":[]}"""
              .formatted(Hashes.sha256Hex(config), config.length));
    }
  }

  private void logs() {
    String group = "{\"logGroupName\":\"/shop\"";
    admin("logs:CreateLogGroup", group + "}");
    admin("logs:PutRetentionPolicy", group + ",\"retentionInDays\":1}");
    admin("logs:CreateLogStream", group + ",\"logStreamName\":\"web\"}");
    admin(
        "logs:PutLogEvents",
        group
            + ",\"logStreamName\":\"web\",\"logEvents\":[{\"timestamp\":"
            + clock.instant().toEpochMilli()
            + ",\"message\":\"hello\"}]}");
  }

  /** The same request under the same token each time. */
  private String service() {
    return Harbor.text(
        admin(
                "ecs:CreateService",
                "{\"cluster\":\"shop\",\"serviceName\":\"web\",\"taskDefinition\":\"web:1\","
                    + "\"desiredCount\":0,\"clientToken\":\"once\"}")
            .object("service"),
        "serviceArn");
  }

  private void tidy(Duration leap) {
    ahead.set(leap);
    harbor.platform().tidy();
  }

  /** What of all that was made is not there, by this clock. */
  private List<String> gone() {
    var gone = new ArrayList<String>();
    look(gone, "the key", () -> admin("kms:DescribeKey", "{\"KeyId\":\"" + key + "\"}"));
    look(gone, "the secret", () -> admin("secretsmanager:DescribeSecret", "{\"SecretId\":\"db\"}"));
    look(
        gone,
        "the image",
        () -> {
          var images =
              admin("ecr:ListImages", "{\"repositoryName\":\"" + Writing.REPOSITORY + "\"}");
          assertThat(images.array("imageIds")).isNotEmpty();
        });
    look(
        gone,
        "the log",
        () -> {
          var events =
              admin(
                  "logs:GetLogEvents",
                  "{\"logGroupName\":\"/shop\",\"logStreamName\":\"web\",\"startFromHead\":true}");
          assertThat(events.array("events")).isNotEmpty();
        });
    look(gone, "the client token", () -> assertThat(service()).isEqualTo(service));
    look(
        gone,
        "the audit event",
        () -> {
          var events =
              admin(
                  "cloudtrail:LookupEvents",
                  "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\","
                      + "\"AttributeValue\":\"CreateKey\"}]}");
          assertThat(events.array("Events")).isNotEmpty();
        });
    look(
        gone,
        "the exception",
        () ->
            assertThat(harbor.platform().loweredGuardrails(made.plus(Duration.ofHours(2))))
                .isEqualTo(1));
    look(gone, "the session", this::useSession);
    return gone;
  }

  private void useSession() {
    var credentials =
        new Credentials(
            Harbor.text(session, "AccessKeyId"),
            Harbor.text(session, "SecretAccessKey"),
            session.string("SessionToken"));
    JsonObject _ =
        harbor.call(credentials, Harbor.REGION.name(), "sts:GetCallerIdentity", "{}", clock);
  }

  private static void look(List<String> gone, String what, Runnable look) {
    try {
      look.run();
    } catch (RuntimeException | AssertionError e) {
      gone.add(what);
    }
  }

  @Test
  void deletesNothingByAClockThatLeaptUntilItIsConfirmed() {
    tidy(TEN_YEARS);
    assertThat(harbor.platform().warnings())
        .anySatisfy(text -> assertThat(text).contains("the clock says", "--confirm"));
    tidy(Duration.ZERO);
    assertThat(gone()).isEmpty();
    assertThat(harbor.platform().warnings()).isEmpty();

    ahead.set(TEN_YEARS);
    harbor.platform().confirmClock();
    tidy(TEN_YEARS);
    ahead.set(Duration.ZERO);
    assertThat(gone())
        .as("what is over by a clock that is right goes")
        .contains("the key", "the secret", "the image", "the log", "the exception", "the session");
  }

  @Test
  void deletesNothingByAClockThatGoesBack() {
    tidy(Duration.ofHours(-1));
    assertThat(harbor.platform().warnings())
        .anySatisfy(text -> assertThat(text).contains("went back", "--confirm"));
    assertThat(gone()).as("while it is wrong").isEmpty();
    tidy(Duration.ZERO);
    assertThat(gone()).as("once it is mended").isEmpty();
  }

  @Test
  void goesOnUnderAClockThatLeapt() {
    tidy(TEN_YEARS);
    admin("ecs:CreateCluster", "{\"clusterName\":\"later\"}");
    assertThatThrownBy(this::useSession).as("sessions are judged by the wall clock").isNotNull();
    tidy(Duration.ZERO);
    assertThat(Json.text(admin("ecs:ListClusters", "{}"))).contains("/later", "/shop");
    assertThat(gone()).isEmpty();
  }
}
