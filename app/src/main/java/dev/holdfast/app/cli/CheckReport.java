// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.service.Finding;
import java.util.List;

/**
 * What {@code fsck} found and did.
 *
 * @param looked what was looked at, in words
 * @param done what was changed, a sentence each
 */
public record CheckReport(String looked, List<Finding> findings, List<String> done) {
  public CheckReport {
    findings = List.copyOf(findings);
    done = List.copyOf(done);
  }

  public long damages() {
    return findings.stream().filter(Finding::isDamage).count();
  }
}
