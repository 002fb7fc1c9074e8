// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws;

import java.util.Set;

/** One operation of a service: its name, its shapes and the errors it may answer. */
public record OperationModel<I extends Shape, O extends Shape>(
    ServiceModel service,
    String name,
    Schema input,
    Schema output,
    String resultWrapper,
    Set<ErrorShape> errors) {

  /** A shape that a codec read by {@link #input}, as what it is. */
  @SuppressWarnings("unchecked")
  public I inputOf(Shape shape) {
    return (I) shape;
  }

  /** A shape that a codec read by {@link #output}, as what it is. */
  @SuppressWarnings("unchecked")
  public O outputOf(Shape shape) {
    return (O) shape;
  }

  @Override
  public String toString() {
    return service.name() + ":" + name;
  }
}
