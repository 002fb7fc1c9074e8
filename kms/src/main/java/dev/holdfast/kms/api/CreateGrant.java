// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.kms.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.kms.CreateGrantRequest;
import dev.holdfast.aws.kms.CreateGrantResponse;
import dev.holdfast.aws.kms.KmsError;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.kit.Ids;
import dev.holdfast.kms.model.Grant;
import dev.holdfast.kms.model.GrantTables;
import dev.holdfast.kms.model.KmsKey;
import dev.holdfast.kms.plan.GrantRules;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.store.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Lets somebody use a key, beside its policy, until the grant is retired or revoked. */
public record CreateGrant(Grants grants, RandomGenerator random)
    implements Operation<CreateGrantRequest, CreateGrantResponse> {
  private static final int ID_BYTES = 32;

  @Override
  public OperationModel<CreateGrantRequest, CreateGrantResponse> model() {
    return KmsModel.CREATE_GRANT;
  }

  @Override
  public Access access(Call call, CreateGrantRequest in) {
    Keys keys = grants.keys();
    Grant.Constraint constraint = Wire.constraint(in.constraints());
    var asked =
        new Keys.Asked(
            "kms:CreateGrant", parent -> GrantRules.within(in.operations(), constraint, parent));
    return keys.access(call, asked, in.keyId(), Reach.LOOK, demand -> with(call, demand, in));
  }

  private static Demand with(Call call, Demand demand, CreateGrantRequest in) {
    var more = new LinkedHashMap<String, List<String>>();
    more.put("kms:GrantOperations", new ArrayList<>(new LinkedHashSet<>(in.operations())));
    more.put("kms:GranteePrincipal", List.of(in.granteePrincipal()));
    more.put("kms:GrantIsForAWSResource", List.of(Boolean.toString(!call.via().isEmpty())));
    if (in.retiringPrincipal() != null) {
      more.put("kms:RetiringPrincipal", List.of(in.retiringPrincipal()));
    }
    more.putAll(constraint(Wire.constraint(in.constraints())));
    return demand.keys(more);
  }

  /** What policies may judge of a grant's constraint. */
  static Map<String, List<String>> constraint(Grant.@Nullable Constraint constraint) {
    var more = new LinkedHashMap<String, List<String>>();
    if (constraint != null) {
      more.put("kms:GrantConstraintType", List.of(constraint.likeness().wire()));
      constraint
          .pairs()
          .forEach((key, value) -> more.put("kms:EncryptionContext:" + key, List.of(value)));
      more.put("kms:EncryptionContextKeys", List.copyOf(constraint.pairs().keySet()));
    }
    return more;
  }

  @Override
  public CreateGrantResponse handle(Call call, CreateGrantRequest in) {
    requireServed(in);
    grants.requireTokens(call, in.grantTokens());
    String id = Ids.hex(random, ID_BYTES);
    NamedKey named =
        grants.keys().state().read(v -> grants.keys().named(v, call, in.keyId(), Reach.LOOK));
    Keys.requireUsable(named.key());
    Grant wanted = draft(call, in, named.key().id(), id);
    Cryptography.endDryRun(in.dryRun());
    Grants.Found made =
        grants.keys().state().commit(call, tx -> make(tx, call, in.keyId(), wanted));
    return CreateGrantResponse.builder()
        .grantId(made.grant().id())
        .grantToken(grants.token(made.key(), made.grant()))
        .build();
  }

  private Grants.Found make(Tx tx, Call call, String text, Grant wanted) {
    KmsKey key = grants.keys().named(tx, call, text, Reach.LOOK).key();
    Keys.requireUsable(key);
    return GrantTables.same(tx, key, wanted)
        .map(earlier -> new Grants.Found(key, earlier))
        .orElseGet(
            () -> {
              if (GrantTables.total(tx, key) >= GrantTables.MOST) {
                throw KmsError.LIMIT_EXCEEDED.because(
                    "The maximum number of grants per key, %d, is reached for %s",
                    GrantTables.MOST, key.arn());
              }
              GrantTables.add(tx, key, wanted);
              return new Grants.Found(key, wanted);
            });
  }

  private Grant draft(Call call, CreateGrantRequest in, String keyId, String id) {
    return new Grant(
        call.region(),
        keyId,
        id,
        in.name() == null ? "" : in.name(),
        grants.party(call, in.granteePrincipal()),
        in.retiringPrincipal() == null ? null : grants.party(call, in.retiringPrincipal()),
        call.account(),
        List.copyOf(new LinkedHashSet<>(in.operations())),
        Wire.constraint(in.constraints()),
        call.now());
  }

  private static void requireServed(CreateGrantRequest in) {
    if (in.operations().isEmpty()) {
      throw Wire.invalid("a grant names at least one of its Operations");
    }
    for (String operation : in.operations()) {
      if (!GrantRules.OPERATIONS.contains(operation)) {
        throw Wire.invalid(
            "Operation "
                + operation
                + " is not supported in a grant on a KMS key of KeySpec SYMMETRIC_DEFAULT");
      }
    }
    GrantRules.fault(Wire.constraint(in.constraints()))
        .ifPresent(
            fault -> {
              throw Wire.invalid(fault);
            });
  }
}
