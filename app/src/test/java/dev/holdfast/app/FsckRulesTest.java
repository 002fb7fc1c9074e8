// SPDX-License-Identifier: Apache-2.0
package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.aws.JsonCodec;
import dev.holdfast.aws.OperationModel;
import dev.holdfast.aws.Shape;
import dev.holdfast.aws.client.AwsClient;
import dev.holdfast.aws.iam.IamModel;
import dev.holdfast.aws.kms.KmsModel;
import dev.holdfast.aws.ssm.SsmModel;
import dev.holdfast.ecs.model.EcsTables;
import dev.holdfast.ecs.model.JoinedHost;
import dev.holdfast.ecs.model.JournalEvent;
import dev.holdfast.ecs.model.PendingEvent;
import dev.holdfast.ecs.model.Service;
import dev.holdfast.ecs.model.ServiceTask;
import dev.holdfast.ecs.model.StoppedTask;
import dev.holdfast.iam.model.Guesses;
import dev.holdfast.iam.model.IamTables;
import dev.holdfast.iam.model.LoginProfile;
import dev.holdfast.iam.model.MfaDevice;
import dev.holdfast.iam.model.Quota;
import dev.holdfast.iam.model.TokenIssuer;
import dev.holdfast.kit.AccountId;
import dev.holdfast.kit.JsonValue.JsonObject;
import dev.holdfast.kit.Region;
import dev.holdfast.registry.blob.BlobInventory;
import dev.holdfast.registry.blob.BlobStoreException;
import dev.holdfast.registry.blob.FileBlobStore;
import dev.holdfast.registry.model.Digest;
import dev.holdfast.service.Finding;
import dev.holdfast.ssm.model.ParameterPolicy;
import dev.holdfast.ssm.model.ParameterTables;
import dev.holdfast.ssm.model.StoredParameter;
import dev.holdfast.store.Table;
import dev.holdfast.trail.Trail;
import dev.holdfast.trail.model.Base;
import dev.holdfast.trail.model.TrailTables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One damage for each rule of each check, planted into a copy of a real directory's state: {@code
 * fsck} finds it and says what to do.
 */
final class FsckRulesTest {
  private static final InstantSource CLOCK = Samples.clock();

  @TempDir private static Path temp = Path.of("");

  private static Foundation whole;

  @SuppressWarnings("NullAway.Init")
  FsckRulesTest() {}

  @BeforeAll
  static void fill() throws Exception {
    Path dir = Samples.store(3, temp.resolve("data"));
    var random = new SecureRandom();
    Installation installation = Installation.open(dir, null, dir.resolve("root.key"), random);
    try (Foundation foundation = Foundation.open(dir, installation, random, CLOCK, _ -> {})) {
      installation.confirm(foundation.state());
      var settings = new Platform.Settings(dir, InetAddress.getLoopbackAddress(), 0);
      try (Platform platform = Platform.start(foundation, installation, settings);
          HttpClient http = HttpClient.newHttpClient()) {
        var session = platform.iam().accounts().operator(installation.account());
        more(
            new AwsClient(
                http,
                URI.create(platform.endpoint().url()),
                "us-east-1",
                session::credentials,
                CLOCK));
      }
      Ship.run(foundation.state(), installation.account());
    }
    whole = Foundation.open(dir, installation, random, CLOCK, _ -> {});
  }

