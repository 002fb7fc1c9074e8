// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.plan.ImageReference;
import dev.holdfast.service.AuditEvent;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Profile;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.service.Workload;
import dev.holdfast.store.Database;
import dev.holdfast.store.Tx;
import dev.holdfast.store.memory.MemoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormerAddressTest {
  @TempDir Path folder;

  private final State state = new State(new Database(new MemoryStore()));

  @Test
  void knowsWhatItWasCalledBeforeItMoved() throws IOException {
    try (Registry before = at("127.0.0.1:4566")) {
      before.rememberAddress(state);
    }
    try (Registry moved = at("127.0.0.1:7000")) {
      moved.rememberAddress(state);
      assertThat(parsed(moved, "127.0.0.1:7000/web:1")).isInstanceOf(ImageReference.Own.class);
      assertThat(parsed(moved, "127.0.0.1:4566/web:1")).isInstanceOf(ImageReference.Own.class);
      assertThat(parsed(moved, "127.0.0.1:5000/web:1")).isInstanceOf(ImageReference.Foreign.class);
    }
  }

  private static ImageReference parsed(Registry registry, String image) {
    return registry.parse(image, new AccountId("123456789012"), new Region("us-east-1"));
  }

  private Registry at(String authority) throws IOException {
    var random = new SecureRandom();
    var seal = new Seal(new byte[32], random);
    return Registry.create(
        new Registry.Dependencies(
            state,
            FileBlobStore.open(folder.resolve("blobs")),
            (_, _) -> Optional.empty(),
            (_, _) -> Optional.empty(),
            (_, _) -> {},
            new Guardrails(Profile.STANDARD),
            new NoLog(),
            seal,
            new PageTokens(seal),
            () -> new Endpoint("http", authority),
            random,
            () -> Instant.EPOCH,
            Workload.of(2, 256L << 20)));
  }

  private static final class NoLog implements AuditLog {
    @Override
    public void stage(Tx tx, AccountId account, Region region, AuditEvent event) {}

    @Override
    public void append(AccountId account, Region region, AuditEvent event) {}
  }
}
