// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.kms.GrantListEntry;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.Region;
import dev.holdfast.kms.Wrapper;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.model.KmsTables;
import dev.holdfast.kms.plan.GrantRules;
import dev.holdfast.service.Call;
import dev.holdfast.service.Principal;
import dev.holdfast.service.UniqueIds;
import dev.holdfast.store.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Whom grants name, and the tokens that stand for grants. */
public record Grants(Keys keys, Wrapper wrapper, UniqueIds principals) {
  private static final byte[] TOKEN = "kms grant token".getBytes(StandardCharsets.US_ASCII);

  /** A grant with its key. */
  record Found(KmsKey key, Grant grant) {}

  /** The ids by which grants know a caller; its account's is one of them. */
  static List<String> ids(Principal principal) {
    var ids = new ArrayList<String>();
    ids.add(principal.userId());
    if (!ids.contains(principal.identity().uniqueId())) {
      ids.add(principal.identity().uniqueId());
    }
    if (!ids.contains(principal.account().digits())) {
      ids.add(principal.account().digits());
    }
    return ids;
  }

  /**
   * Somebody a grant is to name. Whoever is not there is refused in the caller's own account; of
   * another account that is not told, and such a grant is for nobody, whoever gets the name later.
   */
  Grant.Party party(Call call, String text) {
    Arn arn =
        Arn.parse(text)
            .filter(GrantRules::namesPrincipal)
            .filter(named -> AccountId.parse(named.account()).isPresent())
            .orElseThrow(() -> nobody(text));
    Optional<String> id = uniqueId(arn);
    if (id.isEmpty() && arn.account().equals(call.account().digits())) {
      throw nobody(text);
    }
    return new Grant.Party(text, id.orElse(""));
  }

  private Optional<String> uniqueId(Arn arn) {
    return keys.state().read(view -> principals.of(view, arn));
  }

  private static ApiError nobody(String text) {
    return KmsError.INVALID_ARN.because("ARN does not refer to a valid principal: %s", text);
  }

  /** A fresh token for a grant. */
  String token(KmsKey key, Grant grant) {
    String text =
        String.join("|", key.account().digits(), key.region().name(), key.id(), grant.id());
    return Base64.getEncoder()
        .encodeToString(wrapper.wrap(text.getBytes(StandardCharsets.UTF_8), TOKEN));
  }

  /**
   * The grant that a token stands for.
   *
   * @throws ApiError InvalidGrantTokenException where it is none of ours, or the grant is gone
   */
  Found byToken(View view, Call call, String token) {
    String[] parts = parts(token);
    if (parts.length != 4 || !parts[1].equals(call.region().name())) {
      throw invalidToken();
    }
    var region = new Region(parts[1]);
    KmsKey key = KmsTables.key(view, new AccountId(parts[0]), region, parts[2]);
    Grant grant = key == null ? null : GrantTables.grant(view, key, parts[3]);
    if (key == null || grant == null || key.goneAt(call.now())) {
      throw invalidToken();
    }
    return new Found(key, grant);
  }

  private String[] parts(String token) {
    try {
      byte[] text = wrapper.unwrap(Base64.getDecoder().decode(token), TOKEN);
      return new String(text, StandardCharsets.UTF_8).split("\\|", -1);
    } catch (RuntimeException _) {
      throw invalidToken();
    }
  }

  private static ApiError invalidToken() {
    return KmsError.INVALID_GRANT_TOKEN.because("Invalid grant token");
  }

  /**
   * Refuses tokens that stand for no grant. They add nothing: a grant speaks from the moment that
   * it is made.
   */
  void requireTokens(Call call, List<String> tokens) {
    if (!tokens.isEmpty()) {
      keys.state()
          .<Boolean>read(
              view -> {
                tokens.forEach(token -> byToken(view, call, token));
                return true;
              });
    }
  }

  static ApiError missing(String id) {
    return KmsError.NOT_FOUND.because("Grant ID %s not found", id);
  }

  /** A grant as it is listed. Of its own account's users and roles that are gone, the id stands. */
  GrantListEntry shown(KmsKey key, Grant grant) {
    Grant.Party retiring = grant.retiring();
    return GrantListEntry.builder()
        .keyId(key.arn().toString())
        .grantId(grant.id())
        .name(grant.name())
        .creationDate(grant.created())
        .granteePrincipal(shown(key, grant.grantee()))
        .retiringPrincipal(retiring == null ? null : shown(key, retiring))
        .issuingAccount(Arn.global("iam", grant.issuer(), "root").toString())
        .operations(grant.operations())
        .constraints(Wire.constraints(grant.constraint()))
        .build();
  }

  private String shown(KmsKey key, Grant.Party party) {
    boolean gone =
        Arn.parse(party.arn())
            .filter(arn -> arn.account().equals(key.account().digits()))
            .filter(arn -> !uniqueId(arn).equals(Optional.of(party.id())))
            .isPresent();
    return gone && !party.id().isEmpty() ? party.id() : party.arn();
  }
}
