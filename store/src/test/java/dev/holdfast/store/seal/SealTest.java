// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kit.Secret;
import dev.holdfast.store.Commit;
import dev.holdfast.store.Entry;
import dev.holdfast.store.Key;
import dev.holdfast.store.KeyRange;
import dev.holdfast.store.Snapshot;
import dev.holdfast.store.memory.MemoryStore;
import dev.holdfast.store.rocksdb.RocksStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  private final KeptKeyring kept = new KeptKeyring();

  private static Secret root(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return new Secret(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String value(SealedStore store, String key) {
    try (Snapshot snapshot = store.read()) {
      Entry entry = Objects.requireNonNull(snapshot.get(Key.of(key)));
      return new String(entry.value(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void leavesNoValueReadableOnDisk() throws Exception {
    String canary = "canary-7f3a-sings-in-the-mine";
    try (Keyring keyring =
            Keyring.create(new KeyringFile(folder.resolve("ring")), root(1), RANDOM);
        var store = new SealedStore(RocksStore.open(folder.resolve("store")), keyring)) {
      store.commit(Commit.put(Key.of("name-in-clear"), bytes(canary)));
      assertThat(value(store, "name-in-clear")).isEqualTo(canary);
      try (var inner = RocksStore.open(folder.resolve("plain"))) {
        inner.commit(Commit.put(Key.of("name"), bytes(canary)));
      }
      assertThat(found(folder.resolve("store"), canary)).isFalse();
      assertThat(found(folder.resolve("store"), "name-in-clear")).isTrue();
      assertThat(found(folder.resolve("plain"), canary)).as("the search finds it at all").isTrue();
    }
  }

  private static boolean found(Path directory, String text) throws Exception {
    String needle = new String(bytes(text), StandardCharsets.ISO_8859_1);
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(needle)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void refusesTheWrongRootKey() {
    Keyring.create(kept, root(1), RANDOM).close();
    assertThatThrownBy(() -> Keyring.open(kept, root(2), RANDOM))
        .isInstanceOf(SealException.class)
        .hasMessage("the root key does not open this keyring");
    assertThatThrownBy(() -> Keyring.create(kept, root(1), RANDOM))
        .isInstanceOf(SealException.class);
    assertThatThrownBy(() -> Keyring.open(new KeptKeyring(), root(1), RANDOM))
        .isInstanceOf(SealException.class);
    assertThatThrownBy(() -> Keyring.open(kept, new Secret(new byte[31]), RANDOM))
        .isInstanceOf(SealException.class);
  }

  @Test
  void refusesAStoreOfAnotherKeyring() {
    var inner = new MemoryStore();
    try (Keyring keyring = Keyring.create(kept, root(1), RANDOM);
        Keyring other = Keyring.create(new KeptKeyring(), root(1), RANDOM)) {
      new SealedStore(inner, keyring).commit(Commit.put(Key.of("a"), bytes("1")));
      assertThatThrownBy(() -> new SealedStore(inner, other))
          .isInstanceOf(SealException.class)
          .hasMessage("the keyring does not open this store");
    }
  }

  @Test
  void opensOldValuesAfterRotation() {
    var inner = new MemoryStore();
    try (Keyring keyring = Keyring.create(kept, root(1), RANDOM)) {
      var store = new SealedStore(inner, keyring);
      store.commit(Commit.put(Key.of("old"), bytes("before")));
      assertThat(keyring.rotate()).isEqualTo(2);
      store.commit(Commit.put(Key.of("new"), bytes("after")));
      assertThat(value(store, "old")).isEqualTo("before");
    }
    try (Keyring keyring = Keyring.open(kept, root(1), RANDOM)) {
      assertThat(keyring.version()).isEqualTo(2);
      var store = new SealedStore(inner, keyring);
      assertThat(value(store, "old")).isEqualTo("before");
      assertThat(value(store, "new")).isEqualTo("after");
    }
    try (Snapshot snapshot = inner.read()) {
      assertThat(snapshot.list(KeyRange.ALL, 9))
          .extracting(e -> e.value()[4])
          .containsExactly((byte) 2, (byte) 1);
    }
  }

  @Test
  void bindsEachValueToItsKey() {
    var inner = new MemoryStore();
    try (Keyring keyring = Keyring.create(kept, root(1), RANDOM)) {
      var store = new SealedStore(inner, keyring);
      store.commit(Commit.put(Key.of("admin"), bytes("yes")).andPut(Key.of("guest"), bytes("no")));
      try (Snapshot snapshot = inner.read()) {
        byte[] moved = Objects.requireNonNull(snapshot.get(Key.of("admin"))).value();
        inner.commit(Commit.put(Key.of("guest"), moved));
      }
      assertThat(value(store, "admin")).isEqualTo("yes");
      assertThatThrownBy(() -> value(store, "guest")).isInstanceOf(SealException.class);
    }
  }

  @Test
  void wrapsForOneContextOnly() {
    try (Keyring keyring = Keyring.create(kept, root(1), RANDOM)) {
      byte[] wrapped = keyring.wrap(bytes("key material"), bytes("context"));
      assertThat(keyring.unwrap(wrapped, bytes("context"))).isEqualTo(bytes("key material"));
      assertThat(keyring.wrap(bytes("key material"), bytes("context"))).isNotEqualTo(wrapped);
      assertThatThrownBy(() -> keyring.unwrap(wrapped, bytes("contexT")))
          .isInstanceOf(SealException.class);
      assertThatThrownBy(() -> keyring.open(Keyring.Domain.VALUE, wrapped, bytes("context")))
          .isInstanceOf(SealException.class);
      for (int i = 0; i < wrapped.length; i++) {
        byte[] flipped = wrapped.clone();
        flipped[i] ^= 1;
        assertThatThrownBy(() -> keyring.unwrap(flipped, bytes("context")))
            .isInstanceOf(SealException.class);
        byte[] cut = Arrays.copyOf(wrapped, i);
        assertThatThrownBy(() -> keyring.unwrap(cut, bytes("context")))
            .isInstanceOf(SealException.class);
      }
    }
  }

  @Test
  void derivesTheSameKeyForAPurposeForever() {
    Secret first;
    try (Keyring keyring = Keyring.create(kept, root(1), RANDOM)) {
      first = keyring.derive("sessions");
      assertThat(keyring.derive("registry")).isNotEqualTo(first);
      keyring.rotate();
      keyring.rewrap(root(2));
    }
    try (Keyring keyring = Keyring.open(kept, root(2), RANDOM)) {
      assertThat(keyring.derive("sessions")).isEqualTo(first);
      assertThat(first.bytes()).hasSize(32);
    }
    assertThatThrownBy(() -> Keyring.open(kept, root(1), RANDOM)).isInstanceOf(SealException.class);
  }

  @Test
  void countsUsesAheadSoThatACrashLosesNone() {
    byte[] aad = new byte[0];
    Keyring crashed = Keyring.create(kept, root(1), RANDOM);
    crashed.wrap(bytes("a"), aad);
    crashed.wrap(bytes("b"), aad);
    assertThat(kept.saves).as("one for the keyring, one for the block").hasValue(2);
    byte[] saved = Objects.requireNonNull(kept.load());
    assertThat(KeyringDocument.open(saved, root(1)).keys().getFirst().used()).isEqualTo(1L << 16);
    try (Keyring again = Keyring.open(kept, root(1), RANDOM)) {
      again.wrap(bytes("c"), aad);
      byte[] later = Objects.requireNonNull(kept.load());
      assertThat(KeyringDocument.open(later, root(1)).keys().getFirst().used()).isEqualTo(1L << 17);
    }
  }

  @Test
  void takesANewKeyLongBeforeTheOldOneIsWornOut() {
    var keys =
        new KeyringDocument.Keys(
            new byte[16],
            new byte[32],
            java.util.List.of(new KeyringDocument.DataKey(1, new byte[32], 1L << 30)));
    kept.save(KeyringDocument.seal(keys, root(1), RANDOM));
    try (Keyring keyring = Keyring.open(kept, root(1), RANDOM)) {
      byte[] wrapped = keyring.wrap(bytes("a"), new byte[0]);
      assertThat(keyring.version()).isEqualTo(2);
      assertThat(keyring.unwrap(wrapped, new byte[0])).isEqualTo(bytes("a"));
    }
  }

  @Test
  void keepsItsFileFromOthers() throws Exception {
    Path path = folder.resolve("keyring");
    try (Keyring keyring = Keyring.create(new KeyringFile(path), root(1), RANDOM)) {
      keyring.rotate();
      assertThat(keyring.toString()).contains(keyring.id());
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    try (Keyring keyring = Keyring.open(new KeyringFile(path), root(1), RANDOM)) {
      assertThat(keyring.version()).isEqualTo(2);
    }
  }
}
