// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.control;

import dev.holdfast.aws.sigv4.Authorization;
import dev.holdfast.aws.sigv4.SignatureFault;
import dev.holdfast.aws.sigv4.SignedRequest;
import dev.holdfast.aws.sigv4.Verifier;
import dev.holdfast.iam.model.AccessKey;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.SessionFacts;
import dev.holdfast.iam.model.SessionFacts.Owner;
import dev.holdfast.kit.Memo;
import dev.holdfast.service.Principal;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells who signed a request. The answer holds for this request only: keys, users, roles and
 * revocations are looked up each time.
 */
public final class Authenticator {
  private static final String TEMPORARY = "ASIA";
  private static final int MOST_KEYS = 4096;

  /** Signs for nobody: takes the time that a real key would take. */
  private static final String NO_SECRET = "0000000000000000000000000000000000000000";

  private final State state;
  private final Sessions sessions;
  private final LastUses uses;

  /** Derived keys of signatures that were good, by access key id and scope. */
  private final Memo<String, byte[]> signingKeys = new Memo<>(MOST_KEYS);

  public Authenticator(State state, Sessions sessions, LastUses uses) {
    this.state = state;
    this.sessions = sessions;
    this.uses = uses;
  }

  /** What an access key id leads to, before its secret is proved. */
  private record Found(
      Supplier<String> secret, @Nullable AccessKey key, @Nullable SessionFacts session) {}

  /**
   * The principal that signed the request.
   *
   * @param auth the request's own
   * @param services the signing names that the endpoint answers to
   * @throws SignatureFault for each fault with its own code
   */
  public Principal authenticate(
      Authorization auth, SignedRequest request, byte[] body, List<String> services, Instant now) {
    Verifier.check(auth, request, services, now);
    return state.read(view -> authenticate(view, auth, request, body, now));
  }

  private Principal authenticate(
      View view, Authorization auth, SignedRequest request, byte[] body, Instant now) {
    Found found = find(view, auth.accessKeyId(), auth.sessionToken());
    if (found == null) {
      try {
        Verifier.verify(auth, request, body, derived(auth, NO_SECRET));
      } catch (SignatureFault _) {
        // Whatever the signature, the key is not known.
      }
      throw SignatureFault.unknownKey();
    }
    verify(auth, request, body, found.secret());
    Principal principal = principal(view, auth.accessKeyId(), found, now);
    if (principal == null) {
      throw SignatureFault.unknownKey();
    }
    note(principal, auth, now);
    return principal;
  }

  private void note(Principal principal, Authorization auth, Instant now) {
    Principal.Identity identity = principal.identity();
    if (identity.account().equals(Table.PLATFORM)) {
      return; // the agents of hosts, all day long
    }
    if (principal.session() == null) {
      uses.note(principal.accessKeyId(), now, auth.scope().region(), auth.scope().service());
    } else if (identity.kind() == Principal.Kind.ROLE) {
      uses.note(identity.uniqueId(), now, auth.scope().region(), auth.scope().service());
    }
  }

  private void verify(
      Authorization auth, SignedRequest request, byte[] body, Supplier<String> secret) {
    String cached = auth.accessKeyId() + "/" + auth.scope();
    byte[] key = signingKeys.known(cached);
    byte[] used = key == null ? derived(auth, secret.get()) : key;
    Verifier.verify(auth, request, body, used);
    if (key == null) {
      signingKeys.keep(cached, used);
    }
  }

  private static byte[] derived(Authorization auth, String secret) {
    return auth.scope().key(secret.getBytes(StandardCharsets.UTF_8));
  }

  private @Nullable Found find(View view, String accessKeyId, @Nullable String token) {
    if (accessKeyId.startsWith(TEMPORARY)) {
      SessionFacts facts = token == null ? null : sessions.open(accessKeyId, token).orElse(null);
      return facts == null ? null : new Found(() -> sessions.secret(accessKeyId), null, facts);
    }
    AccessKey key = view.get(IamTables.ACCESS_KEYS, Table.PLATFORM, accessKeyId);
    return key == null || !(key.active() || key.restored()) || token != null
        ? null
        : new Found(key::secret, key, null);
  }

  private @Nullable Principal principal(View view, String accessKeyId, Found found, Instant now) {
    if (found.session() != null) {
      return sessions.principal(view, accessKeyId, found.session(), now);
    }
    AccessKey key = found.key();
    if (key != null && key.restored()) {
      throw SignatureFault.unconfirmedKey(key.id());
    }
    return key == null ? null : user(view, key);
  }

  private static @Nullable Principal user(View view, AccessKey key) {
    var owner = new Owner(Principal.Kind.USER, key.account(), key.userId(), key.userName());
    return Identities.of(view, owner)
        .map(
            identity ->
                new Principal(
                    identity, key.id(), Tags.of(view, key.account(), identity.arn()), null))
        .orElse(null);
  }

  /**
   * The principal of credentials whose secret was proved earlier, as by a registry's token: still
   * known, active, unexpired and not revoked, or empty.
   */
  public Optional<Principal> principalOf(
      String accessKeyId, @Nullable String sessionToken, Instant now) {
    return state.read(
        view -> {
          Found found = find(view, accessKeyId, sessionToken);
          try {
            return found == null
                ? Optional.empty()
                : Optional.ofNullable(principal(view, accessKeyId, found, now));
          } catch (SignatureFault _) {
            return Optional.empty();
          }
        });
  }

  /**
   * The principal of credentials that were proved earlier, as it is now; empty where its key is
   * deleted or inactive, its session over or revoked, or its user or role gone or made anew.
   */
  public Optional<Principal> current(Principal earlier, Instant now) {
    if (earlier.session() != null) {
      return state.read(view -> sessions.current(view, earlier, now));
    }
    return principalOf(earlier.accessKeyId(), null, now)
        .filter(today -> today.identity().uniqueId().equals(earlier.identity().uniqueId()));
  }
}
