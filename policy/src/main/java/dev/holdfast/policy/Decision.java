// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.policy;

/** The verdict over one request. */
public sealed interface Decision {

  /** Every layer that must allow does, and none denies. */
  record Allowed() implements Decision {
    static final Allowed ALLOWED = new Allowed();

    @Override
    public boolean allowed() {
      return true;
    }
  }

  /** A refusal. */
  sealed interface Denied extends Decision {
    Layer layer();

    @Override
    default boolean allowed() {
      return false;
    }

    /** The part of AWS's message that says why, beginning with {@code because} or {@code with}. */
    String because(String action);

    /** AWS's message for this refusal of {@code request}. */
    default String text(Request request) {
      return text(
          request.caller().arn(), request.action(), request.resource(), request.crossAccount());
    }

    /**
     * AWS's message. A caller from another account is not told which layer refused, lest it learn
     * the owner's policies.
     */
    default String text(String principalArn, String action, String resource, boolean crossAccount) {
      String what =
          "User: "
              + principalArn
              + " is not authorized to perform: "
              + action
              + " on resource: "
              + resource;
      return crossAccount ? what : what + " " + because(action);
    }
  }

  /** Nothing in {@code layer} allows the action. */
  record ImplicitDeny(Layer layer) implements Denied {
    @Override
    public String because(String action) {
      return "because no " + layer.words() + " allows the " + action + " action";
    }
  }

  /** A Deny statement matched. */
  record ExplicitDeny(Layer layer, Match match) implements Denied {
    @Override
    public String because(String action) {
      return "with an explicit deny in " + layer.withArticle();
    }
  }

  boolean allowed();

  /** The name the policy simulator gives the verdict: {@code EvalDecision}. */
  default String evalDecision() {
    return switch (this) {
      case Allowed _ -> "allowed";
      case ImplicitDeny _ -> "implicitDeny";
      case ExplicitDeny _ -> "explicitDeny";
    };
  }
}
