// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** AWS's own way for machines: an activation, a key, a role's credentials, a container instance. */
@Timeout(120)
class MachinesTest {
  private static final String AGENT =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":["ecs:DiscoverPollEndpoint","ecs:RegisterContainerInstance","ssm:UpdateInstanceInformation","sts:GetCallerIdentity"]}]}""";

  private static final String INSTANCE =
      """
      {"cluster":"far","totalResources":[{"name":"CPU","type":"INTEGER","integerValue":1024},
       {"name":"MEMORY","type":"INTEGER","integerValue":1024}],
       "versionInfo":{"agentVersion":"1.0.0"}}""";

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());
  private final HttpClient http = HttpClient.newHttpClient();
  private TestPlatform platform;
  private Harbor harbor;

  @SuppressWarnings("NullAway.Init")
  MachinesTest() {}

  @BeforeEach
  void open() throws Exception {
    platform = TestPlatform.start(clock);
    harbor = Harbor.over(platform);
    role("edge", MachineCargo.TRUST);
  }

  @AfterEach
  void close() throws Exception {
    http.shutdownNow();
    harbor.close();
  }

  private void role(String name, String trust) {
    JsonObject in = JsonObject.EMPTY.with("RoleName", name).with("AssumeRolePolicyDocument", trust);
    JsonObject _ = admin("iam:CreateRole", Json.text(in));
    JsonObject policy =
        JsonObject.EMPTY
            .with("RoleName", name)
            .with("PolicyName", "agent")
            .with("PolicyDocument", AGENT);
    JsonObject _ = admin("iam:PutRolePolicy", Json.text(policy));
  }

  private JsonObject admin(String operation, String json) {
    return call(harbor.home().administrator(), operation, json);
  }

  /** As Harbor's, by this test's clock. */
  private JsonObject call(Credentials as, String operation, String json) {
    return harbor.call(as, Harbor.REGION.name(), operation, json, clock);
  }

  private JsonObject activation(String more) {
    return admin("ssm:CreateActivation", "{\"IamRole\":\"edge\"" + more + "}");
  }

  private StandInMachine machine() throws Exception {
    return new StandInMachine(http, platform.url(), clock);
  }

  private static StandInMachine.Answer register(StandInMachine machine, JsonObject activation)
      throws Exception {
    return machine.register(
        Harbor.text(activation, "ActivationId"), Harbor.text(activation, "ActivationCode"));
  }

  private StandInMachine registered() throws Exception {
    StandInMachine machine = machine();
    assertThat(register(machine, activation("")).status()).isEqualTo(200);
    return machine;
  }

  private JsonObject described() {
    JsonArray all =
        admin("ssm:DescribeInstanceInformation", "{}").get("InstanceInformationList")
                instanceof JsonArray list
            ? list
            : new JsonArray(List.of());
    assertThat(all.items()).hasSize(1);
    return (JsonObject) all.items().getFirst();
  }

  @Test
  void aMachineBecomesAnExternalInstance() throws Exception {
    StandInMachine machine = machine();
    JsonObject made =
        activation(
            ",\"DefaultInstanceName\":\"north\",\"Tags\":[{\"Key\":\"site\",\"Value\":\"n\"}]");
    assertThat(register(machine, made).status()).isEqualTo(200);
    assertThat(machine.id()).matches("mi-[0-9a-f]{17}");
    assertThat(described().string("PingStatus")).isEqualTo("Inactive");
    StandInMachine.Answer token = machine.token();
    assertThat(token.status()).as(Json.text(token.body())).isEqualTo(200);
    assertThat(StandInMachine.ends(token))
        .isBetween(clock.instant().plusSeconds(3500), clock.instant().plusSeconds(3601));
    Credentials keys = StandInMachine.credentials(token);
    assertThat(Harbor.text(call(keys, "sts:GetCallerIdentity", "{}"), "Arn"))
        .isEqualTo("arn:aws:sts::" + harbor.account() + ":assumed-role/edge/" + machine.id());
    JsonObject _ = admin("ecs:CreateCluster", "{\"clusterName\":\"far\"}");
    JsonObject instance = call(keys, "ecs:RegisterContainerInstance", INSTANCE);
    assertThat(Harbor.text(instance.object("containerInstance"), "containerInstanceArn"))
        .contains("/far/");
    assertThat(Json.text(platform.hosts()))
        .contains("\"name\":\"north\"", machine.id(), "\"clusters\":[\"far\"]");
    JsonObject shown = described();
    assertThat(shown.string("PingStatus")).isEqualTo("Online");
    assertThat(shown.string("Name")).isEqualTo("north");
    assertThat(shown.string("IamRole")).isEqualTo("edge");
    assertThat(shown.string("ActivationId")).isEqualTo(made.string("ActivationId"));
    assertThat(
            Json.text(
                admin(
                    "ssm:DescribeInstanceInformation",
                    "{\"Filters\":[{\"Key\":\"tag:site\",\"Values\":[\"n\"]}]}")))
        .contains(machine.id());
    assertThat(
            Json.text(
                admin(
                    "ssm:DescribeInstanceInformation",
                    "{\"Filters\":[{\"Key\":\"tag:site\",\"Values\":[\"s\"]}]}")))
        .doesNotContain(machine.id());
  }

  @Test
  void aCodeIsGoodForItsOwnActivationAsOftenAsItSays() throws Exception {
    JsonObject two = activation(",\"RegistrationLimit\":2");
    JsonObject other = activation("");
    StandInMachine stranger = machine();
    assertThat(
            stranger
                .register(Harbor.text(two, "ActivationId"), Harbor.text(other, "ActivationCode"))
                .code())
        .isEqualTo("InvalidActivation");
    assertThat(
            stranger
                .register(
                    "00000000-0000-4000-8000-000000000000", Harbor.text(two, "ActivationCode"))
                .code())
        .isEqualTo("InvalidActivation");
    assertThat(register(machine(), two).status()).isEqualTo(200);
    StandInMachine second = machine();
    assertThat(register(second, two).status()).isEqualTo(200);
    assertThat(register(machine(), two).code()).isEqualTo("RegistrationLimitExceeded");
    assertThat(register(second, other).code()).isEqualTo("InstanceAlreadyRegistered");
    JsonObject _ =
        admin(
            "ssm:DeleteActivation",
            "{\"ActivationId\":\"%s\"}".formatted(other.string("ActivationId")));
    assertThat(register(machine(), other).code()).isEqualTo("InvalidActivation");
    assertThat(platform.alarms()).anyMatch(alarm -> alarm.contains("registering as a machine"));
    String listed = Json.text(admin("ssm:DescribeActivations", "{}"));
    assertThat(listed)
        .contains("\"RegistrationsCount\":2", "\"RegistrationLimit\":2")
        .doesNotContain("ActivationCode", Harbor.text(two, "ActivationCode"));
  }

  @Test
  void anActivationEndsAtItsTime() throws Exception {
    JsonObject made = activation("");
    ahead.set(Duration.ofHours(25));
    assertThat(register(machine(), made).code()).isEqualTo("ActivationExpired");
    assertThat(Json.text(admin("ssm:DescribeActivations", "{}"))).contains("\"Expired\":true");
    String late =
        ",\"ExpirationDate\":" + clock.instant().plus(Duration.ofDays(31)).getEpochSecond();
    String past = ",\"ExpirationDate\":" + clock.instant().minusSeconds(1).getEpochSecond();
    String good =
        ",\"ExpirationDate\":" + clock.instant().plus(Duration.ofDays(29)).getEpochSecond();
    assertThatThrownBy(() -> activation(late)).isInstanceOf(ApiError.class);
    assertThatThrownBy(() -> activation(past)).isInstanceOf(ApiError.class);
    assertThat(register(machine(), activation(good)).status()).isEqualTo(200);
  }

  @Test
  void onlyARoleThatTrustsSystemsManagerIsHandedOut() {
    role("other", MachineCargo.TRUST.replace("ssm.amazonaws.com", "ecs-tasks.amazonaws.com"));
    assertThatThrownBy(() -> admin("ssm:CreateActivation", "{\"IamRole\":\"other\"}"))
        .hasMessage(
            "Nonexistent role or missing ssm service principal in trust policy: arn:aws:iam::"
                + harbor.account()
                + ":role/other");
    assertThatThrownBy(() -> admin("ssm:CreateActivation", "{\"IamRole\":\"nobody\"}"))
        .hasMessageContaining("Nonexistent role");
    Harbor.User clerk = harbor.user("clerk");
    harbor.policy(
        clerk,
        Json.parseObject(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":"ssm:CreateActivation"}]}"""));
    assertThatThrownBy(
            () -> call(clerk.credentials(), "ssm:CreateActivation", "{\"IamRole\":\"edge\"}"))
        .hasMessageContaining("iam:PassRole");
  }

  @Test
  void theKeyOfTheMachineAloneOpensItsRole() throws Exception {
    StandInMachine machine = registered();
    KeyPair other = StandInMachine.fresh();
    assertThat(
            machine
                .signed(
                    "RequestManagedInstanceRoleToken",
                    JsonObject.EMPTY.with("Fingerprint", "x"),
                    body -> body.with("Fingerprint", "y"))
                .code())
        .as("as for a machine that is not there: MachineStrangersTest")
        .isEqualTo("InvalidInstanceId");
    assertThat(machine.rotate(other).status()).isEqualTo(200);
    assertThat(machine.token().code()).isEqualTo("InvalidInstanceId");
    machine.holds(other);
    assertThat(machine.token().status()).isEqualTo(200);
    machine.moved();
    assertThat(machine.token().code()).isEqualTo("MachineFingerprintDoesNotMatch");
    assertThat(platform.alarms())
        .anyMatch(alarm -> alarm.contains("a signature of the machine"))
        .anyMatch(alarm -> alarm.contains("credentials of a machine"));
  }

  @Test
  void aSignatureIsOfItsTime() throws Exception {
    StandInMachine machine = registered();
    var slow = new StandInMachine(http, platform.url(), () -> clock.instant().minusSeconds(600));
    slow.takes(machine);
    assertThat(slow.token().code()).isEqualTo("InvalidSignatureException");
    assertThat(machine.token().status()).isEqualTo(200);
  }

  @Test
  void aDeregisteredMachineIsNobodyAtOnce() throws Exception {
    StandInMachine machine = registered();
    Credentials keys = StandInMachine.credentials(machine.token());
    JsonObject _ = call(keys, "sts:GetCallerIdentity", "{}");
    String in = "{\"InstanceId\":\"%s\"}".formatted(machine.id());
    assertThatThrownBy(
            () ->
                harbor.call(
                    harbor.foreign().administrator(),
                    Harbor.REGION.name(),
                    "ssm:DeregisterManagedInstance",
                    in,
                    clock))
        .hasMessageContaining("Not existing InstanceId");
    JsonObject _ = admin("ssm:DeregisterManagedInstance", in);
    assertThatThrownBy(() -> call(keys, "sts:GetCallerIdentity", "{}"))
        .isInstanceOf(ApiError.class);
    assertThat(machine.token().code()).isEqualTo("InvalidInstanceId");
    assertThatThrownBy(() -> admin("ssm:DeregisterManagedInstance", in))
        .hasMessageContaining("Not existing InstanceId");
  }

  @Test
  void anotherRoleHoldsForTheNextCredentials() throws Exception {
    StandInMachine machine = registered();
    role("edge-two", MachineCargo.TRUST);
    JsonObject _ =
        admin(
            "ssm:UpdateManagedInstanceRole",
            "{\"InstanceId\":\"%s\",\"IamRole\":\"edge-two\"}".formatted(machine.id()));
    Credentials keys = StandInMachine.credentials(machine.token());
    assertThat(Harbor.text(call(keys, "sts:GetCallerIdentity", "{}"), "Arn"))
        .contains("assumed-role/edge-two/" + machine.id());
    JsonObject _ =
        admin("iam:DeleteRolePolicy", "{\"RoleName\":\"edge-two\",\"PolicyName\":\"agent\"}");
    JsonObject _ = admin("iam:DeleteRole", "{\"RoleName\":\"edge-two\"}");
    assertThat(machine.token().code()).isEqualTo("AccessDeniedException");
  }

  @Test
  void aMachineTellsOfItselfAlone() throws Exception {
    StandInMachine machine = registered();
    StandInMachine other = registered();
    Credentials keys = StandInMachine.credentials(machine.token());
    String told =
        "{\"InstanceId\":\"%s\",\"AgentVersion\":\"3.3.0.0\",\"PlatformType\":\"Linux\",\"ComputerName\":\"north\"}";
    Raw.Answer answer = tell(keys, told.formatted(machine.id()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    String id = answer.text().replaceAll("(?is).*x-amzn-requestid: ([0-9a-f-]{36}).*", "$1");
    assertThat(
            Json.text(
                admin(
                    "cloudtrail:LookupEvents",
                    "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"UpdateInstanceInformation\"}]}")))
        .as("the id of the answer is in the audit")
        .contains(id);
    assertThat(tell(keys, told.formatted(other.id())).text()).contains("InvalidInstanceId");
    Harbor.User clerk = harbor.user("clerk");
    assertThat(tell(clerk.credentials(), told.formatted(machine.id())).text())
        .contains("AccessDeniedException", "ssm:UpdateInstanceInformation");
    String listed = Json.text(admin("ssm:DescribeInstanceInformation", "{}"));
    assertThat(listed).containsOnlyOnce("\"AgentVersion\":\"3.3.0.0\"");
  }

  @Test
  void whoeverTakesTheNameOfAMachineIsNone() throws Exception {
    StandInMachine machine = registered();
    String told = "{\"InstanceId\":\"%s\",\"AgentVersion\":\"6.6.6.6\"}".formatted(machine.id());
    String trust =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}]}"""
            .formatted(harbor.account());
    role("other", trust);
    JsonObject _ = admin("ecs:CreateCluster", "{\"clusterName\":\"far\"}");
    JsonObject assumed =
        admin(
                "sts:AssumeRole",
                Json.text(
                    JsonObject.EMPTY
                        .with("RoleArn", "arn:aws:iam::" + harbor.account() + ":role/other")
                        .with("RoleSessionName", machine.id())))
            .object("Credentials");
    var keys =
        new Credentials(
            Harbor.text(assumed, "AccessKeyId"),
            Harbor.text(assumed, "SecretAccessKey"),
            Harbor.text(assumed, "SessionToken"));
    Raw.Answer answer = tell(keys, told);
    assertThat(answer.text()).contains("InvalidInstanceId");
    JsonObject _ = call(keys, "ecs:RegisterContainerInstance", INSTANCE);
    assertThat(Json.text(platform.hosts())).contains(machine.id()).doesNotContain("\"far\"");
    assertThat(Json.text(admin("ssm:DescribeInstanceInformation", "{}"))).doesNotContain("6.6.6.6");
  }

  private Raw.Answer tell(Credentials keys, String body) {
    return new Raw(platform.url())
        .json(
            new Raw.As(keys, Harbor.REGION.name(), "ssm"),
            "AmazonSSM.UpdateInstanceInformation",
            body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nothingElseIsAnsweredWithoutASignature() throws Exception {
    StandInMachine machine = registered();
    assertThat(
            machine
                .send(
                    "RequestManagedInstanceRoleToken",
                    JsonObject.EMPTY.with("Fingerprint", "x"),
                    Map.of())
                .code())
        .isEqualTo("MissingAuthenticationTokenException");
    assertThat(machine.signed("DescribeActivations", JsonObject.EMPTY).code())
        .isEqualTo("IncompleteSignatureException");
    assertThat(machine.signed("RegisterManagedInstance", machine.claim("x", "y")).code())
        .isEqualTo("ValidationException");
  }
}
