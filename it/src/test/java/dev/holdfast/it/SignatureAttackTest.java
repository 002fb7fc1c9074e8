// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.it.Draft.Pen;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Operation;
import dev.holdfast.service.UnsignedOperation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every way to sign a call at the assembled door: what AWS takes is served, and what it refuses is
 * refused with its code in the service's protocol. The short form does it for one operation of each
 * service, the long one ({@code HOLDFAST_LONG=attack}) for each operation there is.
 */
class SignatureAttackTest {
  /**
   * A call: its service, and what it takes to make it.
   *
   * @param shown what its result has; empty where it may be an error of the operation's own
   * @param errors the codes of those
   */
  record Service(String name, String target, String body, String shown, Set<String> errors) {
    Service(String name, String target, String body, String shown) {
      this(name, target, body, shown, Set.of());
    }

    boolean json() {
      return !target.isEmpty();
    }

    Draft draft(String authority) {
      return json()
          ? Draft.post("application/x-amz-json-1.1", body)
              .and("X-Amz-Target", target)
              .and("Host", authority)
          : Draft.post("application/x-www-form-urlencoded", body).and("Host", authority);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Service> SERVICES =
      List.of(
          new Service("sts", "", "Action=GetCallerIdentity&Version=2011-06-15", "<Arn>"),
          new Service("iam", "", "Action=ListUsers&Version=2010-05-08", "<Users>"),
          new Service(
              "ecs", "AmazonEC2ContainerServiceV20141113.ListClusters", "{}", "clusterArns"),
          new Service(
              "ecr",
              "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
              "{}",
              "repositories"),
          new Service("kms", "TrentService.ListKeys", "{}", "Keys"),
          new Service("ssm", "AmazonSSM.DescribeParameters", "{}", "Parameters"),
          new Service("secretsmanager", "secretsmanager.ListSecrets", "{}", "SecretList"),
          new Service("logs", "Logs_20140328.DescribeLogGroups", "{}", "logGroups"),
          new Service(
              "cloudtrail",
              "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
              "{}",
              "Events"));

  private static final Pattern CODE = Pattern.compile("<Code>(\\w+)</Code>|\"__type\":\"(\\w+)\"");

  private static Instant start;
  private static final AtomicReference<Instant> CLOCK = new AtomicReference<>(Instant.EPOCH);

  private static Harbor harbor;
  private static Raw raw;

  @BeforeAll
  static void open() throws IOException {
    start = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
    CLOCK.set(start);
    harbor = Harbor.over(TestPlatform.start(CLOCK::get));
    raw = new Raw(harbor.platform().url());
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static Pen pen(Credentials keys, String service) {
    return Pen.at(CLOCK.get(), keys, "us-east-1", service);
  }

  private static Raw.Answer send(Draft draft) {
    return raw.bytes(draft.bytes());
  }

  private static Draft draft(Service service) {
    return service.draft(raw.authority());
  }

  private static void served(Service service, Draft draft) {
    Raw.Answer answer = send(draft);
    if (service.shown().isEmpty()) {
      // What comes past the door is served, or refused in words that the operation's model has.
      if (answer.status() != 200) {
        assertThat(service.errors()).as(answer.text()).contains(code(answer));
      }
      return;
    }
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text()).contains(service.shown());
  }

  private static String code(Raw.Answer answer) {
    Matcher code = CODE.matcher(answer.text());
    return code.find() ? (code.group(1) == null ? code.group(2) : code.group(1)) : "";
  }

  private static void refused(Service service, String code, Draft draft) {
    Raw.Answer answer = send(draft);
    assertThat(answer.text())
        .contains(
            service.json() ? "\"__type\":\"" + jsonCode(code) + "\"" : "<Code>" + code + "</Code>")
        .doesNotContain(service.shown().isEmpty() ? "ResponseMetadata" : service.shown());
    assertThat(answer.status())
        .isEqualTo(service.json() || code.equals(SignatureMatrix.INCOMPLETE) ? 400 : 403);
  }

  private static String jsonCode(String query) {
    return switch (query) {
      case "InvalidClientTokenId" -> "UnrecognizedClientException";
      case "SignatureDoesNotMatch" -> "InvalidSignatureException";
      default -> query + "Exception";
    };
  }

  /** Each operation as a call without any parameter, which the door asks no less of. */
  private static List<Service> everyOperation() {
    return harbor.operations().stream()
        .filter(o -> !(o instanceof UnsignedOperation)) // WebIdentityDoorTest
        .map(
            operation -> {
              var model = operation.model();
              var service = model.service();
              boolean json = service.protocol() == Protocol.JSON;
              return new Service(
                  service.signingName(),
                  json ? service.targetPrefix() + "." + model.name() : "",
                  json ? "{}" : "Action=" + model.name() + "&Version=" + service.apiVersion(),
                  "",
                  errors(service));
            })
        .toList();
  }

  /** The codes of the errors that the models of a service's operations have. */
  private static Set<String> errors(ServiceModel service) {
    return harbor.operations().stream()
        .map(Operation::model)
        .filter(model -> model.service().equals(service))
        .flatMap(
            model -> Stream.concat(model.errors().stream(), Stream.of(service.validationError())))
        .map(ErrorShape::code)
        .collect(Collectors.toSet());
  }

  @TestFactory
  Stream<DynamicTest> matrix() {
    Credentials keys = harbor.home().administrator();
    boolean all = "attack".equals(System.getenv("HOLDFAST_LONG"));
    return (all ? everyOperation() : SERVICES)
        .stream()
            .flatMap(
                service ->
                    SignatureMatrix.at(start).stream()
                        .map(
                            c ->
                                DynamicTest.dynamicTest(
                                    service + " " + service.target() + service.body() + ": " + c,
                                    () -> {
                                      Draft made =
                                          c.make().apply(draft(service), pen(keys, service.name()));
                                      if (c.code().isEmpty()) {
                                        served(service, made);
                                      } else {
                                        refused(service, c.code(), made);
                                      }
                                    })));
  }

  /**
   * The counterpart of every refusal, for each operation: whoever signs well is let past the door.
   */
  @TestFactory
  Stream<DynamicTest> everyOperationTakesAGoodSignature() {
    return everyOperation().stream()
        .map(
            service ->
                DynamicTest.dynamicTest(
                    service + " " + service.target() + service.body(),
                    () ->
                        served(
                            service,
                            draft(service)
                                .signed(pen(harbor.home().administrator(), service.name())))));
  }

  /** AWS's calls go to one path; what was signed for it is not served at another. */
  @TestFactory
  Stream<DynamicTest> anotherPathIsRefused() {
    return SERVICES.stream()
        .map(
            service ->
                DynamicTest.dynamicTest(
                    service.name(),
                    () -> {
                      Draft signed =
                          draft(service).signed(pen(harbor.home().administrator(), service.name()));
                      served(service, signed);
                      for (String path :
                          List.of("/x", "//", "/.", "/./", "/%2F", "/%2f", "/;x", "/v2/")) {
                        Raw.Answer answer = send(signed.path(path));
                        assertThat(answer.status()).as(path).isBetween(400, 405);
                        assertThat(answer.text()).as(path).doesNotContain(service.shown());
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aTargetNotSignedIsRefused() {
    return SERVICES.stream()
        .filter(Service::json)
        .map(
            service ->
                DynamicTest.dynamicTest(
                    service.name(),
                    () -> {
                      Draft bare = draft(service).without("X-Amz-Target");
                      Pen pen = pen(harbor.home().administrator(), service.name());
                      served(service, bare.and("X-Amz-Target", service.target()).signed(pen));
                      refused(
                          service,
                          SignatureMatrix.WRONG,
                          bare.signed(pen).and("X-Amz-Target", service.target()));
                      refused(
                          service,
                          SignatureMatrix.WRONG,
                          draft(service).signed(pen).set("X-Amz-Target", service.target() + "x"));
                    }));
  }

  /** A target of no service is none of a service that has an operation of that name. */
  @Test
  void aTargetOfAnotherPrefixLeadsNowhere() {
    for (Service service : SERVICES) {
      String operation =
          service.json()
              ? service.target().substring(service.target().lastIndexOf('.') + 1)
              : service.body().substring(7, service.body().indexOf('&'));
      Draft draft =
          Draft.post("application/x-amz-json-1.1", "{}")
              .and("Host", raw.authority())
              .and("X-Amz-Target", "Nothing." + operation)
              .signed(pen(harbor.home().administrator(), service.name()));
      Raw.Answer answer = send(draft);
      assertThat(answer.status()).as(answer.text()).isEqualTo(400);
      assertThat(answer.text()).contains("UnknownOperationException");
    }
  }

  @TestFactory
  Stream<DynamicTest> aSessionNeedsItsOwnToken() {
    return SERVICES.stream().map(s -> DynamicTest.dynamicTest(s.name(), () -> session(s)));
  }

  private static Credentials session() {
    JsonObject made =
        harbor
            .admin(
                "sts:AssumeRole",
                "{\"RoleArn\":\"%s\",\"RoleSessionName\":\"session\"}".formatted(role()))
            .object("Credentials");
    return new Credentials(
        Harbor.text(made, "AccessKeyId"),
        Harbor.text(made, "SecretAccessKey"),
        Harbor.text(made, "SessionToken"));
  }

  private static String role() {
    String arn = "arn:aws:iam::" + harbor.account() + ":role/session";
    if (harbor
        .attempt(
            harbor.home().administrator(),
            harbor.operation("iam:GetRole").orElseThrow(),
            JsonObject.EMPTY.with("RoleName", "session"))
        .isPresent()) {
      JsonObject _ =
          harbor.admin(
              "iam:CreateRole",
              dev.holdfast.kit.Json.text(
                  JsonObject.EMPTY
                      .with("RoleName", "session")
                      .with(
                          "AssumeRolePolicyDocument",
                          """
                          {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}]}"""
                              .formatted(harbor.account()))));
      JsonObject _ =
          harbor.admin(
              "iam:AttachRolePolicy",
              "{\"RoleName\":\"session\",\"PolicyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}");
    }
    return arn;
  }

  private static Credentials with(Credentials keys, @Nullable String token) {
    return new Credentials(keys.accessKeyId(), keys.secretAccessKey(), token);
  }

  private static void session(Service service) {
    Credentials one = session();
    Credentials two = session();
    String token = Objects.requireNonNull(one.sessionToken());
    served(service, draft(service).signed(pen(one, service.name())));
    refused(
        service,
        SignatureMatrix.UNKNOWN,
        draft(service).signed(pen(with(one, null), service.name())));
    for (String other :
        List.of(
            "",
            "x",
            Objects.requireNonNull(two.sessionToken()),
            token.substring(0, token.length() - 1),
            token.substring(1),
            token + "A",
            token + token,
            (token.charAt(0) == 'A' ? 'B' : 'A') + token.substring(1))) {
      refused(
          service,
          SignatureMatrix.UNKNOWN,
          draft(service).signed(pen(with(one, other), service.name())));
    }
    refused(
        service,
        SignatureMatrix.UNKNOWN,
        draft(service)
            .signed(pen(one, service.name()))
            .set("X-Amz-Security-Token", Objects.requireNonNull(two.sessionToken())));
    refused(
        service,
        SignatureMatrix.WRONG,
        draft(service)
            .signed(pen(with(one, null), service.name()))
            .and("X-Amz-Security-Token", token));
    refused(
        service,
        SignatureMatrix.INCOMPLETE,
        draft(service).signed(pen(one, service.name())).and("X-Amz-Security-Token", token));
  }

  @TestFactory
  Stream<DynamicTest> aSessionEndsWithItsTime() {
    Credentials keys = session();
    return SERVICES.stream()
        .map(
            service ->
                DynamicTest.dynamicTest(
                    service.name(),
                    () -> {
                      try {
                        CLOCK.set(start.plus(Duration.ofHours(1)).minusSeconds(1));
                        served(service, draft(service).signed(pen(keys, service.name())));
                        CLOCK.set(start.plus(Duration.ofHours(1)));
                        refused(
                            service,
                            "ExpiredToken",
                            draft(service).signed(pen(keys, service.name())));
                      } finally {
                        CLOCK.set(start);
                      }
                    }));
  }

  @Test
  void aKeyServesWhileItIsActiveAndNoLonger() {
    Harbor.User user = harbor.user("keyed");
    harbor.policy(
        user,
        dev.holdfast.kit.Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"""));
    String change = "{\"UserName\":\"keyed\",\"AccessKeyId\":\"%s\"%s}";
    String id = user.credentials().accessKeyId();
    var steps = new ArrayList<String>();
    for (String status : List.of("Inactive", "Active")) {
      JsonObject _ =
          harbor.admin(
              "iam:UpdateAccessKey", change.formatted(id, ",\"Status\":\"" + status + "\""));
      for (Service service : SERVICES) {
        Draft draft = draft(service).signed(pen(user.credentials(), service.name()));
        if (status.equals("Active")) {
          served(service, draft);
        } else {
          refused(service, SignatureMatrix.UNKNOWN, draft);
        }
      }
      steps.add(status);
    }
    JsonObject _ = harbor.admin("iam:DeleteAccessKey", change.formatted(id, ""));
    for (Service service : SERVICES) {
      refused(
          service,
          SignatureMatrix.UNKNOWN,
          draft(service).signed(pen(user.credentials(), service.name())));
    }
    assertThat(steps).hasSize(2);
  }
}
