using System.Text.Json.Nodes;
using CsCheck;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Tests.Core.Signals;

/// <summary>Signals change a Rollout as Argo's kubectl plugin does.</summary>
public sealed class SignalPatchesTests
{
    private const string Nothing = "null";

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RolloutSpec Canary = Spec(new RolloutStrategy
    {
        Canary = new CanaryStrategy { Steps = [new CanaryStep { SetWeight = 20 }, new CanaryStep { Pause = new PauseStep() }, new CanaryStep { SetWeight = 60 }] },
    });

    private static readonly RolloutSpec StepLess = Spec(new RolloutStrategy { Canary = new CanaryStrategy() });

    private static readonly RolloutSpec BlueGreen = Spec(new RolloutStrategy { BlueGreen = new BlueGreenStrategy { ActiveService = "active" } });

    private static readonly RolloutStatus Updating = new() { CurrentStepIndex = 1, StableRs = "old", CurrentPodHash = "new" };

    private static readonly RolloutStatus Pausing = Updating with
    {
        ControllerPause = true, PauseConditions = [new PauseCondition { Reason = PauseReason.CanaryPauseStep, StartTime = Now }],
    };

    private static readonly RolloutStatus Inconclusive = Pausing with
    {
        Canary = new CanaryStatus { CurrentStepAnalysisRunStatus = new RolloutAnalysisRunStatus { Name = "run", Status = AnalysisPhase.Inconclusive } },
    };

    public static TheoryData<string, string, string, string> PluginMutations => new()
    {
        { "abort", "updating", """{"status":{"abort":true}}""", Nothing },
        { "retry", "updating", """{"status":{"abort":false}}""", Nothing },
        { "pause", "updating", Nothing, """{"paused":true}""" },
        { "resume", "pausing", """{"status":{"pauseConditions":null}}""", Nothing },
        { "resume", "held", Nothing, """{"paused":false}""" },
        { "restart", "updating", Nothing, """{"restartAt":"2026-01-01T12:00:00Z"}""" },
        { "skip-step", "updating", """{"status":{"currentStepIndex":2}}""", Nothing },
        { "skip-step", "at the end", """{"status":{"currentStepIndex":3}}""", Nothing },
        { "promote", "updating", """{"status":{"pauseConditions":null,"currentStepIndex":2}}""", Nothing },
        { "promote", "at the end", """{"status":{"pauseConditions":null,"currentStepIndex":3}}""", Nothing },
        { "promote", "pausing", """{"status":{"pauseConditions":null}}""", Nothing },
        { "promote", "held", """{"status":{"pauseConditions":null,"currentStepIndex":2}}""", """{"paused":false}""" },
        { "promote", "inconclusive", """{"status":{"pauseConditions":null,"controllerPause":false,"currentStepIndex":2}}""", Nothing },
        { "promote", "without steps", Nothing, Nothing },
        { "promote", "blue-green", Nothing, Nothing },
        { "promote", "blue-green pausing", """{"status":{"pauseConditions":null}}""", Nothing },
        { "promote-full", "updating", """{"status":{"promoteFull":true}}""", Nothing },
        { "promote-full", "held", """{"status":{"promoteFull":true}}""", """{"paused":false}""" },
        { "promote-full", "promoted", Nothing, Nothing },
    };

    [Theory]
    [MemberData(nameof(PluginMutations))]
    public void Each_signal_writes_what_the_plugin_writes(string action, string situation, string status, string spec)
    {
        var patches = SignalPatches.For(new Signal { Action = action }, Situation(situation), Now);

        Assert.Null(patches.Refusal);
        Assert.Equal(status, patches.Status?.ToJsonString() ?? Nothing);
        Assert.Equal(spec, patches.Main!["spec"]?.ToJsonString() ?? Nothing);
    }

    [Fact]
    public void Who_wanted_it_and_why_is_kept_on_the_Rollout()
    {
        var patches = SignalPatches.For(new Signal { Action = "abort", By = "alice", Reason = "errors", Id = "7" }, Situation("updating"), Now);

        Assert.Equal(
            """{"action":"abort","by":"alice","reason":"errors","id":"7","at":"2026-01-01T12:00:00Z","hash":"new"}""",
            patches.Main!["metadata"]!["annotations"]![OwnNames.Signal]!.ToString());
    }

    [Fact]
    public void A_signal_that_is_delivered_again_writes_nothing()
    {
        var signal = new Signal { Action = "skip-step", Id = "7" };
        var seen = Situation("updating");
        var record = SignalPatches.For(signal, seen, Now).Main!["metadata"]!["annotations"]![OwnNames.Signal]!.ToString();
        var after = seen with { Rollout = seen.Rollout with { Annotations = new Dictionary<string, string> { [OwnNames.Signal] = record } } };

        var again = SignalPatches.For(signal, after, Now);

        Assert.True(again.IsRepeat);
        Assert.Null(again.Status);
        Assert.Null(again.Main);
        Assert.False(SignalPatches.For(signal with { Id = "8" }, after, Now).IsRepeat);
    }

