// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs.plan;

import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceDeployment;
import java.util.ArrayList;
import java.util.List;

/**
 * A service, the deployment that it is in, and what is to be told of them.
 *
 * @param events in the order in which they happened
 */
public record Course(Service service, ServiceDeployment deployment, List<String> events) {
  public Course {
    events = List.copyOf(events);
  }

  Course with(Service changed) {
    return new Course(changed, deployment, events);
  }

  Course with(ServiceDeployment changed) {
    return new Course(service, changed, events);
  }

  /** With an event, which AWS begins with the service's name. */
  public Course told(String text) {
    var more = new ArrayList<>(events);
    more.add("(service " + service.key().name() + ") " + text);
    return new Course(service, deployment, more);
  }
}
