// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import dev.holdfast.kit.Secret;
import dev.holdfast.store.seal.KeyringDocument.DataKey;
import dev.holdfast.store.seal.KeyringDocument.Keys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.AEADBadTagException;

/**
 * Versioned AES-256 data keys under a root key.
 *
 * <p>The newest key encrypts, all open. A random 96-bit IV allows 2^32 encryptions under one key
 * (NIST SP 800-38D, 8.3); a key makes way for the next at 2^30. Uses are counted ahead in blocks,
 * so a crash loses no count. Sealed bytes are {@code format (1) | key version (4) | IV (12) |
 * ciphertext | tag (16)}; the header and the caller's context are authenticated. Safe for use by
 * any number of threads.
 */
public final class Keyring implements AutoCloseable {
  private static final byte FORMAT = 1;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;
  private static final long BLOCK = 1L << 16;
  private static final long MOST_USES = 1L << 30;
  private static final int LEAST_ROOT_BYTES = 32;

  /** Keeps what is sealed for one use from being opened for another. */
  enum Domain {
    WRAP(0),
    VALUE(1);

    private final int mark;

    Domain(int mark) {
      this.mark = mark;
    }
  }

  private final KeyringStorage storage;
  private final SecureRandom random;
  private final byte[] id;
  private final Secret derivation;

  /** Guards all fields below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final TreeMap<Integer, Secret> keys = new TreeMap<>();
  private final TreeMap<Integer, Long> uses = new TreeMap<>();
  private Secret root;
  private long counted;
  private boolean closed;

  private Keyring(KeyringStorage storage, Secret root, SecureRandom random, Keys kept) {
    this.storage = storage;
    this.random = random;
    this.root = copy(root);
    this.id = kept.id();
    this.derivation = new Secret(kept.derivation());
    for (DataKey key : kept.keys()) {
      keys.put(key.version(), new Secret(key.key()));
      uses.put(key.version(), key.used());
    }
    this.counted = uses.lastEntry().getValue();
  }

  /**
   * Makes and saves a new keyring.
   *
   * @param root at least 32 bytes of full entropy; copied, so the caller closes its own
   * @throws SealException where the storage already holds a keyring
   */
  public static Keyring create(KeyringStorage storage, Secret root, SecureRandom random) {
    requireStrong(root);
    if (storage.load() != null) {
      throw new SealException("there is a keyring already");
    }
    var first = new DataKey(1, Aead.random(random, Aead.KEY_BYTES), 0);
    var keys =
        new Keys(Aead.random(random, 16), Aead.random(random, Aead.KEY_BYTES), List.of(first));
    storage.save(KeyringDocument.seal(keys, root, random));
    return new Keyring(storage, root, random, keys);
  }

  /**
   * Opens a keyring.
   *
   * @throws SealException where there is none, where it is damaged, or where the root key is wrong
   */
  public static Keyring open(KeyringStorage storage, Secret root, SecureRandom random) {
    requireStrong(root);
    byte[] document = storage.load();
    if (document == null) {
      throw new SealException("there is no keyring");
    }
    return new Keyring(storage, root, random, KeyringDocument.open(document, root));
  }

  private static void requireStrong(Secret root) {
    if (root.bytes().length < LEAST_ROOT_BYTES) {
      throw new SealException("a root key has at least " + LEAST_ROOT_BYTES + " bytes");
    }
  }

  private static Secret copy(Secret secret) {
    return new Secret(secret.bytes().clone());
  }

