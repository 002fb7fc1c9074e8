// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.service;

import dev.holdfast.aws.ServiceModel;
import java.util.List;

/** A service as the door sees it: what it is on the wire, and what it serves. */
public record ApiService(ServiceModel model, List<Operation<?, ?>> operations) {
  public ApiService {
    operations = List.copyOf(operations);
  }
}
