// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import dev.holdfast.aws.cloudtrail.CloudTrailModel;
import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.aws.sts.StsModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Random values for every generated shape. */
final class Shapes {
  private Shapes() {}

  static Stream<OperationModel<?, ?>> operations() {
    return Stream.of(
            CloudTrailModel.OPERATIONS,
            EcrModel.OPERATIONS,
            EcsModel.OPERATIONS,
            IamModel.OPERATIONS,
            KmsModel.OPERATIONS,
            SsmModel.OPERATIONS,
            StsModel.OPERATIONS)
        .flatMap(List::stream);
  }

  static Shape random(Schema schema, java.util.Random random, int depth) {
    @Nullable Object[] values = new Object[schema.members().size()];
    for (int i = 0; i < values.length; i++) {
      if (random.nextInt(4) > 0) {
        values[i] = value(schema.members().get(i).type(), random, depth);
      }
    }
    return schema.make(values);
  }

  private static @Nullable Object value(Type type, java.util.Random random, int depth) {
    return switch (type) {
      case Type.StringType string ->
          string.values().isEmpty()
              ? "x<&\"\u00e9\n" + random.nextInt(100)
              : string.values().get(random.nextInt(string.values().size()));
      case Type.IntegerType integer ->
          integer.wide() ? (Object) (long) random.nextInt() : (Object) random.nextInt();
      case Type.DecimalType _ -> random.nextInt(1000) / 8.0;
      case Type.BooleanType _ -> random.nextBoolean();
      case Type.TimestampType _ ->
          Instant.ofEpochSecond(1_790_000_000L + random.nextInt(1_000_000));
      case Type.BlobType _ -> null;
      case Type.ListType list -> {
        var items = new ArrayList<Object>();
        for (int i = 0; depth > 0 && i < 2; i++) {
          Object item = value(list.item(), random, depth - 1);
          if (item != null && !(item instanceof List<?> inner && inner.isEmpty())) {
            items.add(item);
          }
        }
        yield items.isEmpty() ? null : items;
      }
      case Type.MapType map -> {
        var entries = new LinkedHashMap<String, Object>();
        Object value = depth > 0 ? value(map.value(), random, depth - 1) : null;
        if (value != null) {
          entries.put("k" + random.nextInt(9), value);
        }
        yield entries.isEmpty() ? null : entries;
      }
      case Type.StructureType structure -> {
        Shape shape = depth > 0 ? random(structure.schema(), random, depth - 1) : null;
        yield shape == null || empty(shape) ? null : shape;
      }
    };
  }

  private static boolean empty(Shape shape) {
    for (int i = 0; i < shape.schema().members().size(); i++) {
      if (shape.member(i) != null) {
        return false;
      }
    }
    return true;
  }
}
