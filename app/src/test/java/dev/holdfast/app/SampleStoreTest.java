// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.app.backup.Vault;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecr.DescribeImagesRequest;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.DescribeTaskDefinitionRequest;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.iam.ListAccessKeysRequest;
import dev.holdfast.aws.iam.ListUsersRequest;
import dev.holdfast.aws.logs.LogsModel;
import dev.holdfast.aws.secretsmanager.SecretsManagerModel;
import dev.holdfast.aws.ssm.GetParameterRequest;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.service.Finding;
import dev.holdfast.store.StoreUnavailable;
import dev.holdfast.store.rocksdb.RocksStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Data directories that earlier formats left; {@code test/sample-store.sh} made them. */
final class SampleStoreTest {
  @TempDir private Path temp = Path.of("");

  private Path unpacked(int format) throws IOException {
    return Samples.store(format, temp.resolve("data"));
  }

  private static Installation installation(Path dir, SecureRandom random) throws IOException {
    return Installation.open(dir, null, dir.resolve("root.key"), random);
  }

  /** Every format before that of a store that is made now: each was in somebody's hands. */
  static IntStream earlier() throws IOException, RocksDBException {
    Path fresh = Files.createTempDirectory("holdfast-fresh");
    try {
      RocksStore.open(fresh).close();
      return IntStream.range(1, format(fresh)[0]);
    } finally {
      Vault.removeTree(fresh);
    }
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void everyRowOfEachFormatReads(int format) throws IOException {
    Path dir = unpacked(format);
    var random = new SecureRandom();
    try (Foundation foundation =
        Foundation.open(dir, installation(dir, random), random, InstantSource.system(), _ -> {})) {
      var blobs = FileBlobStore.open(dir.resolve("blobs"));
      var checks = new Checks(foundation.keyring(), blobs, random, InstantSource.system());
      Checks.Result result = checks.run(foundation.store());
      assertThat(result.rows()).isGreaterThan(40);
      assertThat(result.findings().stream().filter(Finding::isDamage)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void everyFormatIsServed(int format) throws Exception {
    Path dir = unpacked(format);
    var random = new SecureRandom();
    Installation installation = installation(dir, random);
    InstantSource clock = Samples.clock();
    try (Foundation foundation = Foundation.open(dir, installation, random, clock, _ -> {})) {
      installation.confirm(foundation.state());
      var settings = new Platform.Settings(dir, InetAddress.getLoopbackAddress(), 0);
      try (Platform platform = Platform.start(foundation, installation, settings);
          HttpClient http = HttpClient.newHttpClient()) {
        var session = platform.iam().accounts().operator(installation.account());
        var aws =
            new AwsClient(
                http,
                URI.create(platform.endpoint().url()),
                "us-east-1",
                session::credentials,
                clock);
        read(aws);
        if (format >= 3) {
          readWhatFormat3Brought(aws);
        }
        if (format >= 5) {
          assertThat(value(aws, "/shop/own-key:first")).isEqualTo("one");
        }
        assertThat(platform.trail().verify().ok()).isTrue();
      }
    }
  }

  private static void read(AwsClient aws) throws IOException, InterruptedException {
    assertThat(value(aws, "/shop/greeting")).isEqualTo("hello");
    assertThat(value(aws, "/shop/prod/db-password")).isEqualTo("sample-password");
    assertThat(value(aws, "/shop/own-key")).isEqualTo("two");
    assertThat(value(aws, "/shop/own-key:1")).isEqualTo("one");
    assertThat(
            aws.call(IamModel.LIST_USERS, ListUsersRequest.builder().build()).users().stream()
                .map(user -> user.userName()))
        .containsExactly("ann", "bob");
    assertThat(keyStatus(aws, "ann")).containsExactly("Active");
    assertThat(keyStatus(aws, "bob")).containsExactly("Inactive");
    assertThat(
            aws.call(
                    EcrModel.DESCRIBE_IMAGES,
                    DescribeImagesRequest.builder().repositoryName("shop/web").build())
                .imageDetails()
                .getFirst()
                .imageTags())
        .containsExactly("1");
    assertThat(
            Objects.requireNonNull(
                    aws.call(
                            EcsModel.DESCRIBE_TASK_DEFINITION,
                            DescribeTaskDefinitionRequest.builder().taskDefinition("web:1").build())
                        .taskDefinition())
                .containerDefinitions())
        .hasSize(1);
  }

  private static void readWhatFormat3Brought(AwsClient aws) throws Exception {
    answers(aws, IamModel.GET_USER, "{\"UserName\":\"ann\"}", ":policy/readers\"");
    answers(
        aws,
        IamModel.GET_INSTANCE_PROFILE,
        "{\"InstanceProfileName\":\"shop\"}",
        "\"RoleName\":\"shop\"");
    answers(aws, IamModel.LIST_ACCOUNT_ALIASES, "{}", "sample-account");
    answers(aws, IamModel.GET_ACCOUNT_PASSWORD_POLICY, "{}", "\"MinimumPasswordLength\":20");
    String secret = "{\"SecretId\":\"shop/token\"";
    answers(
        aws,
        SecretsManagerModel.GET_SECRET_VALUE,
        secret + "}",
        "\"SecretString\":\"two\"",
        "AWSCURRENT");
    answers(
        aws,
        SecretsManagerModel.GET_SECRET_VALUE,
        secret + ",\"VersionStage\":\"AWSPREVIOUS\"}",
        "\"SecretString\":\"one\"");
    answers(
        aws,
        LogsModel.DESCRIBE_LOG_GROUPS,
        "{}",
        "\"logGroupName\":\"/shop/web\"",
        "\"retentionInDays\":7");
    answers(
        aws,
        LogsModel.GET_LOG_EVENTS,
        "{\"logGroupName\":\"/shop/web\",\"logStreamName\":\"one\"}",
        "\"message\":\"a line of the sample\"");
    answers(
        aws,
        EcsModel.DESCRIBE_SERVICES,
        "{\"cluster\":\"shop\",\"services\":[\"web\"]}",
        "\"status\":\"ACTIVE\"",
        "\"desiredCount\":0",
        ":task-definition/served:1\"");
    answers(
        aws,
        EcrModel.GET_LIFECYCLE_POLICY,
        "{\"repositoryName\":\"shop/web\"}",
        "imageCountMoreThan");
  }

  /** Calls an operation; its answer, as JSON, says what it is to say. */
  private static <I extends Shape, O extends Shape> void answers(
      AwsClient aws, OperationModel<I, O> model, String in, String... said) throws Exception {
    O out = aws.call(model, model.inputOf(JsonCodec.read(model.input(), in.getBytes(UTF_8))));
    assertThat(new String(JsonCodec.bytes(out), UTF_8)).as(model.name()).contains(said);
  }

  private static String value(AwsClient aws, String name) throws IOException, InterruptedException {
    return String.valueOf(
        Objects.requireNonNull(
                aws.call(
                        SsmModel.GET_PARAMETER,
                        GetParameterRequest.builder().name(name).withDecryption(true).build())
                    .parameter())
            .value());
  }

  private static List<String> keyStatus(AwsClient aws, String user)
      throws IOException, InterruptedException {
    return aws
        .call(IamModel.LIST_ACCESS_KEYS, ListAccessKeysRequest.builder().userName(user).build())
        .accessKeyMetadata()
        .stream()
        .map(key -> String.valueOf(key.status()))
        .toList();
  }

  @Test
  void refusesANewerFormatAndNamesBothVersions() throws Exception {
    Path dir = unpacked(1);
    RocksStore.open(dir.resolve("state")).close();
    mark(dir.resolve("state"), (byte) 99);
    var random = new SecureRandom();
    Installation installation = installation(dir, random);
    Map<String, String> before = Samples.everything(dir);
    assertThatThrownBy(
            () -> Foundation.open(dir, installation, random, InstantSource.system(), _ -> {}))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("has format 99")
        .hasMessageContaining("knows formats up to 7");
    assertThat(Samples.everything(dir)).as("names, modes, bytes").isEqualTo(before).isNotEmpty();
  }

  @Test
  void raisesAnOlderFormatSoThatOlderVersionsRefuseIt() throws Exception {
    Path dir = unpacked(1);
    assertThat(format(dir.resolve("state"))).isEqualTo(new byte[] {1});
    RocksStore.open(dir.resolve("state")).close();
    assertThat(format(dir.resolve("state"))).isEqualTo(new byte[] {7});
  }

  private static final byte[] FORMAT_KEY = {0, 'f'};

  private static void mark(Path state, byte format) throws RocksDBException {
    RocksDB.loadLibrary();
    try (var options = new Options();
        RocksDB db = RocksDB.open(options, state.toString())) {
      db.put(FORMAT_KEY, new byte[] {format});
    }
  }

  private static byte[] format(Path state) throws RocksDBException {
    RocksDB.loadLibrary();
    try (var options = new Options();
        RocksDB db = RocksDB.openReadOnly(options, state.toString())) {
      return db.get(FORMAT_KEY);
    }
  }
}
