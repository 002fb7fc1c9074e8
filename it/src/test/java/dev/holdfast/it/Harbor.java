// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import dev.holdfast.app.TestPlatform;
import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.service.Access;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Call;
import dev.holdfast.service.CallRecord;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Origin;
import dev.holdfast.service.Principal;
import dev.holdfast.service.RequestId;
import dev.holdfast.store.Tx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A platform with two accounts, and clients that call it over HTTP as somebody. */
final class Harbor implements AutoCloseable {
  static final Region REGION = new Region("us-east-1");

  private final TestPlatform platform;
  private final HttpClient http = HttpClient.newHttpClient();
  private final TestPlatform.Account home;
  private final TestPlatform.Account foreign;

  private Harbor(TestPlatform platform) {
    this.platform = platform;
    this.home = platform.account();
    this.foreign = platform.account();
  }

  static Harbor open() throws IOException {
    return new Harbor(TestPlatform.start());
  }

  static Harbor over(TestPlatform platform) {
    return new Harbor(platform);
  }

  /** A user of the home account, with its own key. */
  record User(String name, String id, Arn arn, Credentials credentials) {}

  TestPlatform platform() {
    return platform;
  }

  /** The account that owns everything. */
  TestPlatform.Account home() {
    return home;
  }

  /** Another account, whose administrator may do everything there. */
  TestPlatform.Account foreign() {
    return foreign;
  }

  AccountId account() {
    return home.id();
  }

  /** Every operation served, by name. */
  List<Operation<?, ?>> operations() {
    return platform.catalog().operations().stream()
        .sorted(Comparator.comparing(o -> o.model().toString()))
        .toList();
  }

  Optional<Operation<?, ?>> operation(String name) {
    return operations().stream().filter(o -> o.model().toString().equals(name)).findFirst();
  }

  AwsClient client(Credentials credentials, String region) {
    return new AwsClient(http, platform.url(), region, () -> credentials, InstantSource.system());
  }

  /** The home administrator calls; the answer as JSON. */
  JsonObject admin(String operation, String json) {
    return call(home.administrator(), REGION.name(), operation, json);
  }

  JsonObject call(Credentials credentials, String region, String operation, String json) {
    return call(credentials, region, operation, json, InstantSource.system());
  }

  /** A call whose signature is of another clock. */
  JsonObject call(
      Credentials credentials, String region, String operation, String json, InstantSource clock) {
    Operation<?, ?> served =
        operation(operation).orElseThrow(() -> new AssertionError(operation + " is not served"));
    var client = new AwsClient(http, platform.url(), region, () -> credentials, clock);
    return send(client, served.model(), Json.parseObject(json));
  }

  /** What a call ends with: nothing where it succeeds. */
  Optional<ApiError> attempt(Credentials credentials, Operation<?, ?> operation, JsonObject in) {
    try {
      send(client(credentials, REGION.name()), operation.model(), in);
      return Optional.empty();
    } catch (ApiError e) {
      return Optional.of(e);
    }
  }

  private static <I extends Shape, O extends Shape> JsonObject send(
      AwsClient client, OperationModel<I, O> model, JsonObject in) {
    try {
      O out = client.call(model, model.inputOf(shape(model, in)));
      return Json.parseObject(JsonCodec.bytes(out));
    } catch (IOException e) {
      throw new AssertionError(model + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Shape shape(OperationModel<?, ?> model, JsonObject in) {
    return JsonCodec.read(model.input(), Json.bytes(in));
  }

  /** What a call by a user of the home account demands. */
  Access access(Operation<?, ?> operation, JsonObject in, User user) {
    return demanded(operation, in, user);
  }

  private <I extends Shape, O extends Shape> Access demanded(
      Operation<I, O> operation, JsonObject in, User user) {
    OperationModel<I, O> model = operation.model();
    var identity =
        new Principal.Identity(Principal.Kind.USER, account(), user.id(), user.name(), user.arn());
    var call =
        new Call(
            new RequestId("00000000-0000-4000-8000-000000000000"),
            new Principal(identity, user.credentials().accessKeyId(), Map.of(), null),
            model.service().name().equals("iam") ? Region.GLOBAL : REGION,
            InstantSource.system().instant(),
            new Origin("127.0.0.1", "test", true),
            List.of(),
            new CallRecord(
                new Silent(), "event", model.service().name() + ".amazonaws.com", model.name()));
    return operation.access(call, model.inputOf(shape(model, in)));
  }

  /** Keeps nothing: these calls are only asked what they would demand. */
  private static final class Silent implements AuditLog {
    @Override
    public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {}

    @Override
    public void append(AccountId account, Region region, AuditEvent event) {}
  }

  /** Makes a user of the home account without any permission. */
  User user(String name) {
    JsonObject user = admin("iam:CreateUser", "{\"UserName\":\"" + name + "\"}").object("User");
    JsonObject key =
        admin("iam:CreateAccessKey", "{\"UserName\":\"" + name + "\"}").object("AccessKey");
    return new User(
        name,
        text(user, "UserId"),
        Arn.parse(text(user, "Arn")).orElseThrow(),
        new Credentials(text(key, "AccessKeyId"), text(key, "SecretAccessKey"), null));
  }

  /** Gives a user this one policy in place of the one before. */
  void policy(User user, JsonObject document) {
    JsonObject in =
        JsonObject.EMPTY
            .with("UserName", user.name())
            .with("PolicyName", "only")
            .with("PolicyDocument", new String(Json.bytes(document), StandardCharsets.UTF_8));
    JsonObject _ = admin("iam:PutUserPolicy", Json.text(in));
  }

  static String text(JsonObject json, String member) {
    String value = json.string(member);
    if (value == null) {
      throw new AssertionError(member + " is missing");
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    http.close();
    platform.close();
  }
}
