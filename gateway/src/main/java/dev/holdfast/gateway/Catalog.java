// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.Operation;
import dev.holdfast.service.UnsignedOperation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What is served: services by their names on the wire, operations by name. */
public final class Catalog {
  /** What is served without a signature, as by AWS, and nothing else. */
  public static final Set<String> UNSIGNED = Set.of("sts:AssumeRoleWithWebIdentity");

  private final Map<String, ApiService> services = new HashMap<>();
  private final Map<String, Operation<?, ?>> operations = new HashMap<>();
  private final ConcurrentSkipListMap<String, LongAdder> unknown = new ConcurrentSkipListMap<>();

  public Catalog(List<ApiService> served) {
    for (ApiService service : served) {
      services.put(service.model().name(), service);
      for (Operation<?, ?> operation : service.operations()) {
        String name = operation.model().toString();
        if (operation instanceof UnsignedOperation<?, ?> != UNSIGNED.contains(name)) {
          throw new IllegalArgumentException(
              "operation " + name + " is not both named and made to be called unsigned");
        }
        if (operations.put(name, operation) != null) {
          throw new IllegalArgumentException("operation " + name + " is listed twice");
        }
      }
    }
  }

  /** Every operation, for tests that hold all of them to the same contract. */
  public List<Operation<?, ?>> operations() {
    return List.copyOf(operations.values());
  }

  /** The JSON service of an {@code X-Amz-Target} such as {@code AmazonSSM.GetParameter}. */
  Optional<ServiceModel> byTarget(String target) {
    int dot = target.lastIndexOf('.');
    String prefix = dot < 0 ? "" : target.substring(0, dot);
    return services.values().stream()
        .map(ApiService::model)
        .filter(m -> m.protocol() == Protocol.JSON && m.targetPrefix().equals(prefix))
        .findFirst();
  }

  /** The query service that a request is scoped to. */
  Optional<ServiceModel> bySigningName(String signingName) {
    return services.values().stream()
        .map(ApiService::model)
        .filter(m -> m.protocol() == Protocol.QUERY && m.signingName().equals(signingName))
        .findFirst();
  }

  /** The query service that has an action; for requests that say nothing else. */
  Optional<ServiceModel> byAction(String action) {
    return services.values().stream()
        .map(ApiService::model)
        .filter(m -> m.protocol() == Protocol.QUERY && m.allOperations().contains(action))
        .findFirst();
  }

  /** A service that is ours; another of the same name (a foreign target) has no operations. */
  Optional<Operation<?, ?>> operation(ServiceModel service, String name) {
    ApiService served = services.get(service.name());
    return served == null || !served.model().equals(service)
        ? Optional.empty()
        : Optional.ofNullable(operations.get(service.name() + ":" + name));
  }

  /** The operation where it is called without a signature. */
  Optional<UnsignedOperation<?, ?>> unsigned(ServiceModel service, String name) {
    return operation(service, name)
        .filter(UnsignedOperation.class::isInstance)
        .map(operation -> (UnsignedOperation<?, ?>) operation);
  }

  /** Counts a call of something that AWS has and we do not serve yet. */
  void missed(ServiceModel service, String operation) {
    if (service.allOperations().contains(operation)) {
      unknown.computeIfAbsent(service.name() + ":" + operation, _ -> new LongAdder()).increment();
    }
  }

  /** Calls of operations that are not served yet, by name. */
  public Map<String, Long> missed() {
    var counts = new java.util.TreeMap<String, Long>();
    unknown.forEach((name, count) -> counts.put(name, count.sum()));
    return counts;
  }
}
