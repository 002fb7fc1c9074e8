// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.agent;

import java.util.List;

/**
 * Names every container instance that a host serves now: sent on the host's stream when it opens
 * and after each change. The list is complete; what is missing from it is gone.
 */
public record HostInstancesMessage(String messageId, List<Instance> instances)
    implements AgentMessage.FromPlatform {
  public HostInstancesMessage {
    messageId = Required.member(messageId, "messageId");
    instances = List.copyOf(instances);
  }

  /** One container instance, which is served by an ACS stream of its own. */
  public record Instance(String containerInstanceArn, String clusterArn, String region) {
    public Instance {
      containerInstanceArn = Required.member(containerInstanceArn, "containerInstanceArn");
      clusterArn = Required.member(clusterArn, "clusterArn");
      region = Required.member(region, "region");
    }
  }
}
