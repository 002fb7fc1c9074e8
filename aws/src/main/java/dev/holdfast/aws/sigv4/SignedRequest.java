// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.aws.sigv4;

import java.util.ArrayList;
import java.util.List;

/**
 * A request as Signature Version 4 sees it.
 *
 * @param rawPath the path exactly as on the wire, still escaped
 * @param rawQuery the query exactly as on the wire, still escaped; empty where there is none
 * @param headers every header field in wire order, names in any case
 */
public record SignedRequest(String method, String rawPath, String rawQuery, List<Header> headers) {

  /** One header field. */
  public record Header(String name, String value) {
    /** Without the value, which may be a signature, a token or a password. */
    @Override
    public String toString() {
      return name + ": ***";
    }
  }

  public SignedRequest {
    headers = List.copyOf(headers);
  }

  /** How often a header is there. */
  int count(String name) {
    int count = 0;
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        count++;
      }
    }
    return count;
  }

  /** All values of a header, in order. */
  public List<String> values(String name) {
    var values = new ArrayList<String>(1);
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        values.add(header.value());
      }
    }
    return values;
  }
}
