// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.ecs;

import dev.holdfast.aws.ecs.EcsModel;
import dev.holdfast.ecs.api.CreateCapacityProvider;
import dev.holdfast.ecs.api.CreateCluster;
import dev.holdfast.ecs.api.CreateService;
import dev.holdfast.ecs.api.DeleteAccountSetting;
import dev.holdfast.ecs.api.DeleteAttributes;
import dev.holdfast.ecs.api.DeleteCapacityProvider;
import dev.holdfast.ecs.api.DeleteCluster;
import dev.holdfast.ecs.api.DeleteService;
import dev.holdfast.ecs.api.DeleteTaskDefinitions;
import dev.holdfast.ecs.api.DeregisterContainerInstance;
import dev.holdfast.ecs.api.DeregisterTaskDefinition;
import dev.holdfast.ecs.api.DescribeCapacityProviders;
import dev.holdfast.ecs.api.DescribeClusters;
import dev.holdfast.ecs.api.DescribeContainerInstances;
import dev.holdfast.ecs.api.DescribeServiceDeployments;
import dev.holdfast.ecs.api.DescribeServiceRevisions;
import dev.holdfast.ecs.api.DescribeServices;
import dev.holdfast.ecs.api.DescribeTaskDefinition;
import dev.holdfast.ecs.api.DescribeTasks;
import dev.holdfast.ecs.api.DiscoverPollEndpoint;
import dev.holdfast.ecs.api.EventWire;
import dev.holdfast.ecs.api.ExecuteCommand;
import dev.holdfast.ecs.api.GetTaskProtection;
import dev.holdfast.ecs.api.ListAccountSettings;
import dev.holdfast.ecs.api.ListAttributes;
import dev.holdfast.ecs.api.ListClusters;
import dev.holdfast.ecs.api.ListContainerInstances;
import dev.holdfast.ecs.api.ListServiceDeployments;
import dev.holdfast.ecs.api.ListServices;
import dev.holdfast.ecs.api.ListServicesByNamespace;
import dev.holdfast.ecs.api.ListTagsForResource;
import dev.holdfast.ecs.api.ListTaskDefinitionFamilies;
import dev.holdfast.ecs.api.ListTaskDefinitions;
import dev.holdfast.ecs.api.ListTasks;
import dev.holdfast.ecs.api.PutAccountSetting;
import dev.holdfast.ecs.api.PutAccountSettingDefault;
import dev.holdfast.ecs.api.PutAttributes;
import dev.holdfast.ecs.api.PutClusterCapacityProviders;
import dev.holdfast.ecs.api.RegisterContainerInstance;
import dev.holdfast.ecs.api.RegisterTaskDefinition;
import dev.holdfast.ecs.api.RunTask;
import dev.holdfast.ecs.api.StopServiceDeployment;
import dev.holdfast.ecs.api.StopTask;
import dev.holdfast.ecs.api.SubmitAttachmentStateChanges;
import dev.holdfast.ecs.api.SubmitContainerStateChange;
import dev.holdfast.ecs.api.SubmitTaskStateChange;
import dev.holdfast.ecs.api.TagResource;
import dev.holdfast.ecs.api.UntagResource;
import dev.holdfast.ecs.api.UpdateCapacityProvider;
import dev.holdfast.ecs.api.UpdateCluster;
import dev.holdfast.ecs.api.UpdateClusterSettings;
import dev.holdfast.ecs.api.UpdateContainerInstancesState;
import dev.holdfast.ecs.api.UpdateService;
import dev.holdfast.ecs.api.UpdateTaskProtection;
import dev.holdfast.ecs.control.Controllers;
import dev.holdfast.ecs.control.Journal;
import dev.holdfast.ecs.control.LiveTasks;
import dev.holdfast.ecs.control.Streams;
import dev.holdfast.ecs.control.TaskStreams;
import dev.holdfast.ecs.daily.Daily;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.Task;
import dev.holdfast.ecs.plan.TaskExplanation;
import dev.holdfast.ecs.port.EcsDependencies;
import dev.holdfast.ecs.state.Alarms;
import dev.holdfast.ecs.state.Census;
import dev.holdfast.ecs.state.Connections;
import dev.holdfast.ecs.state.Deploying;
import dev.holdfast.ecs.state.ExecSessions;
import dev.holdfast.ecs.state.Launcher;
import dev.holdfast.ecs.state.ServiceReport;
import dev.holdfast.ecs.state.Services;
import dev.holdfast.ecs.state.Tasks;
import dev.holdfast.kit.Arn;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.Door;
import dev.holdfast.service.Operation;
import dev.holdfast.service.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ECS: clusters, task definitions, tasks, services, placement, and the sessions of agents. */
public final class Ecs implements AutoCloseable {
  private final EcsDependencies deps;
  private final Connections connections;
  private final Alarms alarms = new Alarms();
  private final Tasks tasks;
  private final ExecSessions sessions;
  private final Launcher launcher;
  private final Census census;
  private final Journal journal;
  private final Controllers controllers;

