// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.app.rules.Ground;
import dev.holdfast.app.rules.ShrinkDesk;
import dev.holdfast.app.tls.OutwardDoors;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.gateway.Catalog;
import dev.holdfast.iam.control.Sessions;
import dev.holdfast.iam.model.SessionDocument;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Secret;
import dev.holdfast.service.Call;
import dev.holdfast.service.GuardrailException;
import dev.holdfast.service.Profile;
import dev.holdfast.service.Route;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.memory.MemoryStore;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.store.seal.KeyringFile;
import dev.holdfast.store.seal.SealedStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The assembled platform over a store in memory, listening on a free port of loopback. */
public final class TestPlatform implements AutoCloseable {
  private final Path dir;
  private final Foundation foundation;
  private final Platform platform;

  private TestPlatform(Path dir, Foundation foundation, Platform platform) {
    this.dir = dir;
    this.foundation = foundation;
    this.platform = platform;
  }

  /** An account and its administrator. */
  public record Account(AccountId id, Credentials administrator) {}

  public static TestPlatform start() throws IOException {
    return start(InstantSource.system());
  }

  /** A platform with a clock of its own. */
  public static TestPlatform start(InstantSource clock) throws IOException {
    return start(clock, new OutwardDoors.Wanted(List.of(), List.of()));
  }

  /** A platform that calls identity providers at these addresses. */
  public static TestPlatform calling(Map<String, InetSocketAddress> issuers) throws IOException {
    return start(InstantSource.system(), new OutwardDoors.Wanted(List.of(), List.of(), issuers));
  }

  /** A platform that speaks TLS beside. */
  static TestPlatform start(InstantSource clock, OutwardDoors.Wanted outward) throws IOException {
    Path dir = Files.createTempDirectory("holdfast-it");
    var random = new SecureRandom();
    Installation installation = Installation.open(dir, Profile.DEV, null, random);
    Keyring keyring;
    try (Secret root = RootKey.load(installation, dir, true, random)) {
      keyring = Keyring.create(new KeyringFile(dir.resolve("keyring.json")), root, random);
    }
    Foundation foundation =
        Foundation.over(new SealedStore(new MemoryStore(), keyring), keyring, random, clock);
    Platform platform =
        Platform.start(
            foundation,
            installation,
            new Platform.Settings(dir, InetAddress.getLoopbackAddress(), 0, outward, "us-east-1"));
    return new TestPlatform(dir, foundation, platform);
  }

  public URI url() {
    return URI.create(platform.endpoint().url());
  }

  /** The assembled parts. */
  Platform parts() {
    return platform;
  }

  public Catalog catalog() {
    return platform.catalog();
  }

  /** The paths that are no AWS operation. */
  public List<String> routes() {
    return platform.routes().stream().map(Route::prefix).toList();
  }

  /** Those of them that answer without a signature. */
  public List<String> publishedRoutes() {
    return platform.routes().stream().filter(Route::published).map(Route::prefix).toList();
  }

  /** The operator's credentials. */
  public Credentials operator() {
    OpenDirectory directory = platform.directory();
    return directory.iam().accounts().operator(directory.installation().account()).credentials();
  }

  /** What {@code ./holdfast iam shrink} is answered. */
  public JsonObject shrink(String role, long days) {
    OpenDirectory directory = platform.directory();
    var operator =
        new Ground.Operator() {
          @Override
          public Call call(String source, String name, JsonObject parameters) {
            return directory.operator().call(source, name, parameters);
          }

          @Override
          public Instant now() {
            return foundation.clock().instant();
          }
        };
    var ground =
        new Ground(
            foundation.state(),
            directory.iam(),
            directory.trail(),
            directory.installation().account(),
            operator);
    return new ShrinkDesk(ground).propose(role, days);
  }

  /** What the admin socket shows from day to day. */
  public dev.holdfast.app.daily.DailyDoor daily() {
    return new dev.holdfast.app.daily.DailyDoor(platform.ecs());
  }

  /** Does every recurring chore now. */
  public void tidy() {
    platform.tidy();
  }

  /** What the operator is warned of. */
  public List<String> warnings() {
    return platform.warnings();
  }

  /** What was refused because somebody acted as a host that it is not. */
  public List<String> alarms() {
    return platform.ecs().alarms();
  }

  /** What {@code ./holdfast host list} shows. */
  public JsonArray hosts() {
    return platform.hostDesk().list();
  }

  /** The operator says that the clock is right. */
  public void confirmClock() {
    platform.confirmClock();
  }

  /** The operator lowers a guardrail until then. */
  public void lowerGuardrail(Instant until) {
    OpenDirectory directory = platform.directory();
    AccountId account = directory.installation().account();
    platform
        .iam()
        .guardrails()
        .exceptions()
        .orElseThrow()
        .add(
            directory.operator().call("holdfast.internal", "LowerGuardrail", JsonObject.EMPTY),
            new GuardrailException(
                "exception",
                account,
                "image-trusted",
                "docker.io/*",
                null,
                foundation.clock().instant(),
                until,
                "a test"));
  }

  /** How many exceptions of guardrails hold at an instant. */
  public int loweredGuardrails(Instant at) {
    return platform.iam().guardrails().exceptions().orElseThrow().holding(at).size();
  }

  /** The names of the tables that {@code ./holdfast fsck} knows. */
  public List<String> checkedTables() {
    return new Checks(
            foundation.keyring(),
            platform.directory().blobs(),
            foundation.random(),
            foundation.clock())
        .tables().stream().map(Table::name).toList();
  }

  /** Tags whatever has this ARN, or will have it. */
  public void tag(AccountId account, String arn, Map<String, String> tags) {
    foundation
        .state()
        .own(
            tx -> {
              Tags.add(tx, account, Arn.parse(arn).orElseThrow(), tags);
              return tags.size();
            });
  }

  /** A fresh account. */
  public Account account() {
    var created = platform.iam().accounts().create();
    return new Account(created.account(), created.credentials());
  }

  /**
   * A session of a role as it was opened at an instant, for an hour.
   *
   * @param ended whether it was ended since
   */
  public Credentials session(String roleArn, Instant opened, boolean ended) {
    var sessions = platform.iam().sessions();
    var session =
        sessions.draw(
            Sessions.Wanted.ofRole(
                sessions.role(roleArn).orElseThrow(),
                "work",
                Duration.ofHours(1),
                SessionDocument.EMPTY),
            opened);
    if (ended) {
      sessions.end(session);
    }
    return session.credentials();
  }

  @Override
  public void close() throws IOException {
    platform.close();
    foundation.close();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