  /** What the sample lacks. */
  private static void more(AwsClient aws) throws Exception {
    call(
        aws,
        IamModel.CREATE_OPEN_ID_CONNECT_PROVIDER,
        "{\"Url\":\"https://issuer.invalid\",\"ThumbprintList\":[\"%s\"]}"
            .formatted("0".repeat(40)));
    call(
        aws,
        KmsModel.CREATE_GRANT,
        "{\"KeyId\":\"%s\",\"GranteePrincipal\":\"%s\",\"Operations\":[\"Decrypt\"]}"
            .formatted(
                call(aws, KmsModel.LIST_ALIASES, "{}")
                    .replaceFirst("(?s).*alias/sample.*?\"TargetKeyId\":\"([^\"]*)\".*", "$1"),
                call(aws, IamModel.GET_USER, "{\"UserName\":\"ann\"}")
                    .replaceFirst("(?s).*\"Arn\":\"([^\"]*)\".*", "$1")));
    call(
        aws,
        IamModel.CREATE_ROLE,
        "{\"RoleName\":\"machines\",\"AssumeRolePolicyDocument\":\"%s\"}"
            .formatted(
                "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ssm.amazonaws.com'},'Action':'sts:AssumeRole'}]}"
                    .replace("'", "\\\"")));
    call(aws, SsmModel.CREATE_ACTIVATION, "{\"IamRole\":\"machines\",\"RegistrationLimit\":2}");
  }

  private static <I extends Shape, O extends Shape> String call(
      AwsClient aws, OperationModel<I, O> model, String in) throws Exception {
    O out = aws.call(model, model.inputOf(JsonCodec.read(model.input(), in.getBytes(UTF_8))));
    return new String(JsonCodec.bytes(out), UTF_8);
  }

  @AfterAll
  static void close() {
    whole.close();
  }

  private static Wreck wreck() {
    return new Wreck(whole, FileBlobStore.look(temp.resolve("data/blobs")), CLOCK);
  }

  /**
   * A damage.
   *
   * @param found what of it is said, in words that no whole directory is told
   */
  private record Plant(String found, Consumer<Wreck> how) {}

  private static final List<Plant> PLANTS = new ArrayList<>();

  private static void plant(String found, Consumer<Wreck> how) {
    PLANTS.add(new Plant(found, how));
  }

  private static final String ACCOUNT = "527414470823";
  private static final AccountId HOME = new AccountId(ACCOUNT);
  private static final Instant NOW = Samples.MADE;
  private static final String KEY = "0020423b-7d1e-4e39-9c52-d0c0da6b6d4d";
  private static final String TASK = "0123456789abcdef0123456789abcdef";

  private static UnaryOperator<String> swap(String regex, String to) {
    return json -> json.replaceFirst(regex, to);
  }

  private static void form() {
    plant("is of no form that is ever written", w -> w.raw("x", "{}"));
    plant("is of an unknown table `boats`", w -> w.raw("r\0boats\0" + ACCOUNT + "\0one\0", "{}"));
    plant("is not in its index", w -> w.losesIndex("ecr-tags"));
    plant(
        "index of table ecr-tags, row us-east-1/shop/web/2 leads to no row",
        w -> w.twinsIndex("ecr-tags", "\0001\0", "\0002\0"));
    plant(
        "is no longer what the row says",
        w -> w.twinsIndex("ecr-tags", "sha256:7000", "sha256:7001"));
    plant(
        "table iam-policies, row " + ACCOUNT + "/readers does not read as its record",
        w -> w.edits("iam-policies", "readers", _ -> "{\"name\":7}"));
    plant(
        "accounts, users, roles and policies: the check ended early",
        w -> w.edits("iam-policies", "readers", _ -> "{\"name\":7}"));
  }

