// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.join;

import dev.holdfast.app.tls.Pem;
import dev.holdfast.kit.Hashed;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a machine keeps of having joined: whose it is, the platform's authority, and its own key and
 * certificate. The key was made here and is its owner's alone.
 *
 * @param platform host and port of the platform's TLS
 * @param told what the platform told: {@code host}, {@code name}, {@code installation}, {@code
 *     region}, {@code registry}
 */
record Membership(
    String platform,
    JsonObject told,
    X509Certificate authority,
    PrivateKey key,
    X509Certificate certificate) {
  private static final String FILE = "membership.json";
  private static final String KEY = "host.key";

  /** Without the key. */
  @Override
  public String toString() {
    return "Membership[" + platform + ", " + told.string("name") + "]";
  }

  static Path keyFile(Path folder) {
    return folder.resolve(KEY);
  }

  /** The key that a certificate was asked for, until it has come. */
  private static Path nextKeyFile(Path folder) {
    return folder.resolve("host.key.next");
  }

  /** The authority's certificate, for the agent. */
  static Path authorityFile(Path folder) {
    return folder.resolve("ca.pem");
  }

  /** What a folder holds; empty where the machine has not joined. */
  static Optional<Membership> read(Path folder, Disk disk) throws IOException {
    if (Files.isDirectory(folder)) {
      // Whoever wrote it may have been killed before its name was durable.
      disk.syncDirectory(folder);
    }
    return look(folder);
  }

  /** As {@link #read}, and changes nothing. */
  private static Optional<Membership> look(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonObject kept = Json.parseObject(Hashed.content(Files.readAllBytes(file)));
      X509Certificate authority = Pem.certificate(text(kept, "authority"));
      X509Certificate certificate = Pem.certificate(text(kept, "certificate"));
      certificate.verify(authority.getPublicKey());
      return Optional.of(
          new Membership(
              text(kept, "platform"),
              kept.object("told"),
              authority,
              key(folder, certificate),
              certificate));
    } catch (NoSuchFileException e) {
      throw new IOException(anew(folder, e.getMessage() + " is missing"));
    } catch (GeneralSecurityException | Json.MalformedJson | IllegalArgumentException _) {
      throw new IOException(anew(folder, file + " or " + keyFile(folder) + " is damaged"));
    }
  }

  /** What to do where this machine no longer knows who it is: nobody else can say it. */
  private static String anew(Path folder, String what) {
    return """
        %s: this machine has to join anew. Nothing was changed.
        On the platform's machine:  ./holdfast host list, then ./holdfast host remove NAME and ./holdfast host invite --name NAME
        Here:  mv %s %s.damaged, then the command that the invitation shows"""
        .formatted(what, folder, folder);
  }

  /**
   * What is wrong with what a folder holds of a membership, with what to do; empty where nothing
   * is.
   */
  static Optional<String> damage(Path folder) {
    try {
      Optional<Membership> _ = look(folder);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Writes the authority's certificate again where its file is not what is kept beside it. */
  void heal(Path folder, Disk disk) throws IOException {
    byte[] right = Pem.of(authority).getBytes(StandardCharsets.US_ASCII);
    Path file = authorityFile(folder);
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), right)) {
      disk.replace(file, right);
    }
  }

  /** The key of a certificate: of a power cut either file may hold it. */
  private static PrivateKey key(Path folder, X509Certificate certificate)
      throws IOException, GeneralSecurityException {
    for (Path file : List.of(keyFile(folder), nextKeyFile(folder))) {
      if (Files.exists(file)) {
        Optional<PrivateKey> key = readable(file);
        if (key.isPresent() && matches(key.get(), certificate)) {
          return key.get();
        }
      }
    }
    if (!Files.exists(keyFile(folder))) {
      throw new NoSuchFileException(keyFile(folder).toString());
    }
    throw new GeneralSecurityException("no key is the certificate's");
  }

  private static Optional<PrivateKey> readable(Path file) throws IOException {
    try {
      return Optional.of(Pem.key(Files.readString(file, StandardCharsets.ISO_8859_1)));
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static boolean matches(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    byte[] text = certificate.getEncoded();
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    return signature.verify(signed);
  }

  private static String text(JsonObject json, String name) {
    String text = json.string(name);
    if (text == null) {
      throw new IllegalArgumentException("the membership has no " + name);
    }
    return text;
  }

  /** Keeps it; of a power cut either this or what was before is left. */
  void write(Path folder, Disk disk) throws IOException {
    JsonObject kept =
        JsonObject.EMPTY
            .with("platform", platform)
            .with("told", told)
            .with("authority", Pem.of(authority))
            .with("certificate", Pem.of(certificate));
    disk.replace(authorityFile(folder), Pem.of(authority).getBytes(StandardCharsets.US_ASCII));
    disk.replace(folder.resolve(FILE), Hashed.bytes(Json.bytes(kept)));
  }

  /** Keeps a key that was made for joining, or whose certificate has come. */
  static void writeKey(Path folder, PrivateKey key, Disk disk) throws IOException {
    write(keyFile(folder), key, disk);
  }

  /**
   * Keeps the key that a certificate will be asked for. The file may hold the only copy of the
   * present key, where a renewal was cut off; so that one is kept first, with its certificate.
   */
  void awaits(Path folder, KeyPair next, Disk disk) throws IOException {
    writeKey(folder, key, disk);
    write(folder, disk);
    write(nextKeyFile(folder), next.getPrivate(), disk);
  }

  private static void write(Path file, PrivateKey key, Disk disk) throws IOException {
    disk.replace(file, Pem.of(key).getBytes(StandardCharsets.US_ASCII));
  }

  /** The same machine with other words of the platform. */
  Membership with(JsonObject words) {
    return new Membership(platform, words, authority, key, certificate);
  }

  /** The same machine with the next key and its certificate. */
  Membership renewed(JsonObject words, PrivateKey next, X509Certificate its) {
    return new Membership(platform, words, authority, next, its);
  }

  String say(String name) {
    String said = told.string(name);
    return said == null ? "" : said;
  }
}
