// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.iam.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The trust policy of a role. Principals are held by unique id, so that a user or role that is
 * deleted and made again is not trusted again.
 *
 * @param document as it was given
 * @param saved the document with unique ids in place of the ARNs of users and roles
 * @param principals the unique id that each such ARN had when the document was saved
 */
public record Trust(String document, String saved, Map<String, String> principals) {
  public Trust {
    principals = Collections.unmodifiableMap(new LinkedHashMap<>(principals));
  }
}