  private static void identities() {
    for (String of : List.of(":user/ann", ":policy/readers", ":oidc-provider/issuer.invalid")) {
      plant(of + " is of an account that is not there", w -> w.loses("iam-accounts", ACCOUNT));
    }
    plant(
        "token issuer 1 of " + ACCOUNT + " is of an account that is not there",
        w -> {
          var issuer = new TokenIssuer("1", false, List.of());
          w.put(tx -> tx.put(IamTables.TOKEN_ISSUERS, HOME, issuer.id(), issuer));
          w.loses("iam-accounts", ACCOUNT);
        });
    plant(
        ":group/readers has a policy attached that is not there",
        w -> w.loses("iam-policies", "readers"));
    plant(
        ":user/ann has a boundary that is not there, and may do nothing",
        w -> w.loses("iam-policies", "readers"));
    plant(
        ":user/bob is in a group that is not there: readers",
        w -> w.loses("iam-entities", "group/readers"));
    plant(
        ":policy/readers has no version v9, its default",
        w ->
            w.edits(
                "iam-policies",
                "readers",
                swap("\"defaultVersion\":\"v2\"", "\"defaultVersion\":\"v9\"")));
    plant(
        ":instance-profile/shop has a role that is not there: shop",
        w -> w.loses("iam-entities", "role/shop"));
    plant(
        "is of the user ann of " + ACCOUNT + ", who is not there",
        w -> w.loses("iam-entities", "user/ann"));
    plant(
        ":mfa/phone is of the user gone, who is not there",
        w -> {
          MfaDevice device =
              MfaDevice.fresh("phone", "/", NOW, "MY")
                  .of(new MfaDevice.Owner("AIDAGONE", "gone", NOW), MfaDevice.Codes.FRESH);
          w.put(tx -> tx.put(IamTables.MFA_DEVICES, HOME, device.key(), device));
        });
    plant(
        "login profile of AIDAGONE of " + ACCOUNT + " is of a user who is not there",
        w ->
            w.put(
                tx ->
                    tx.put(
                        IamTables.LOGIN_PROFILES,
                        HOME,
                        "AIDAGONE",
                        new LoginProfile(
                            "AIDAGONE",
                            NOW,
                            "00",
                            new LoginProfile.Derived(1, "00"),
                            NOW,
                            List.of(),
                            new LoginProfile.State(false, Guesses.NONE)))));
    plant(
        "the number for UsersPerAccount of " + ACCOUNT + " is 99 where there are 2",
        w ->
            w.put(
                tx ->
                    tx.put(
                        IamTables.COUNTS,
                        HOME,
                        "UsersPerAccount",
                        new Quota.Count("UsersPerAccount", 99))));
  }

  private static void keys() {
    plant(":alias/sample names a key that is not there", w -> w.loses("kms-keys", KEY));
    plant(KEY + " has grants and is not there", w -> w.loses("kms-keys", KEY));
    plant(KEY + " is not found by its id", w -> w.loses("kms-key-owners", KEY));
    plant(KEY + " has 1 grants and counts none", w -> w.loses("kms-grant-totals", KEY));
    plant(
        KEY + " has 1 grants and counts 7", w -> w.edits("kms-grant-totals", KEY, swap("1", "7")));
    plant(KEY + " has 0 grants and counts 1", w -> w.loses("kms-grants", KEY));
    plant(
        KEY + " has no backing key",
        w -> w.edits("kms-keys", KEY, swap("\"materials\":\\[.*?\\]", "\"materials\":[]")));
    plant(
        KEY + " has a version that does not open: 1",
        w -> w.edits("kms-keys", KEY, swap("\"wrapped\":\"AQAAAAHF", "\"wrapped\":\"AQAAAAHG")));
  }

  private static void parameters() {
    plant(
        ":parameter/shop/greeting is in version 1, which its history does not have",
        w -> w.loses("ssm-parameter-history", "/shop/greeting"));
    plant(
        ":parameter/shop/greeting has a version 1, and no current one as new",
        w -> w.loses("ssm-parameters", "/shop/greeting"));
    plant(
        ":parameter/gone is shared by a policy and is not there",
        w ->
            w.put(
                tx -> {
                  Region region = new Region("us-east-1");
                  StoredParameter owner =
                      Objects.requireNonNull(
                          ParameterTables.current(tx, HOME, region, "/shop/greeting"));
                  ParameterTables.put(
                      tx, owner, new ParameterPolicy(region, "/gone", "1", "{}", Map.of()));
                }));
    plant(
        ":parameter/shop/greeting has the label stable on version 7, which is not there",
        w ->
            w.put(
                tx ->
                    ParameterTables.label(
                        tx,
                        Objects.requireNonNull(
                                ParameterTables.current(
                                    tx, HOME, new Region("us-east-1"), "/shop/greeting"))
                            .at(7),
                        "stable")));
    plant(
        "counts 9 of 2 machines, and 0 are there",
        w -> w.edits("ssm-activations", "", swap("\"registered\":0", "\"registered\":9")));
    plant(
        "shop/token-6bwKxG has no value of its version 7274532d",
        w -> w.loses("secret-values", "7274532d"));
    plant(
        "shop/token has a value of the version 99999999-22f3",
        w -> w.twins("secret-values", "7274532d-22f3", "99999999-22f3"));
    plant(
        "shop/token-6bwKxG has two versions with the label AWSCURRENT",
        w -> w.edits("secrets", "shop/token", swap("AWSPREVIOUS", "AWSCURRENT")));
    plant(
        "shop/token-6bwKxG has versions, and none of them is current",
        w -> w.edits("secrets", "shop/token", swap("AWSCURRENT", "OTHER")));
  }

