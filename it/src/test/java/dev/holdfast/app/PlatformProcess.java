// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import dev.holdfast.iam.control.Quotas;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonNumber;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Secret;
import dev.holdfast.service.ClientTokens;
import dev.holdfast.service.Profile;
import dev.holdfast.service.State;
import dev.holdfast.store.Store;
import dev.holdfast.store.rocksdb.RocksStore;
import dev.holdfast.store.seal.Keyring;
import dev.holdfast.store.seal.KeyringFile;
import dev.holdfast.store.seal.SealedStore;
import dev.holdfast.trail.Verification;
import dev.holdfast.trail.control.HeadSigner;
import dev.holdfast.trail.control.Retention;
import dev.holdfast.trail.plan.Keeping;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The assembled platform over RocksDB as a process of its own, for tests that kill it: no agent,
 * and a line of JSON on its output for each line on its input.
 */
public final class PlatformProcess {
  private PlatformProcess() {}

  /**
   * Arguments: the data directory, {@code account} where an account is to be made, {@code roomy}
   * where accounts may hold as much as may be set, {@code defect=NAME} for a store with a defect,
   * and that of a {@link FastClock}.
   */
  public static void main(String[] arguments) throws IOException {
    Logging.install();
    Path dir = Path.of(arguments[0]);
    var random = new SecureRandom();
    Installation installation = Installation.open(dir, Profile.DEV, null, random);
    try (Foundation foundation = foundation(dir, installation, random, List.of(arguments))) {
      installation.confirm(foundation.state());
      var settings = new Platform.Settings(dir, InetAddress.getLoopbackAddress(), 0);
      try (Platform platform = Platform.start(foundation, installation, settings)) {
        if (List.of(arguments).contains("roomy")) {
          raiseQuotas(foundation, platform);
        }
        JsonObject ready =
            JsonObject.EMPTY.with("url", platform.endpoint().url()).with("cpu", Vitals.cpu());
        if (List.of(arguments).contains("account")) {
          for (var member : account(platform).members().entrySet()) {
            ready = ready.with(member.getKey(), member.getValue());
          }
        }
        answer(ready);
        serve(foundation, platform, dir);
      }
    }
  }

  /** A fresh account with its administrator's key. */
  private static JsonObject account(Platform platform) {
    var made = platform.iam().accounts().create();
    return JsonObject.EMPTY
        .with("account", made.account().digits())
        .with("key", made.credentials().accessKeyId())
        .with("secret", made.credentials().secretAccessKey());
  }

  private static void raiseQuotas(Foundation foundation, Platform platform) {
    for (Quota quota : Quota.values()) {
      Quotas.set(
          foundation.state(),
          platform
              .directory()
              .operator()
              .call("holdfast.internal", "SetQuota", JsonObject.EMPTY.with("quota", quota.title())),
          quota,
          quota.highest());
    }
  }

  /** The foundation, over a store with a defect where one is asked for. */
  private static Foundation foundation(
      Path dir, Installation installation, SecureRandom random, List<String> words)
      throws IOException {
    InstantSource clock = FastClock.of(words);
    Optional<String> defect = words.stream().filter(w -> w.startsWith("defect=")).findFirst();
    Path ring = dir.resolve("keyring.json");
    if (defect.isEmpty() || !Files.exists(ring)) {
      return Foundation.open(dir, installation, random, clock, _ -> Runtime.getRuntime().halt(1));
    }
    try (Secret root = RootKey.load(installation, dir, false, random)) {
      Keyring keyring = Keyring.open(new KeyringFile(ring), root, random);
      Store faulty =
          FaultyStore.over(
              RocksStore.open(dir.resolve("state")), defect.get().substring("defect=".length()));
      return Foundation.over(new SealedStore(faulty, keyring), keyring, random, clock);
    }
  }

  private static void serve(Foundation foundation, Platform platform, Path dir) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "verify" -> {
          Verification found = platform.trail().verify();
          answer(
              JsonObject.EMPTY
                  .with("ok", new JsonValue.JsonBool(found.ok()))
                  .with("text", found.text()));
        }
        case "changes" ->
            answer(
                TrailReading.changes(
                    foundation.state(),
                    new AccountId(words[1]),
                    Instant.ofEpochMilli(Long.parseLong(words[2])),
                    Instant.ofEpochMilli(Long.parseLong(words[3]))));
        case "vitals" -> answer(Vitals.measure());
        case "account" -> answer(account(platform));
        case "forget" -> {
          var _ = platform.confirmClock(); // a fast clock is right, and is not believed by itself
          answer(forget(foundation, Duration.ofMillis(Long.parseLong(words[1]))));
        }
        case "rest" -> {
          Rest.settle(foundation, platform);
          forgetAll(foundation);
          answer(Rest.weigh(foundation, dir));
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  /** Forgets all audit events and client tokens, also those that are about to be written. */
  private static void forgetAll(Foundation foundation) {
    long deadline = System.nanoTime() + 5_000_000_000L;
    for (int quiet = 0; quiet < 5 && System.nanoTime() < deadline; ) {
      JsonObject gone = forget(foundation, Duration.ZERO);
      quiet = Json.text(gone).contains("\"events\":0") ? quiet + 1 : 0;
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** Forgets early what is kept for long: client tokens and audit events older than this. */
  private static JsonObject forget(Foundation foundation, Duration age) {
    Instant now = foundation.clock().instant();
    State state = foundation.state();
    var retention = new Retention(state, HeadSigner.open(state), new Keeping(age, age));
    return JsonObject.EMPTY
        .with("events", JsonNumber.of(retention.prune(now)))
        .with("tokens", JsonNumber.of(ClientTokens.forget(state, now.minus(age))));
  }

  private static void answer(JsonObject line) {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println(Json.text(line));
  }
}
