// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.service.Access;
import dev.holdfast.service.Demand;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No operation reaches these bounds by its lists; {@code LongListsTest} sees to that. */
class CallBoundsTest {
  private static final ServiceModel ECS = EcsModel.DESCRIBE_TASKS.service();
  private static final ServiceModel SSM = SsmModel.REMOVE_TAGS_FROM_RESOURCE.service();

  private static Access of(int demands, int values) {
    Demand demand =
        Demand.on("ecs:DescribeTasks").tagKeys(List.copyOf(Collections.nCopies(values, "k")));
    return new Access(Collections.nCopies(demands, demand));
  }

  private static void passes(Access access) {
    assertThatCode(() -> CallBounds.require(ECS, access)).doesNotThrowAnyException();
  }

  private static void refuses(ServiceModel service, Access access, String code, String text) {
    assertThatThrownBy(() -> CallBounds.require(service, access))
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void aCallIsForAThousandResourcesAtMost() {
    passes(of(1_000, 0));
    refuses(ECS, of(1_001, 0), "InvalidParameterException", "more than 1000 resources");
  }

  @Test
  void conditionsLookAtTenThousandValuesAtMost() {
    passes(of(1, 10_000));
    refuses(SSM, of(1, 10_001), "ValidationException", "more than 10000 values");
    passes(of(100, 100));
    refuses(ECS, of(100, 101), "InvalidParameterException", "more than 10000 values");
  }
}