  private static void logs() {
    plant(
        "log stream `/shop/web` `one` is of a log group that is not there",
        w -> w.loses("log-groups", "/shop/web"));
    plant(
        "log stream `/shop/web` `one` takes 34 bytes in 1 pieces, and says 35",
        w -> w.edits("log-streams", "one", swap("\"bytes\":34", "\"bytes\":35")));
    plant(
        "fb7116a52b3c2796 of account " + ACCOUNT + " has events that no piece names",
        w -> w.loses("log-pieces", ""));
    plant(
        "fb7116a52b3c2796 of account " + ACCOUNT + " is not there, and has events",
        w -> {
          w.loses("log-streams", "one");
          w.losesIndex("log-streams");
        });
    plant(
        "has events of other times than it says",
        w -> w.edits("log-pieces", "", swap("\"first\":1795", "\"first\":1794")));
    plant(
        "log stream fb7116a52b3c2796 of account " + ACCOUNT,
        w -> w.edits("log-contents", "", swap("AZuw8EXD", "AZuw9EXD")));
  }

  private static void images() {
    plant("repository/shop/web:1 names an image that is not there", w -> w.loses("ecr-images", ""));
    plant(
        "the manifest arn:aws:ecr:us-east-1:" + ACCOUNT + ":repository/shop/web@sha256:7000",
        w -> w.loses("ecr-images", ""));
    plant("is of an image that is not there", w -> w.loses("ecr-images", ""));
    plant("is in a repository that is not there", w -> w.loses("ecr-repositories", ""));
    plant("has no manifest", w -> w.loses("ecr-manifests", ""));
    plant(
        "lists a blob that its repository lacks: sha256:0e6eba",
        w -> w.loses("ecr-blob-links", "sha256:0e6eba"));
    plant(
        "note    1 blobs are of no repository; the daily collection frees them",
        w -> w.loses("ecr-blob-links", "sha256:0e6eba"));
    plant(
        "lists an image that is not there: sha256:00",
        w ->
            w.edits(
                "ecr-images",
                "",
                swap("\"manifests\":\\[\\]", "\"manifests\":[\"sha256:" + "0".repeat(64) + "\"]")));
    plant(
        "has other bytes than its digest says",
        w -> w.edits("ecr-manifests", "", swap("\"bytes\":\"eyJzY2", "\"bytes\":\"eyJzY3")));
    plant(
        "has other bytes than its digest says\n        -> ./holdfast fsck --repair sets it aside;"
            + " then push the image again",
        w -> w.blobs(blobs(BlobInventory.Verdict.DAMAGED)));
    plant(
        "has other bytes than its digest says; no repository has it",
        w -> {
          w.loses("ecr-blob-links", "");
          w.blobs(blobs(BlobInventory.Verdict.DAMAGED));
        });
    plant(
        "is missing, or was damaged and set aside",
        w -> w.blobs(blobs(BlobInventory.Verdict.ABSENT)));
    plant(
        "blobs cannot be read: no such disk",
        w ->
            w.blobs(
                new BlobInventory() {
                  @Override
                  public List<Digest> all() throws BlobStoreException {
                    throw new BlobStoreException("no such disk", false, new IOException());
                  }

                  @Override
                  public Verdict verify(Digest digest) {
                    return Verdict.ABSENT;
                  }
                }));
  }

