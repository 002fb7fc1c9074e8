// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ssm.model;

/** What a parameter's value is. */
public enum ParameterType {
  STRING("String"),
  STRING_LIST("StringList"),
  /** Encrypted under a KMS key. */
  SECURE_STRING("SecureString");

  private final String wire;

  ParameterType(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }

  /** The type of that name, which the model has checked. */
  public static ParameterType of(String wire) {
    for (ParameterType type : values()) {
      if (type.wire.equals(wire)) {
        return type;
      }
    }
    throw new IllegalArgumentException("no parameter type `" + wire + "`");
  }
}
