// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.store.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kit.Secret;
import dev.holdfast.kit.fuzz.Edit;
import dev.holdfast.kit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EnvelopeFuzzTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] PLAIN = "what was sealed".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CONTEXT = "row".getBytes(StandardCharsets.UTF_8);

  private final byte[] root = new byte[32];
  private final KeptKeyring kept = new KeptKeyring();
  private final Keyring keyring;
  private final byte[] envelope;

  EnvelopeFuzzTest() {
    RANDOM.nextBytes(root);
    keyring = Keyring.create(kept, new Secret(root.clone()), RANDOM);
    envelope = keyring.wrap(PLAIN, CONTEXT);
  }

  @Test
  void opensNoEnvelopeThatWasChanged() {
    Fuzz.run(EnvelopeFuzzTest.class, "edit", this::envelope);
  }

  String envelope(byte[] input) {
    byte[] changed = Edit.of(envelope, input);
    boolean same = Arrays.equals(changed, envelope);
    try {
      assertThat(keyring.unwrap(changed, CONTEXT)).isEqualTo(PLAIN);
      assertThat(same).as("only what was sealed opens").isTrue();
      return "opened";
    } catch (SealException _) {
      assertThat(same).as("what was sealed opens").isFalse();
      return "refused";
    }
  }
}