  /** The sample's blobs, none of which is as it was. */
  private static BlobInventory blobs(BlobInventory.Verdict verdict) {
    FileBlobStore there = FileBlobStore.look(temp.resolve("data/blobs"));
    return new BlobInventory() {
      @Override
      public List<Digest> all() throws BlobStoreException {
        return verdict == Verdict.ABSENT ? List.of() : there.all();
      }

      @Override
      public Verdict verify(Digest digest) {
        return verdict;
      }
    };
  }

  private static void trail() {
    plant("has no key that its head is signed with", w -> w.loses("trail-keys", ""));
    plant(
        "block 20 does not follow the one before it",
        w -> w.edits("trail-blocks", "\"sequence\":20,", swap("\"at\":\"2026", "\"at\":\"2025")));
    plant("the head is missing", w -> w.loses("trail-head", ""));
    plant(
        "the chain does not end where its signed head says",
        w -> w.edits("trail-head", "", swap("\"sequence\":[0-9]+", "\"sequence\":1")));
    plant(
        "the chain does not begin where its signed base says",
        w ->
            w.put(
                tx ->
                    tx.put(
                        TrailTables.BASE,
                        Table.PLATFORM,
                        "base",
                        new Base(1, "00", Instant.EPOCH, "AAAA"))));
    plant(
        "events were dropped from the chain's beginning before their time",
        w -> {
          try (Trail trail = Trail.create(w.state(), w.whole().pages(), CLOCK)) {
            trail.prune(NOW.plus(Duration.ofDays(1000))); // as a clock that leapt would have it
          }
        });
    plant(
        "the removal of account 111122223333 is not signed",
        w -> {
          var gone = new AccountId("111122223333");
          w.put(
              tx ->
                  tx.put(
                      TrailTables.REMOVALS,
                      Table.PLATFORM,
                      gone,
                      new dev.holdfast.trail.model.Removal(gone, NOW, "AAAA")));
        });
    plant("the audit trail: event ", w -> w.loses("trail-events", "CreateSecret"));
    plant("is missing", w -> w.loses("trail-events", "CreateSecret"));
    plant("the audit trail: events with ", w -> w.loses("trail-sheets", ""));
    plant(
        "was edited",
        w ->
            w.edits(
                "trail-events",
                "CreateSecret",
                swap("\"name\":\"CreateSecret\"", "\"name\":\"DeleteSecret\"")));
    plant(
        "was never chained: it was put in later",
        w ->
            w.edits(
                "trail-blocks",
                "\"sequence\":20,",
                swap("\"entries\":\\[.*?\\]", "\"entries\":[]")));
  }

  private static void clusters() {
    plant(
        TASK + " is on a container instance that is not there",
        w -> w.loses("ecs-container-instances", "eu-central-1"));
    plant(
        TASK + " is of a cluster that is not there", w -> w.loses("ecs-clusters", "eu-central-1"));
    plant(
        TASK + " has nothing booked on its host",
        w -> w.edits("ecs-hosts", TASK, swap("\"bookings\":\\[.*\\]", "\"bookings\":[]")));
    plant("keeps room for a task that is over", w -> w.loses("ecs-tasks", TASK));
    plant(
        "host north joined, and its measures are not there",
        w ->
            w.put(
                tx ->
                    tx.put(
                        EcsTables.JOINED_HOSTS,
                        Table.PLATFORM,
                        "gone",
                        new JoinedHost("gone", "north", "key", NOW, false))));
    plant("is of a host that is not there", w -> w.loses("ecs-hosts", TASK));
    plant(
        ":task-definition/served:1 is newer than its family says: numbers repeat",
        w -> w.loses("ecs-families", "served"));
    plant(
        ":cluster/shop has a capacity provider that is not there: gone",
        w ->
            w.edits(
                "ecs-clusters",
                "us-east-1",
                swap("\"capacityProviders\":\\[\\]", "\"capacityProviders\":[\"gone\"]")));
    plant(
        "note    journal event 999 is outside of what its head says is there",
        w ->
            w.put(
                tx ->
                    tx.put(
                        EcsTables.JOURNAL,
                        Table.PLATFORM,
                        999L,
                        new JournalEvent(
                            999,
                            NOW,
                            new PendingEvent.Place(HOME, new Region("us-east-1"), "shop"),
                            null,
                            JsonObject.EMPTY))));
    plant(
        TASK + " lives, and is remembered as stopped",
        w ->
            w.put(
                tx -> {
                  StoppedTask row = StoppedTask.of(tx.all(EcsTables.TASKS).getFirst(), NOW);
                  tx.put(EcsTables.STOPPED_TASKS, HOME, row.key(), row);
                }));
  }