  private Ecs(EcsDependencies deps) {
    this.deps = deps;
    this.connections = new Connections(deps.nanos());
    this.tasks = new Tasks(deps.roles());
    this.sessions = new ExecSessions(deps.random(), deps.nanos());
    this.launcher = new Launcher(deps, connections);
    this.census = new Census(deps.state());
    this.journal = new Journal(deps.state(), new EventWire(connections, deps.host())::event);
    this.controllers =
        new Controllers(deps, tasks, connections, alarms, launcher, sessions, journal);
  }

  public static Ecs create(EcsDependencies deps) {
    return new Ecs(deps);
  }

  public ApiService service() {
    return new ApiService(EcsModel.SERVICE, operations());
  }

  private List<Operation<?, ?>> operations() {
    var state = deps.state();
    var pages = deps.pages();
    var all = new ArrayList<Operation<?, ?>>(services());
    all.addAll(capacity());
    all.addAll(
        List.of(
            new CreateCluster(state),
            new DeleteCluster(state),
            new DescribeClusters(state, census),
            new ListClusters(state, pages),
            new RegisterTaskDefinition(state, deps.images(), deps.roles(), deps.guardrails()),
            new DescribeTaskDefinition(state),
            new DeregisterTaskDefinition(state),
            new DeleteTaskDefinitions(state),
            new ListTaskDefinitions(state, pages),
            new ListTaskDefinitionFamilies(state, pages),
            new RunTask(deps, launcher),
            new StopTask(state, tasks),
            new ExecuteCommand(deps, connections, sessions),
            new DescribeTasks(state),
            new ListTasks(state, pages),
            new RegisterContainerInstance(state, connections, deps.host(), alarms, deps.random()),
            new DeregisterContainerInstance(state, tasks, connections, deps.host()),
            new DescribeContainerInstances(state, connections, deps.host()),
            new ListContainerInstances(state, pages, connections, deps.host()),
            new UpdateContainerInstancesState(state, connections, deps.host()),
            new DiscoverPollEndpoint(deps.endpoint(), deps.outward(), alarms),
            new SubmitTaskStateChange(state, tasks, alarms),
            new SubmitContainerStateChange(state, tasks, alarms),
            new SubmitAttachmentStateChanges(state, tasks, alarms),
            new TagResource(state),
            new UntagResource(state),
            new ListTagsForResource(state)));
    return List.copyOf(all);
  }

  private List<Operation<?, ?>> capacity() {
    var state = deps.state();
    var pages = deps.pages();
    return List.of(
        new CreateCapacityProvider(state),
        new DeleteCapacityProvider(state),
        new DescribeCapacityProviders(state, pages),
        new UpdateCapacityProvider(state),
        new PutClusterCapacityProviders(state),
        new UpdateCluster(state),
        new UpdateClusterSettings(state),
        new PutAttributes(state),
        new DeleteAttributes(state),
        new ListAttributes(state, pages),
        new PutAccountSetting(state),
        new PutAccountSettingDefault(state),
        new DeleteAccountSetting(state),
        new ListAccountSettings(state, pages));
  }

