// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.gateway;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.CommonError;
import dev.holdfast.aws.ErrorShape;
import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Protocol;
import dev.holdfast.aws.ServiceModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.XmlCodec;
import dev.holdfast.http.Exchange;
import dev.holdfast.http.Exchange.Header;
import dev.holdfast.kit.Json;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonArray;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Printable;
import dev.holdfast.service.RequestId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes results and errors the way a service's protocol wants them. */
final class Answers {
  private static final String JSON = "application/x-amz-json-1.1";

  private Answers() {}

  static void result(
      Exchange exchange,
      OperationModel<?, ?> operation,
      Shape result,
      RequestId id,
      List<String> notes)
      throws IOException {
    byte[] body =
        switch (operation.service().protocol()) {
          case JSON -> JsonCodec.bytes(result);
          case QUERY -> XmlCodec.response(operation, result, id.text());
        };
    exchange.respond(200, headers(operation.service().protocol(), id, notes), body);
  }

  static void error(
      Exchange exchange, ServiceModel service, ApiError error, RequestId id, List<String> notes)
      throws IOException {
    error(exchange, service, spelled(error.shape(), service.protocol()), error, id, notes);
  }

  /**
   * Writes an error of the operation's own, which may have the name that a common one has in
   * another protocol.
   */
  static void modelled(Exchange exchange, ServiceModel service, ApiError error, RequestId id)
      throws IOException {
    error(exchange, service, error.shape(), error, id, List.of());
  }

  private static void error(
      Exchange exchange,
      ServiceModel service,
      ErrorShape shape,
      ApiError error,
      RequestId id,
      List<String> notes)
      throws IOException {
    byte[] body =
        switch (service.protocol()) {
          case JSON -> json(shape, error);
          case QUERY -> XmlCodec.error(service.xmlNamespace(), shape, error.text(), id.text());
        };
    exchange.respond(shape.status(), headers(service.protocol(), id, notes), body);
  }

  private static byte[] json(ErrorShape shape, ApiError error) {
    JsonObject body = JsonObject.EMPTY.with("__type", shape.code()).with("message", error.text());
    for (var member : error.members().entrySet()) {
      body = body.with(member.getKey(), value(member.getValue()));
    }
    return Json.bytes(body);
  }

  private static JsonValue value(Object value) {
    return switch (value) {
      case Number number -> JsonValue.JsonNumber.of(number.longValue());
      case List<?> list -> JsonArray.ofStrings(list.stream().map(String::valueOf).toList());
      default -> new JsonValue.JsonString(value.toString());
    };
  }

  /**
   * Common errors have a name in each protocol; whoever threw one need not know which is spoken.
   */
  private static ErrorShape spelled(ErrorShape shape, Protocol protocol) {
    for (CommonError common : CommonError.values()) {
      if (common.in(Protocol.JSON).equals(shape) || common.in(Protocol.QUERY).equals(shape)) {
        return common.in(protocol);
      }
    }
    return shape;
  }

  private static List<Header> headers(Protocol protocol, RequestId id, List<String> notes) {
    var headers = new ArrayList<Header>();
    headers.add(new Header("Content-Type", protocol == Protocol.JSON ? JSON : "text/xml"));
    headers.add(new Header("x-amzn-RequestId", id.text()));
    notes.forEach(note -> headers.add(new Header("x-holdfast-guardrail", printable(note))));
    return headers;
  }

  /** A header holds printable ASCII only; anything else could begin a header of its own. */
  private static String printable(String text) {
    String flat = Printable.ascii(text);
    return flat.length() <= 1_000 ? flat : flat.substring(0, 1_000);
  }
}
