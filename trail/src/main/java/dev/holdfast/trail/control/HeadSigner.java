// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.trail.control;

import dev.holdfast.service.State;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import dev.holdfast.trail.model.SigningKey;
import dev.holdfast.trail.model.TrailTables;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** Signs and checks the chain's head with the installation's Ed25519 key. */
public final class HeadSigner {
  private static final String ALGORITHM = "Ed25519";

  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private HeadSigner(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** The installation's signer; its key is made at the first start. */
  public static HeadSigner open(State state) {
    try {
      KeyPair fresh = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      SigningKey key =
          state.own(
              Urgency.VITAL,
              tx -> {
                SigningKey known = tx.get(TrailTables.KEYS, Table.PLATFORM, "head");
                if (known != null) {
                  return known;
                }
                var made =
                    new SigningKey(
                        encode(fresh.getPrivate().getEncoded()),
                        encode(fresh.getPublic().getEncoded()));
                tx.put(TrailTables.KEYS, Table.PLATFORM, "head", made);
                return made;
              });
      return of(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the audit key cannot be read", e);
    }
  }

  /** The installation's signer where it has one; makes none. */
  public static Optional<HeadSigner> known(View view) {
    SigningKey key = view.get(TrailTables.KEYS, Table.PLATFORM, "head");
    try {
      return key == null ? Optional.empty() : Optional.of(of(key));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static HeadSigner of(SigningKey key) throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
    return new HeadSigner(
        factory.generatePrivate(new PKCS8EncodedKeySpec(decode(key.privateKey()))),
        factory.generatePublic(new X509EncodedKeySpec(decode(key.publicKey()))));
  }

  private static String encode(byte[] bytes) {
    return java.util.Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] decode(String text) {
    return java.util.Base64.getDecoder().decode(text);
  }

  String sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(bytes);
      return encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean verify(byte[] bytes, String claimed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(publicKey);
      signature.update(bytes);
      byte[] bits = decode(claimed);
      // In base64 the last character has bits that are of no byte.
      return encode(bits).equals(claimed) && signature.verify(bits);
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return false;
    }
  }
}
