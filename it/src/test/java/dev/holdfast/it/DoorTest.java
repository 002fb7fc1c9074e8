// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.aws.sigv4.SignedRequest.Header;
import dev.holdfast.service.UnsignedOperation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing reaches an operation past the door, and what the door refuses it refuses by name. */
class DoorTest {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);
  private static final String IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15";

  private static Harbor harbor;
  private static Raw raw;

  @BeforeAll
  static void open() throws IOException {
    harbor = Harbor.open();
    raw = new Raw(harbor.platform().url());
  }

  @AfterAll
  static void close() throws IOException {
    harbor.close();
  }

  private static Raw.As as(String service) {
    return new Raw.As(harbor.home().administrator(), "us-east-1", service);
  }

  private static Raw.Answer unsigned(OperationModel<?, ?> model) {
    return model.service().protocol() == Protocol.JSON
        ? raw.send("POST", "/", List.of(target(model)), NOTHING)
        : raw.send("POST", "/", List.of(), form(model));
  }

  private static Header target(OperationModel<?, ?> model) {
    return new Header("X-Amz-Target", model.service().targetPrefix() + "." + model.name());
  }

  private static byte[] form(OperationModel<?, ?> model) {
    return ("Action=" + model.name() + "&Version=" + model.service().apiVersion())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Raw.Answer signed(OperationModel<?, ?> model, Raw.As as) {
    return model.service().protocol() == Protocol.JSON
        ? raw.json(as, target(model).value(), NOTHING)
        : raw.form(as, new String(form(model), StandardCharsets.UTF_8));
  }

  private static void refused(OperationModel<?, ?> model, Raw.Answer answer, String code) {
    boolean json = model.service().protocol() == Protocol.JSON;
    String spelled =
        json ? "\"__type\":\"%s\"".formatted(jsonCode(code)) : "<Code>%s</Code>".formatted(code);
    assertThat(answer.text()).contains(spelled);
    assertThat(answer.status()).isEqualTo(json || code.equals("IncompleteSignature") ? 400 : 403);
  }

  private static String jsonCode(String query) {
    return switch (query) {
      case "InvalidClientTokenId" -> "UnrecognizedClientException";
      case "SignatureDoesNotMatch" -> "InvalidSignatureException";
      default -> query + "Exception";
    };
  }

  private static Stream<DynamicTest> each(java.util.function.Consumer<OperationModel<?, ?>> body) {
    return harbor.operations().stream()
        .filter(o -> !(o instanceof UnsignedOperation)) // WebIdentityDoorTest
        .map(o -> DynamicTest.dynamicTest(o.model().toString(), () -> body.accept(o.model())));
  }

  @TestFactory
  Stream<DynamicTest> unsignedIsRefused() {
    return each(model -> refused(model, unsigned(model), "MissingAuthenticationToken"));
  }

  @TestFactory
  Stream<DynamicTest> aScopeOfAnotherServiceIsRefused() {
    return each(model -> refused(model, signed(model, as("s3")), "SignatureDoesNotMatch"));
  }

  @TestFactory
  Stream<DynamicTest> aWrongSecretIsRefused() {
    var wrong = new Credentials(harbor.home().administrator().accessKeyId(), "w".repeat(40), null);
    return each(
        model ->
            refused(
                model,
                signed(model, new Raw.As(wrong, "us-east-1", model.service().signingName())),
                "SignatureDoesNotMatch"));
  }

  @TestFactory
  Stream<DynamicTest> anUnknownKeyIsRefused() {
    var nobody = new Credentials("AKIA" + "Z".repeat(16), "w".repeat(40), null);
    return each(
        model ->
            refused(
                model,
                signed(model, new Raw.As(nobody, "us-east-1", model.service().signingName())),
                "InvalidClientTokenId"));
  }

  @Test
  void onlyWhatIssuersPublishIsServedUnsigned() {
    // IssuerDoorTest holds what is there, and that nothing else is.
    assertThat(harbor.platform().publishedRoutes()).containsExactly("/_holdfast/issuers/");
  }

  @TestFactory
  Stream<DynamicTest> aRouteServesNobodyUnsigned() {
    assertThat(harbor.platform().routes()).isNotEmpty();
    return harbor.platform().routes().stream()
        .flatMap(
            prefix ->
                Stream.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH")
                    .flatMap(
                        method ->
                            Stream.of("", "/", "/ws", "/a/manifests/b", "/_catalog")
                                .map(rest -> List.of(method, prefix + rest))))
        .map(
            request ->
                DynamicTest.dynamicTest(
                    String.join(" ", request),
                    () ->
                        assertThat(
                                raw.send(request.get(0), request.get(1), List.of(), new byte[0])
                                    .status())
                            .isBetween(400, 499)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic QVdTOnRva2Vu", "Bearer abc", "AWS4-HMAC-SHA256 Credential=x"})
  void otherAuthorizationIsRefused(String authorization) {
    Raw.Answer answer =
        raw.send(
            "POST",
            "/",
            List.of(new Header("Authorization", authorization)),
            IDENTITY.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isBetween(400, 403);
    assertThat(answer.text()).doesNotContain("<Arn>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "us east", "US-EAST-1", "a/b"})
  void aScopeWithoutAValidRegionIsRefused(String region) {
    Raw.Answer answer =
        raw.form(new Raw.As(harbor.home().administrator(), region, "sts"), IDENTITY);
    assertThat(answer.status()).isBetween(400, 403);
  }

  @Test
  void presignedCallerIdentityIsServed() {
    Instant now = InstantSource.system().instant();
    Raw.Answer answer = raw.send("GET", raw.presigned(as("sts"), now), List.of(), new byte[0]);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text()).contains("arn:aws:iam::" + harbor.account() + ":user/administrator");
  }

  @Test
  void presignedIsRefusedWhenLateOrChanged() {
    Instant now = InstantSource.system().instant();
    String late = raw.presigned(as("sts"), now.minus(Duration.ofMinutes(10)));
    Raw.Answer expired = raw.send("GET", late, List.of(), new byte[0]);
    assertThat(expired.status()).isEqualTo(403);
    assertThat(expired.text()).contains("SignatureDoesNotMatch", "expired");
    String changed = raw.presigned(as("sts"), now).replace("GetCallerIdentity", "GetSessionToken");
    assertThat(raw.send("GET", changed, List.of(), new byte[0]).text())
        .contains("SignatureDoesNotMatch");
  }

  @Test
  void aBodyOverTwoMebibytesIsTooLarge() {
    byte[] large = new byte[2 * 1024 * 1024 + 1];
    java.util.Arrays.fill(large, (byte) ' ');
    Raw.Answer json = raw.json(as("ssm"), "AmazonSSM.GetParameter", large);
    assertThat(json.status()).isEqualTo(413);
    assertThat(json.text()).contains("RequestEntityTooLargeException");
    Raw.Answer form = raw.form(as("sts"), IDENTITY + "&X=" + "y".repeat(2 * 1024 * 1024));
    assertThat(form.status()).isEqualTo(413);
    assertThat(form.text()).contains("<Code>RequestEntityTooLarge</Code>");
  }

  @Test
  void aBodyOfTwoMebibytesIsRead() {
    byte[] full = new byte[2 * 1024 * 1024];
    java.util.Arrays.fill(full, (byte) ' ');
    full[0] = '{';
    full[full.length - 1] = '}';
    assertThat(raw.json(as("ssm"), "AmazonSSM.DescribeParameters", full).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "\"x\"",
        "{\"Name\":1}",
        "{\"Name\":\"/a\",\"Name\":\"/b\"}",
        "{\"Name\":}",
        "{} {}",
        "{\"Name\":[\"x\"]}",
        "\u0000",
        "nul"
      })
  void malformedJsonIsSaidToBe(String body) {
    Raw.Answer answer =
        raw.json(as("ssm"), "AmazonSSM.GetParameter", body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("SerializationException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%zz", "%C3%28", "Action=GetUser&UserName=%", "Action=%00"})
  void malformedFormsAreRefused(String body) {
    Raw.Answer answer = raw.form(as("iam"), body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MaxItems=x", "MaxItems=", "MaxItems=99999999999999999999"})
  void aNumberInAFormMustBeOne(String member) {
    Raw.Answer answer = raw.form(as("iam"), "Action=ListUsers&Version=2010-05-08&" + member);
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "ssm, AmazonSSM, SendCommand",
    "kms, TrentService, Sign",
    "ecr, AmazonEC2ContainerRegistry_V20150921, PutImage"
  })
  void anOperationNotServedYetIsNamedAndCounted(String service, String prefix, String name) {
    Raw.Answer answer = raw.json(as(service), prefix + "." + name, NOTHING);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("UnknownOperationException", service + ":" + name);
    assertThat(harbor.platform().catalog().missed()).containsEntry(service + ":" + name, 1L);
  }

  @Test
  void aQueryActionNotServedYetIsNamedAndCounted() {
    Raw.Answer answer = raw.form(as("iam"), "Action=CreateSAMLProvider&Version=2010-05-08&Name=x");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("<Code>InvalidAction</Code>", "iam:CreateSAMLProvider");
    assertThat(harbor.platform().catalog().missed()).containsEntry("iam:CreateSAMLProvider", 1L);
  }

  @Test
  void anOperationThatAwsDoesNotHaveIsNotCounted() {
    Raw.Answer json = raw.json(as("ssm"), "AmazonSSM.Sail", NOTHING);
    assertThat(json.status()).isEqualTo(400);
    assertThat(json.text()).contains("UnknownOperationException", "Sail");
    Raw.Answer form = raw.form(as("iam"), "Action=Sail&Version=2010-05-08");
    assertThat(form.status()).isEqualTo(400);
    assertThat(form.text()).contains("<Code>InvalidAction</Code>", "Sail");
    assertThat(harbor.platform().catalog().missed()).doesNotContainKeys("ssm:Sail", "iam:Sail");
  }

  @Test
  void anUnknownServiceIsAuthenticatedAndThenRefused() {
    assertThat(
            raw.send(
                    "POST",
                    "/",
                    List.of(new Header("X-Amz-Target", "DynamoDB_20120810.ListTables")),
                    NOTHING)
                .text())
        .contains("MissingAuthenticationTokenException");
    Raw.Answer answer = raw.json(as("dynamodb"), "DynamoDB_20120810.ListTables", NOTHING);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("UnknownOperationException", "ListTables");
  }

  @Test
  void aTargetAndAScopeOfDifferentServicesAreRefused() {
    Raw.Answer answer = raw.json(as("sts"), "AmazonSSM.DescribeParameters", NOTHING);
    assertThat(answer.text()).contains("InvalidSignatureException");
    assertThat(raw.form(as("ssm"), IDENTITY).status()).isBetween(400, 403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bucket", "/v1/clusters", "/_holdfast", "/_holdfast/health/x", "//"})
  void otherPathsServeNothing(String path) {
    Raw.Answer answer = raw.send("GET", path, List.of(), new byte[0]);
    assertThat(answer.status()).isBetween(400, 499);
  }

  @Test
  void healthAnswersLocalPrograms() {
    Raw.Answer answer = raw.send("GET", "/_holdfast/health", List.of(), new byte[0]);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(raw.send("HEAD", "/_holdfast/health", List.of(), new byte[0]).status())
        .isEqualTo(200);
    assertThat(raw.send("POST", "/_holdfast/health", List.of(), new byte[0]).status())
        .isEqualTo(405);
  }

  @Test
  void healthRefusesWebPages() {
    for (Header header :
        List.of(
            new Header("Origin", "https://evil.example"),
            new Header("Sec-Fetch-Site", "cross-site"))) {
      assertThat(raw.send("GET", "/_holdfast/health", List.of(header), new byte[0]).status())
          .isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:4566", "127.0.0.1.evil.example", "127.0.0.1"})
  void healthRefusesForeignHosts(String host) {
    Raw.Answer answer =
        raw.text(
            "GET /_holdfast/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    assertThat(answer.status()).isEqualTo(403);
  }
}