  private static void services() {
    String web = ":service/shop/web ";
    plant(
        web + "is in a deployment that is not there", w -> w.loses("ecs-service-deployments", ""));
    plant(web + "is of a cluster that is not there", w -> w.loses("ecs-clusters", "us-east-1"));
    plant(
        web + "has no deployment that is wanted",
        w ->
            w.edits(
                "ecs-services",
                "",
                swap("\"rollouts\":\\[.*?\\],\"progress\"", "\"rollouts\":[],\"progress\"")));
    plant(web + "needs a revision that is not there", w -> w.loses("ecs-service-revisions", ""));
    plant(
        web + "runs a task definition that is not there",
        w -> w.loses("ecs-task-definitions", "served"));
    for (String what : List.of("the revision ", "the deployment ", "the event ")) {
      plant(web + "is not there, and is named by " + what, w -> w.loses("ecs-services", ""));
    }
    plant(
        ":service/shop/gone is not there, and is named by the task ",
        w -> {
          var key =
              new ServiceTask.Key(
                  new Service.Key(HOME, new Region("us-east-1"), "shop", "gone"), TASK);
          w.put(
              tx ->
                  tx.put(
                      EcsTables.SERVICE_TASKS, HOME, key, new ServiceTask(key, "r", null, null)));
        });
  }

  /**
   * What only an unreadable state brings: {@link FsckFilesTest} plants it into a sealed store,
   * which this copy is not.
   */
  private static final Set<String> ELSEWHERE = Set.of("does not open:");

  @Test
  void everyRuleIsProvokedAndSaysWhatToDo() throws IOException {
    assertThat(wreck().findings()).as("before").noneMatch(Finding::isDamage);
    form();
    identities();
    keys();
    parameters();
    logs();
    images();
    trail();
    clusters();
    services();
    var said = new StringBuilder();
    var silent = new ArrayList<String>();
    for (Plant plant : PLANTS) {
      Wreck wreck = wreck();
      plant.how().accept(wreck);
      List<Finding> found = wreck.findings();
      String texts = String.join("\n", found.stream().map(Finding::text).toList());
      if (!texts.contains(plant.found())) {
        silent.add(plant.found() + " is not among: " + texts);
      }
      found.stream()
          .filter(finding -> finding.isDamage() && finding.remedy().isEmpty())
          .forEach(finding -> silent.add("nothing to do about: " + finding.text()));
      said.append(texts).append('\n');
    }
    assertThat(silent).isEmpty();
    var unheard = new ArrayList<String>();
    int texts = 0;
    for (Path source : FindingTexts.checks()) {
      for (String text : FindingTexts.in(source)) {
        texts++;
        if (said.indexOf(text) < 0 && !ELSEWHERE.contains(text)) {
          unheard.add(source.getFileName() + ": " + text);
        }
      }
    }
    assertThat(unheard).as("rules that no damage provokes").isEmpty();
    assertThat(texts).as("texts that were found in the sources").isGreaterThan(80);
  }
}