    [Fact]
    public void A_signal_for_an_update_that_is_not_recorded_yet_says_first_which_one_it_is_meant_for()
    {
        var seen = See(Canary, Updating with { CurrentPodHash = "old" });

        var patches = SignalPatches.For(new Signal { Action = "promote-full", Id = "7" }, seen, Now);

        Assert.Equal("""{"status":{"promoteFull":true}}""", patches.Status?.ToJsonString());
        Assert.Equal(
            """{"action":"promote-full","at":"2026-01-01T12:00:00Z","hash":"new"}""", patches.Announcement!["metadata"]!["annotations"]![OwnNames.Signal]!.ToString());
        Assert.Null(SignalPatches.For(new Signal { Action = "promote-full" }, Situation("updating"), Now).Announcement);
    }

    [Fact]
    public void A_signal_for_another_revision_does_not_apply()
    {
        var patches = SignalPatches.For(new Signal { Action = "promote", Revision = 1 }, Situation("updating"), Now);

        Assert.Equal("it is for revision 1, but revision 3 is the newest", patches.Refusal);
        Assert.Null(SignalPatches.For(new Signal { Action = "promote", Revision = 3 }, Situation("updating"), Now).Refusal);
    }

    [Theory]
    [InlineData("without steps")]
    [InlineData("blue-green")]
    public void Steps_can_only_be_skipped_where_there_are_some(string situation) =>
        Assert.Equal("the Rollout has no canary steps", SignalPatches.For(new Signal { Action = "skip-step" }, Situation(situation), Now).Refusal);

    [Theory]
    [InlineData(null, "image:2")]
    [InlineData(1L, "image:1")]
    public void Undo_takes_the_template_of_an_earlier_revision_without_its_hash(long? to, string image)
    {
        var patches = SignalPatches.For(new Signal { Action = "undo", ToRevision = to }, Situation("updating"), Now);

        Assert.Equal(Template(image).ToJsonString(), patches.Template!.ToJsonString());
    }

    [Theory]
    [InlineData(3L, "the present template is that of revision 3 already")]
    [InlineData(9L, "toRevision: there is no revision 9; there are 1, 2, 3")]
    public void Undo_says_why_it_cannot_go_there(long to, string why) =>
        Assert.Equal(why, SignalPatches.For(new Signal { Action = "undo", ToRevision = to }, Situation("updating"), Now).Refusal);

    [Fact]
    public void A_step_index_never_leaves_the_steps_and_never_goes_back() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.Bool.Select(promote => promote ? "promote" : "skip-step")).Sample((index, held, pausing, action) =>
        {
            var seen = See(Canary with { Paused = held }, (pausing ? Pausing : Updating) with { CurrentStepIndex = index });
            var next = (int?)SignalPatches.For(new Signal { Action = action }, seen, Now).Status?["status"]?["currentStepIndex"];
            return next is null || (next >= Math.Min(index, 3) && next <= 3);
        });

    private static Observation Situation(string name) => name switch
    {
        "updating" => See(Canary, Updating),
        "at the end" => See(Canary, Updating with { CurrentStepIndex = 3 }),
        "pausing" => See(Canary, Pausing),
        "held" => See(Canary with { Paused = true }, Updating),
        "inconclusive" => See(Canary, Inconclusive),
        "promoted" => See(Canary, Updating with { StableRs = "new" }),
        "without steps" => See(StepLess, Updating),
        "blue-green" => See(BlueGreen, Updating),
        "blue-green pausing" => See(BlueGreen, Pausing),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static Observation See(RolloutSpec spec, RolloutStatus status) => new()
    {
        Rollout = new RolloutView { Namespace = "default", Name = "app", Uid = "12345678", Created = Now, Spec = spec, Status = status },
        ReplicaSets = [ReplicaSet(1, "older", "image:1"), ReplicaSet(2, "old", "image:2"), ReplicaSet(3, "new", "image:3")],
    };

    private static RolloutSpec Spec(RolloutStrategy strategy) => new() { Strategy = strategy, Template = Template("image:3") };

    private static ReplicaSetView ReplicaSet(long revision, string hash, string image)
    {
        var template = Template(image);
        template["metadata"]!["labels"]![ArgoNames.PodTemplateHash] = hash;
        return new ReplicaSetView
        {
            Name = $"app-{hash}", Hash = hash, Created = Now.AddHours(revision), Template = template,
            Annotations = new Dictionary<string, string> { [ArgoNames.Revision] = $"{revision}" },
        };
    }

    private static JsonObject Template(string image) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "app" } },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image }) },
    };
}
