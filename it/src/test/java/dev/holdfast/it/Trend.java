// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.it;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How a measure went over the last two thirds of a run: the first third is for warming up.
 *
 * @param begin what the straight line through the samples shows at their beginning
 * @param end what it shows at their end
 * @param noise the standard deviation of the samples from that line
 * @param unit of all of these; may be empty
 * @param floor the growth that means nothing
 */
record Trend(String name, double begin, double end, double noise, String unit, double floor) {
  /** One look at a server: bytes, and numbers of threads and files. */
  record Sample(long heap, long threads, long files, long data) {}

  /** The trend of one measure of all samples. */
  static <S> Trend of(
      String name, List<S> all, ToDoubleFunction<S> measure, String unit, double floor) {
    double[] y = all.subList(all.size() / 3, all.size()).stream().mapToDouble(measure).toArray();
    double middle = (y.length - 1) / 2.0;
    double mean = 0;
    for (double value : y) {
      mean += value / y.length;
    }
    double above = 0;
    double below = 0;
    for (int i = 0; i < y.length; i++) {
      above += (i - middle) * (y[i] - mean);
      below += (i - middle) * (i - middle);
    }
    double slope = below == 0 ? 0 : above / below;
    double squares = 0;
    for (int i = 0; i < y.length; i++) {
      double off = y[i] - (mean + slope * (i - middle));
      squares += off * off / y.length;
    }
    return new Trend(
        name, mean - slope * middle, mean + slope * middle, Math.sqrt(squares), unit, floor);
  }

  /** Whether it grew by more than noise explains. */
  boolean grows() {
    return end - begin > Math.max(floor, 2 * noise);
  }

  /** Whether it grew by a twentieth or more, and by more than what means nothing. */
  boolean swells() {
    return end - begin > Math.max(floor, begin / 20);
  }

  String text() {
    return String.format(
        Locale.ROOT, "%s %.1f to %.1f %s (noise %.1f)", name, begin, end, unit, noise);
  }
}
