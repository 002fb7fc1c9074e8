// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.agent.link;

import dev.holdfast.agent.engine.Commands;
import dev.holdfast.agent.engine.Containers;
import dev.holdfast.agent.task.Tasks;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What all streams of one agent share.
 *
 * @param endpoint the platform's base URL, without a slash at its end
 * @param status told why the platform cannot use this host; empty where it can
 */
record PlatformLink(
    HttpClient http,
    URI endpoint,
    HostIdentity identity,
    Tasks tasks,
    Commands commands,
    Containers containers,
    String agentVersion,
    String dockerVersion,
    Consumer<String> status) {

  URI uri(String path, Map<String, String> query) {
    String text =
        query.entrySet().stream()
            .map(e -> e.getKey() + "=" + encode(e.getValue()))
            .sorted()
            .collect(Collectors.joining("&"));
    return URI.create(endpoint + path + "?" + text);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
