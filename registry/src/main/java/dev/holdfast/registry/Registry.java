// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.registry;

import dev.holdfast.aws.ecr.EcrModel;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.api.BatchDeleteImage;
import dev.holdfast.registry.api.BatchGetImage;
import dev.holdfast.registry.api.CreateRepository;
import dev.holdfast.registry.api.DeleteLifecyclePolicy;
import dev.holdfast.registry.api.DeleteRegistryPolicy;
import dev.holdfast.registry.api.DeleteRepository;
import dev.holdfast.registry.api.DeleteRepositoryPolicy;
import dev.holdfast.registry.api.DescribeImages;
import dev.holdfast.registry.api.DescribeRepositories;
import dev.holdfast.registry.api.GetAuthorizationToken;
import dev.holdfast.registry.api.GetLifecyclePolicy;
import dev.holdfast.registry.api.GetRegistryPolicy;
import dev.holdfast.registry.api.GetRepositoryPolicy;
import dev.holdfast.registry.api.Judged;
import dev.holdfast.registry.api.ListImages;
import dev.holdfast.registry.api.ListTagsForResource;
import dev.holdfast.registry.api.PutImageScanningConfiguration;
import dev.holdfast.registry.api.PutImageTagMutability;
import dev.holdfast.registry.api.PutLifecyclePolicy;
import dev.holdfast.registry.api.PutRegistryPolicy;
import dev.holdfast.registry.api.SetRepositoryPolicy;
import dev.holdfast.registry.api.TagResource;
import dev.holdfast.registry.api.UntagResource;
import dev.holdfast.registry.blob.BlobStore;
import dev.holdfast.registry.control.Collector;
import dev.holdfast.registry.control.Damage;
import dev.holdfast.registry.control.Expiry;
import dev.holdfast.registry.control.RepositoryPolicies;
import dev.holdfast.registry.control.Scrub;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.registry.model.Image;
import dev.holdfast.registry.model.Images;
import dev.holdfast.registry.model.RegistryTables;
import dev.holdfast.registry.model.TagMutability;
import dev.holdfast.registry.oci.OciDependencies;
import dev.holdfast.registry.oci.OciHandler;
import dev.holdfast.registry.plan.ImageReference;
import dev.holdfast.registry.token.Principals;
import dev.holdfast.registry.token.Tokens;
import dev.holdfast.service.ApiService;
import dev.holdfast.service.AuditLog;
import dev.holdfast.service.BoundPolicies;
import dev.holdfast.service.Endpoint;
import dev.holdfast.service.Guard;
import dev.holdfast.service.Guardrails;
import dev.holdfast.service.Operation;
import dev.holdfast.service.PageTokens;
import dev.holdfast.service.Profile;
import dev.holdfast.service.Route;
import dev.holdfast.service.Seal;
import dev.holdfast.service.State;
import dev.holdfast.service.UniqueIds;
import dev.holdfast.service.Workload;
import dev.holdfast.store.Table;
import dev.holdfast.store.View;
import dev.holdfast.store.space.Urgency;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The registry: ECR's API, the OCI distribution API, and what an image's name means. */
public final class Registry implements AutoCloseable {

  /**
   * What a registry is built from.
   *
   * @param ids whom policies name
   * @param tokenSeal of registry tokens alone
   * @param random for ids
   */
  public record Dependencies(
      State state,
      BlobStore blobs,
      Principals principals,
      UniqueIds ids,
      Guard guard,
      Guardrails guardrails,
      AuditLog audit,
      Seal tokenSeal,
      PageTokens pages,
      Supplier<Endpoint> endpoint,
      SecureRandom random,
      InstantSource clock,
      Workload workload) {}

  private final ApiService service;
  private final OciHandler oci;
  private final Supplier<Endpoint> endpoint;
  private final Collector collector;
  private final Scrub scrub;
  private final Damage damage;
  private final Expiry expiry;
  private volatile List<String> former = List.of();

  private Registry(
      ApiService service,
      OciHandler oci,
      Supplier<Endpoint> endpoint,
      Collector collector,
      Scrub scrub,
      Damage damage,
      Expiry expiry) {
    this.service = service;
    this.oci = oci;
    this.endpoint = endpoint;
    this.collector = collector;
    this.scrub = scrub;
    this.damage = damage;
    this.expiry = expiry;
  }

