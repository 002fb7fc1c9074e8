// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.api;

import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.ecs.CreateCapacityProviderRequest;
import dev.holdfast.aws.ecs.CreateCapacityProviderResponse;
import dev.holdfast.aws.ecs.EcsError;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.model.CapacityProvider;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.service.Access;
import dev.holdfast.service.Call;
import dev.holdfast.service.Demand;
import dev.holdfast.service.Operation;
import dev.holdfast.service.State;
import dev.holdfast.service.Tags;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes a capacity provider: a name for the container instances of its clusters. */
public final class CreateCapacityProvider
    implements Operation<CreateCapacityProviderRequest, CreateCapacityProviderResponse> {
  private static final int MOST = 100;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,255}");

  /** An ARN, or a group's name, which AWS takes too; there are no such groups here to look for. */
  private static final Pattern GROUP =
      Pattern.compile(
          "arn:aws:autoscaling:[a-z0-9-]+:[0-9]{12}:autoScalingGroup:[!-~]{1,800}"
              + "|[a-zA-Z0-9_./-]{1,255}");

  private final State state;

  public CreateCapacityProvider(State state) {
    this.state = state;
  }

  @Override
  public OperationModel<CreateCapacityProviderRequest, CreateCapacityProviderResponse> model() {
    return EcsModel.CREATE_CAPACITY_PROVIDER;
  }

  @Override
  public Access access(Call call, CreateCapacityProviderRequest in) {
    var arn = call.arn("ecs", "capacity-provider/" + in.name());
    return TagRequests.creating(
        Access.of(Demand.on("ecs:CreateCapacityProvider", arn).made(TagRequests.map(in.tags()))),
        "CreateCapacityProvider",
        arn,
        in.tags());
  }

  @Override
  public CreateCapacityProviderResponse handle(Call call, CreateCapacityProviderRequest in) {
    JsonObject document = document(in);
    var tags = TagRequests.checked(in.tags());
    var key = new CapacityProvider.Key(call.account(), call.region(), in.name());
    return state.commit(
        call,
        tx -> {
          var all = tx.list(EcsTables.CAPACITY_PROVIDERS, key.account(), key.region().name());
          if (all.stream().anyMatch(p -> p.key().equals(key))) {
            throw EcsError.CLIENT.because(
                "The specified capacity provider already exists. To change the configuration of an"
                    + " existing capacity provider, update the capacity provider.");
          }
          String group = document.string("autoScalingGroupArn");
          if (all.stream()
              .anyMatch(
                  p -> String.valueOf(p.provider().string("autoScalingGroupArn")).equals(group))) {
            throw EcsError.CLIENT.because(
                "The specified Auto Scaling group ARN is already being used by another capacity"
                    + " provider. Specify a unique Auto Scaling group ARN and try again.");
          }
          if (all.size() >= MOST) {
            throw EcsError.LIMIT_EXCEEDED.because(
                "The limit of %d capacity providers has been reached.", MOST);
          }
          var row = new CapacityProvider(key, document, call.now(), "CREATE_COMPLETE");
          tx.put(EcsTables.CAPACITY_PROVIDERS, key.account(), key, row);
          Tags.add(tx, key.account(), key.arn(), tags);
          return CreateCapacityProviderResponse.builder()
              .capacityProvider(Providers.shape(row, "ACTIVE", TagRequests.of(tx, call, key.arn())))
              .build();
        });
  }

  private static JsonObject document(CreateCapacityProviderRequest in) {
    String lower = in.name().toLowerCase(Locale.ROOT);
    if (!NAME.matcher(in.name()).matches()
        || Stream.of("aws", "ecs", "fargate").anyMatch(lower::startsWith)) {
      throw EcsError.INVALID_PARAMETER.because(
          "The specified capacity provider name is invalid. Up to 255 characters are allowed,"
              + " including letters (upper and lowercase), numbers, underscores, and hyphens. The"
              + " name cannot be prefixed with \"aws\", \"ecs\", or \"fargate\". Specify a valid"
              + " name and try again.");
    }
    if (in.managedInstancesProvider() != null || in.cluster() != null) {
      throw EcsError.INVALID_PARAMETER.because(
          "`managedInstancesProvider` and its `cluster` are not served: nobody manages machines"
              + " here");
    }
    var provider = in.autoScalingGroupProvider();
    if (provider == null || !GROUP.matcher(provider.autoScalingGroupArn()).matches()) {
      throw EcsError.INVALID_PARAMETER.because(
          "The specified Auto Scaling group ARN is invalid. Specify a valid Auto Scaling group ARN"
              + " and try again.");
    }
    return Providers.normalized(Wire.json(provider));
  }
}