  /** What tells this keyring from others: 32 hexadecimal digits, no secret. */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  /** The version of the key that encrypts now, counted from 1. */
  public int version() {
    lock.lock();
    try {
      return keys.lastKey();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a key that encrypts from now on; the older ones still open. Returns its version. */
  public int rotate() {
    lock.lock();
    try {
      requireOpen();
      int version = keys.lastKey() + 1;
      byte[] key = Aead.random(random, Aead.KEY_BYTES);
      var more = new ArrayList<>(dataKeys());
      more.add(new DataKey(version, key, 0));
      save(more, root);
      keys.put(version, new Secret(key));
      uses.put(version, 0L);
      counted = 0;
      return version;
    } finally {
      lock.unlock();
    }
  }

  /** Seals the keyring under another root key; the old one no longer opens what is saved. */
  public void rewrap(Secret newRoot) {
    requireStrong(newRoot);
    lock.lock();
    try {
      requireOpen();
      save(dataKeys(), newRoot);
      root.close();
      root = copy(newRoot);
    } finally {
      lock.unlock();
    }
  }

  /** Whether what is saved is sealed under this root key. */
  public boolean isUnder(Secret candidate) {
    lock.lock();
    try {
      requireOpen();
      return root.equals(candidate);
    } finally {
      lock.unlock();
    }
  }

  /** A 256-bit key for a named purpose: always the same one, and unrelated to all others. */
  public Secret derive(String purpose) {
    lock.lock();
    try {
      requireOpen();
      byte[] info = ("holdfast derive " + purpose).getBytes(StandardCharsets.UTF_8);
      return new Secret(Aead.hkdf(derivation.bytes(), id, info));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Encrypts something small, such as another key.
   *
   * @param aad must be given again to open it
   */
  public byte[] wrap(byte[] plaintext, byte[] aad) {
    return seal(Domain.WRAP, plaintext, aad);
  }

  /**
   * Opens what {@link #wrap} made.
   *
   * @throws SealException where it was not made by this keyring, or for another {@code aad}
   */
  public byte[] unwrap(byte[] wrapped, byte[] aad) {
    return open(Domain.WRAP, wrapped, aad);
  }

  byte[] seal(Domain domain, byte[] plaintext, byte[] aad) {
    Map.Entry<Integer, byte[]> key = keyForOneUse();
    byte[] header = ByteBuffer.allocate(HEADER_BYTES).put(FORMAT).putInt(key.getKey()).array();
    byte[] iv = Aead.random(random, Aead.IV_BYTES);
    byte[] sealed = Aead.encrypt(key.getValue(), iv, context(domain, header, aad), plaintext);
    Arrays.fill(key.getValue(), (byte) 0);
    return ByteBuffer.allocate(HEADER_BYTES + iv.length + sealed.length)
        .put(header)
        .put(iv)
        .put(sealed)
        .array();
  }

  byte[] open(Domain domain, byte[] bytes, byte[] aad) {
    if (bytes.length < HEADER_BYTES + Aead.IV_BYTES + Aead.TAG_BYTES || bytes[0] != FORMAT) {
      throw new SealException("not sealed by this keyring");
    }
    byte[] header = new byte[HEADER_BYTES];
    byte[] iv = new byte[Aead.IV_BYTES];
    byte[] sealed = new byte[bytes.length - HEADER_BYTES - Aead.IV_BYTES];
    ByteBuffer.wrap(bytes).get(header).get(iv).get(sealed);
    byte[] key = key(ByteBuffer.wrap(header).getInt(1));
    try {
      return Aead.decrypt(key, iv, context(domain, header, aad), sealed);
    } catch (AEADBadTagException e) {
      throw new SealException("not sealed by this keyring for this context", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] context(Domain domain, byte[] header, byte[] aad) {
    var context = new ByteArrayOutputStream(1 + header.length + aad.length);
    context.write(domain.mark);
    context.writeBytes(header);
    context.writeBytes(aad);
    return context.toByteArray();
  }

  private byte[] key(int version) {
    lock.lock();
    try {
      requireOpen();
      Secret key = keys.get(version);
      if (key == null) {
        throw new SealException("not sealed by this keyring: it has no key " + version);
      }
      return key.bytes().clone();
    } finally {
      lock.unlock();
    }
  }

  /** A copy of the newest key, after its use was counted. */
  private Map.Entry<Integer, byte[]> keyForOneUse() {
    lock.lock();
    try {
      requireOpen();
      if (counted >= MOST_USES) {
        rotate();
      }
      int version = keys.lastKey();
      if (counted >= uses.getOrDefault(version, 0L)) {
        uses.put(version, counted + BLOCK);
        try {
          save(dataKeys(), root);
        } catch (RuntimeException e) {
          uses.put(version, counted);
          throw e;
        }
      }
      counted++;
      return Map.entry(version, keys.lastEntry().getValue().bytes().clone());
    } finally {
      lock.unlock();
    }
  }

  /** How many uses of a key are counted as made; an upper bound. */
  long uses(int version) {
    lock.lock();
    try {
      return uses.getOrDefault(version, 0L);
    } finally {
      lock.unlock();
    }
  }

  private List<DataKey> dataKeys() {
    return keys.entrySet().stream()
        .map(e -> new DataKey(e.getKey(), e.getValue().bytes(), uses.getOrDefault(e.getKey(), 0L)))
        .toList();
  }

  private void save(List<DataKey> dataKeys, Secret under) {
    storage.save(KeyringDocument.seal(new Keys(id, derivation.bytes(), dataKeys), under, random));
  }

  private void requireOpen() {
    if (closed) {
      throw new SealException("the keyring is closed");
    }
  }

  /** Wipes all keys from memory. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      root.close();
      derivation.close();
      keys.values().forEach(Secret::close);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "keyring " + id();
  }
}