  public static Registry create(Dependencies deps) {
    var tokens = new Tokens(deps.tokenSeal(), deps.principals());
    var policies = new RepositoryPolicies(deps.state(), new BoundPolicies(deps.ids()));
    var oci =
        new OciHandler(
            new OciDependencies(
                deps.state(),
                deps.blobs(),
                tokens,
                (call, access) -> deps.guard().require(call, policies.judged(call, access)),
                deps.audit(),
                deps.endpoint(),
                deps.random(),
                deps.clock(),
                deps.workload()));
    return new Registry(
        ecr(deps, tokens, policies),
        oci,
        deps.endpoint(),
        new Collector(deps.state(), deps.blobs()),
        new Scrub(deps.state(), deps.blobs(), deps.clock(), Scrub.PACE),
        new Damage(deps.state(), deps.blobs()),
        new Expiry(deps.state(), deps.audit()));
  }

  private static ApiService ecr(Dependencies deps, Tokens tokens, RepositoryPolicies policies) {
    State state = deps.state();
    TagMutability byDefault =
        deps.guardrails().profile() == Profile.DEV
            ? TagMutability.MUTABLE
            : TagMutability.IMMUTABLE;
    List<Operation<?, ?>> operations =
        List.of(
            new BatchDeleteImage(state),
            new BatchGetImage(state),
            new CreateRepository(state, deps.endpoint(), byDefault),
            new DeleteLifecyclePolicy(state),
            new DeleteRegistryPolicy(state, policies),
            new DeleteRepository(state, deps.endpoint()),
            new DeleteRepositoryPolicy(state, policies),
            new DescribeImages(state, deps.pages()),
            new DescribeRepositories(state, deps.pages(), deps.endpoint()),
            new GetAuthorizationToken(tokens, deps.endpoint()),
            new GetLifecyclePolicy(state),
            new GetRegistryPolicy(state, policies),
            new GetRepositoryPolicy(state, policies),
            new ListImages(state, deps.pages()),
            new ListTagsForResource(state),
            new PutImageScanningConfiguration(state),
            new PutImageTagMutability(state),
            new PutLifecyclePolicy(state),
            new PutRegistryPolicy(state, policies),
            new SetRepositoryPolicy(state, policies),
            new TagResource(state),
            new UntagResource(state));
    return new ApiService(
        EcrModel.SERVICE,
        operations.stream()
            .<Operation<?, ?>>map(operation -> new Judged<>(operation, policies))
            .toList());
  }

  public ApiService service() {
    return service;
  }

  public List<Route> routes() {
    return List.of(new Route("/v2", oci));
  }

  /**
   * What the image of a container definition refers to.
   *
   * @param caller whose registry it is where the image names no account
   */
  public ImageReference parse(String image, AccountId caller, Region region) {
    ImageReference parsed = ImageReference.parse(image, endpoint.get().registry(), caller, region);
    for (String address : former) {
      if (parsed instanceof ImageReference.Foreign) {
        parsed = ImageReference.parse(image, address, caller, region);
      }
    }
    return parsed;
  }

  /**
   * Remembers the address of today, and from now on knows all former ones too: a platform that was
   * started on another port still runs what was registered before.
   */
  public void rememberAddress(State state) {
    var today = new RegistryTables.Address(endpoint.get().registry());
    former =
        state.own(
            Urgency.VITAL,
            tx -> {
              tx.put(RegistryTables.ADDRESSES, Table.PLATFORM, today.authority(), today);
              return tx.list(RegistryTables.ADDRESSES, Table.PLATFORM).stream()
                  .map(RegistryTables.Address::authority)
                  .toList();
            });
  }

  /**
   * The digest that a reference means now.
   *
   * @return empty where the repository has no such image
   */
  public Optional<Digest> resolve(View view, ImageReference.Own reference) {
    Digest digest = reference.digest();
    if (digest == null) {
      String tag = reference.tag();
      digest =
          Images.tagged(view, reference.repositoryId(), tag == null ? "latest" : tag).orElse(null);
    }
    if (digest == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(Images.find(view, reference.repositoryId(), digest))
        .map(Image::digest);
  }

  /** How a container engine of this host pulls exactly that image. */
  public String pullName(ImageReference.Own reference, Digest digest) {
    return endpoint.get().registry()
        + "/"
        + reference.account()
        + "/"
        + reference.repository()
        + "@"
        + digest;
  }

  /** Frees what no image uses any more; safe beside pushes. To be called now and then. */
  public Collector collector() {
    return collector;
  }

  /** Acts upon the lifecycle policies; to be called every hour. */
  public Expiry expiry() {
    return expiry;
  }

  /** Sees to it that every blob is read now and then; to be called daily. */
  public Scrub scrub() {
    return scrub;
  }

  /** What is damaged and was not brought again, a line each; for people. */
  public List<String> damage() {
    return damage.lines();
  }

  /** Drops the uploads that are on their way. */
  @Override
  public void close() {
    scrub.close();
    oci.close();
  }
}
