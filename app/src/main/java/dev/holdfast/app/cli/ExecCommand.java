// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app.cli;

import dev.holdfast.aws.ApiError;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.ecs.DescribeTasksRequest;
import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.aws.ecs.ExecuteCommandRequest;
import dev.holdfast.aws.ecs.ExecuteCommandResponse;
import dev.holdfast.aws.ecs.ListClustersRequest;
import dev.holdfast.aws.ecs.Session;
import dev.holdfast.aws.sigv4.Credentials;
import dev.holdfast.kit.Arn;
import dev.holdfast.kit.JsonValue;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.JsonValue.JsonString;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exec TASK -- CMD}: runs a command in a container of a task, as the local operator. */
@Command(
    name = "exec",
    description = {
      "Run a command in a container of a running task: ./holdfast exec TASK -- sh",
      "On a terminal it is interactive; its exit code becomes this one's.",
      "The task must have been run with --enable-execute-command. Each use is in the audit,",
      "and IAM decides it as ecs:ExecuteCommand of the local operator."
    })
final class ExecCommand implements Callable<Integer> {
  @Mixin private Target target = new Target();

  @Option(
      names = {"-c", "--container"},
      paramLabel = "NAME",
      description = "The container, where the task has several.")
  private @Nullable String container;

  @Option(
      names = "--no-terminal",
      description = "Give the command no terminal even where there is one.")
  private boolean plain;

  @Parameters(index = "0", paramLabel = "TASK", description = "A task id or ARN.")
  private String task = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "CMD",
      description = "The command and its words, behind --")
  private List<String> command = List.of();

  @Override
  public Integer call() throws IOException {
    task = whole(task);
    JsonObject operator = target.get("/credentials");
    var keys =
        new Credentials(
            need(operator, "AccessKeyId"),
            need(operator, "SecretAccessKey"),
            need(operator, "SessionToken"));
    try (HttpClient http = HttpClient.newHttpClient()) {
      String region = Arn.parse(task).map(Arn::region).orElseGet(() -> need(operator, "Region"));
      var client =
          new AwsClient(
              http,
              URI.create(need(operator, "EndpointUrl")),
              region,
              () -> keys,
              InstantSource.system());
      ExecuteCommandResponse opened = open(client);
      Session session = opened.session();
      if (session == null || session.streamUrl() == null || session.tokenValue() == null) {
        throw new CliFailure("the platform opened no session");
      }
      boolean terminal = !plain && Terminal.present();
      return new ExecSessionClient(http, InstantSource.system(), new SecureRandom())
          .run(URI.create(session.streamUrl()), session.tokenValue(), terminal);
    } catch (ApiError e) {
      throw new CliFailure(e.code() + ": " + e.text());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  /** The ARN of the task whose id begins so, as lists show it; else the text as it is. */
  private String whole(String start) {
    if (!start.matches("[0-9a-f]{6,31}")) {
      return start;
    }
    List<JsonValue> found = target.get("/tasks/named?task=" + Explain.encode(start)).array("tasks");
    if (found.size() > 1) {
      throw new CliFailure(found.size() + " tasks begin so; say more of the id");
    }
    return found.size() == 1 && found.getFirst() instanceof JsonString(var arn) ? arn : start;
  }

  private ExecuteCommandResponse open(AwsClient client) throws IOException, InterruptedException {
    return client.call(
        EcsModel.EXECUTE_COMMAND,
        ExecuteCommandRequest.builder()
            .cluster(cluster(client))
            .task(task)
            .container(container)
            .command(command.stream().map(Shell::quote).collect(Collectors.joining(" ")))
            .interactive(true)
            .build());
  }

  /** The cluster that the task is in: its ARN says so, an id is looked for. */
  private String cluster(AwsClient client) throws IOException, InterruptedException {
    Arn arn = Arn.parse(task).orElse(null);
    if (arn != null) {
      String[] parts = arn.resource().split("/", -1);
      return parts.length == 3 ? parts[1] : "default";
    }
    String token = null;
    do {
      var page =
          client.call(
              EcsModel.LIST_CLUSTERS, ListClustersRequest.builder().nextToken(token).build());
      for (String each : page.clusterArns()) {
        var found =
            client.call(
                EcsModel.DESCRIBE_TASKS,
                DescribeTasksRequest.builder().cluster(each).tasks(List.of(task)).build());
        if (!found.tasks().isEmpty()) {
          return each;
        }
      }
      token = page.nextToken();
    } while (token != null);
    throw new CliFailure("no cluster has a task " + task);
  }

  private static String need(JsonObject object, String name) {
    String text = object.string(name);
    if (text == null) {
      throw new CliFailure("the platform's answer lacks " + name);
    }
    return text;
  }
}