  private List<Operation<?, ?>> services() {
    var state = deps.state();
    var pages = deps.pages();
    var deploying = new Deploying(launcher);
    return List.of(
        new CreateService(deps, deploying),
        new UpdateService(deps, deploying),
        new DeleteService(deps),
        new DescribeServices(state),
        new ListServices(state, pages),
        new ListServicesByNamespace(pages),
        new ListServiceDeployments(state, pages),
        new DescribeServiceDeployments(state),
        new DescribeServiceRevisions(state),
        new StopServiceDeployment(deps),
        new GetTaskProtection(state),
        new UpdateTaskProtection(state));
  }

  /**
   * The agents' websockets, {@code /acs/} and {@code /tacs/}, and those of sessions with
   * containers.
   */
  public List<Route> routes(Door door) {
    Streams streams = controllers.streams(door);
    return List.of(
        new Route("/acs/", streams::commands),
        new Route("/tacs/", streams::telemetry),
        new Route("/v1/data-channel/", streams::dataChannel));
  }

  /** Starts the control loops; once. */
  public void start() {
    controllers.start();
  }

  /** Whether the local agent listens, so that tasks can run here. */
  public boolean localAgentConnected() {
    return connections.connected(Connections.LOCAL_HOST);
  }

  /** The other machines of the platform's operator. */
  public Fleet fleet() {
    return new Fleet(deps.state(), tasks, connections, alarms);
  }

  /** What was refused of late because somebody acted as a host that it is not, a line each. */
  public List<String> alarms() {
    return alarms.standing(deps.clock().instant());
  }

  /** Which agents listen; tests without an agent say so here. */
  Connections connections() {
    return connections;
  }

  /** What runs beside the operations; tests that do not start it have it turn by themselves. */
  Controllers controllers() {
    return controllers;
  }

  /** The tasks of all accounts that have not stopped. */
  public List<Arn> liveTasks() {
    return deps.state().read(view -> LiveTasks.keys(view, _ -> true)).stream()
        .map(Task.Key::arn)
        .toList();
  }

  /** How many tasks of all accounts have not stopped. */
  public int liveTaskCount() {
    return deps.state().read(LiveTasks::count);
  }

  /**
   * The tasks of a service, or of that id or ARN, in any account; those that live where some do.
   *
   * @param cluster its name; empty means any
   */
  public List<Arn> tasksNamed(String name, String cluster) {
    return deps.state().read(view -> TaskStreams.named(view, name, cluster));
  }

  /** Whether there is a service of that name, in any account, that is not over. */
  public boolean serviceNamed(String name, String cluster) {
    return deps.state().read(view -> TaskStreams.serviceNamed(view, name, cluster));
  }

  /** How a task stands; empty where it is not known any more. */
  public Optional<TaskStanding> standing(Arn task) {
    return deps.state().read(view -> TaskStreams.standing(view, task));
  }

  /** The other machine that a task is on, by its name; empty on the platform's own. */
  public Optional<String> elsewhere(Arn task) {
    return deps.state().read(view -> TaskStreams.elsewhere(view, task));
  }

  /** The log streams that a task's containers write to. */
  public List<TaskStream> logStreams(Arn task) {
    return deps.state().read(view -> TaskStreams.of(view, task));
  }

  /**
   * Wants every task of every account stopped, each with its own stop timeout. Services start none
   * in their place while this process lives.
   */
  public void stopAll(String reason) {
    controllers.stopAll(reason);
  }

  /** How services stand, those in trouble with what is wrong. */
  public ServiceReport serviceReport() {
    return deps.state()
        .read(
            view -> {
              var report = ServiceReport.NONE;
              for (Service service : view.all(EcsTables.SERVICES)) {
                report = report.and(service, Services.counts(view, service.key()).values());
              }
              return report;
            });
  }

  /** What happens, numbered. */
  public Journal journal() {
    return journal;
  }

  /** How things are, and were, for people. */
  public Daily daily() {
    return new Daily(deps, connections, controllers.usage());
  }

  /** What was decided for a task; empty where there is none of this ARN. */
  public Optional<TaskExplanation> explain(Arn task) {
    return deps.state().read(view -> Tasks.find(view, task).map(TaskExplanation::of));
  }

  @Override
  public void close() {
    controllers.close();
    launcher.close();
    census.close();
  }
}
