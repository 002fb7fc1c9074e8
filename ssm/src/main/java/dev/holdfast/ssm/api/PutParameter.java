// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ssm.PutParameterRequest;
import dev.holdfast.aws.ssm.PutParameterResult;
import dev.holdfast.aws.ssm.SsmError;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.kms.Kms;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Tags;
import dev.holdfast.ssm.model.ParameterName;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.ParameterType;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.ssm.model.Tier;
import dev.holdfast.store.Tx;
import dev.holdfast.store.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a parameter, or a new version of one. */
public record PutParameter(Parameters parameters)
    implements Operation<PutParameterRequest, PutParameterResult> {
  @Override
  public OperationModel<PutParameterRequest, PutParameterResult> model() {
    return SsmModel.PUT_PARAMETER;
  }

  @Override
  public Access access(Call call, PutParameterRequest in) {
    Demand put =
        Parameters.demand(call, "ssm:PutParameter", in.name())
            .key("ssm:Overwrite", Boolean.toString(overwrite(in)))
            .key("ssm:Policies", Boolean.toString(in.policies() != null))
            .made(Wire.tags(in.tags()));
    return in.tags().isEmpty()
        ? Access.of(put)
        : Access.of(
            put,
            Parameters.demand(call, "ssm:AddTagsToResource", in.name()).made(Wire.tags(in.tags())));
  }

  @Override
  public PutParameterResult handle(Call call, PutParameterRequest in) {
    NameRules.require(in.name());
    requireServed(in);
    Map<String, String> tags = Wire.tags(in.tags());
    Wire.requireTags(tags);
    @Nullable StoredParameter before = parameters.state().read(view -> before(view, call, in));
    StoredParameter draft = draft(call, in, before);
    return parameters.state().commit(call, tx -> put(tx, call, in, draft, tags));
  }

  private static PutParameterResult put(
      Tx tx, Call call, PutParameterRequest in, StoredParameter draft, Map<String, String> tags) {
    StoredParameter now = before(tx, call, in);
    if (now != null && (now.type() != draft.type() || !sameTier(now, draft))) {
      throw SsmError.TOO_MANY_UPDATES.because(
          "There are concurrent updates for a resource that supports one update at a time.");
    }
    StoredParameter next = draft.at(now == null ? 1 : now.version() + 1);
    requireRoom(tx, next);
    ParameterTables.put(tx, next);
    Tags.add(tx, next.account(), next.arn(), tags);
    return PutParameterResult.builder().version(next.version()).tier(next.tier().wire()).build();
  }

  /** Refuses a version for which the oldest would have to go, where that one has a label. */
  private static void requireRoom(View view, StoredParameter next) {
    long oldest = next.version() - ParameterTables.MOST_VERSIONS;
    boolean labelled =
        oldest > 0
            && ParameterTables.labels(view, next.account(), next.region(), next.name())
                .containsValue(oldest);
    if (labelled) {
      throw SsmError.PARAMETER_MAX_VERSION_LIMIT_EXCEEDED.because(
          "You attempted to create a new version of %s by calling the PutParameter API with the"
              + " overwrite flag. Version %d, the oldest version, can't be deleted because it has a"
              + " label associated with it. Move the label to another version of the parameter, and"
              + " try again.",
          next.name(), oldest);
    }
  }

  /** A parameter never goes back to the standard tier, not even by a race. */
  private static boolean sameTier(StoredParameter now, StoredParameter draft) {
    return now.tier() == draft.tier() || draft.tier() == Tier.ADVANCED;
  }

  /** The parameter that is replaced, or null; refuses to replace what may not be. */
  private static @Nullable StoredParameter before(View view, Call call, PutParameterRequest in) {
    StoredParameter now = ParameterTables.current(view, call.account(), call.region(), in.name());
    if (now != null && !overwrite(in)) {
      throw SsmError.PARAMETER_ALREADY_EXISTS.because(
          "The parameter already exists. To overwrite this value, set the overwrite option in the"
              + " request to true.");
    }
    String twin = ParameterName.twin(in.name());
    if (!twin.equals(in.name())
        && ParameterTables.current(view, call.account(), call.region(), twin) != null) {
      throw SsmError.PARAMETER_ALREADY_EXISTS.because(
          "there is a parameter `%s`, which has the same ARN as `%s`: use that, or another name",
          twin, in.name());
    }
    return now;
  }

  private StoredParameter draft(
      Call call, PutParameterRequest in, @Nullable StoredParameter before) {
    ParameterType type = type(in, before);
    Tier tier = ValueRules.tier(in.tier(), before == null ? null : before.tier(), in.value());
    ValueRules.require(in.value(), tier);
    String pattern =
        in.allowedPattern() != null || before == null
            ? in.allowedPattern()
            : before.allowedPattern();
    ValueRules.requireMatch(in.value(), pattern);
    String keyId = null;
    String value = in.value();
    if (type == ParameterType.SECURE_STRING) {
      keyId = keyId(in, before);
      String arn = ParameterName.arn(call.account(), call.region(), in.name()).toString();
      value = parameters.encrypt(call, keyId, arn, value);
    } else if (in.keyId() != null) {
      throw Wire.invalid("KeyId is required for SecureString type parameter only.");
    }
    return new StoredParameter(
        call.account(),
        call.region(),
        in.name(),
        type,
        tier,
        0,
        value,
        keyId,
        in.description() != null || before == null ? in.description() : before.description(),
        pattern,
        call.now(),
        call.principal().arn().toString());
  }

  private static ParameterType type(PutParameterRequest in, @Nullable StoredParameter before) {
    String asked = in.type();
    if (before == null) {
      if (asked == null) {
        throw Wire.invalid("A parameter type is required when you create a parameter.");
      }
      return ParameterType.of(asked);
    }
    if (asked != null && before.type() != ParameterType.of(asked)) {
      throw SsmError.HIERARCHY_TYPE_MISMATCH.because(
          "the parameter is of type %s and cannot become a %s: delete it first, or use another"
              + " name",
          before.type().wire(), asked);
    }
    return before.type();
  }

  private static String keyId(PutParameterRequest in, @Nullable StoredParameter before) {
    String asked = in.keyId();
    if (asked != null) {
      return asked;
    }
    String kept = before == null ? null : before.keyId();
    return kept == null ? Kms.SSM_ALIAS : kept;
  }

  private static boolean overwrite(PutParameterRequest in) {
    return Boolean.TRUE.equals(in.overwrite());
  }

  private static void requireServed(PutParameterRequest in) {
    if (overwrite(in) && !in.tags().isEmpty()) {
      throw Wire.invalid(
          "Invalid request: tags and overwrite can't be used together. To create a parameter with"
              + " tags, please remove overwrite flag. To update tags for an existing parameter,"
              + " please use AddTagsToResource or RemoveTagsFromResource.");
    }
    if (in.policies() != null) {
      throw Wire.invalid("parameter policies are not served yet: `Policies`");
    }
    if (in.dataType() != null && !in.dataType().equals(Wire.TEXT)) {
      throw Wire.invalid(
          "the data type `" + in.dataType() + "` is not served yet: `DataType` is text");
    }
  }
}
