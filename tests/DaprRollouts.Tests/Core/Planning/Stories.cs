using CsCheck;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>Something that pods, users or time do to a rollout.</summary>
internal enum Event
{
    PodsReady, PodFails, Scale, Update, Rollback, EditSteps, Abort, Retry, Promote, StalePromote, SkipStep, SkipAll, PromoteFull, Pause, Resume, Restart,
    RunSucceeds, RunFails, RunIsInconclusive, Time,
}

/// <summary>Random stories: whatever happens may happen at any moment, also between two writes of one turn.</summary>
internal static class Stories
{
    /// <summary>Events, each with a number, and how many decisions are carried out before the next.</summary>
    public static Gen<(Event What, int Number, int Decisions)[]> Any { get; } = Of(Enum.GetValues<Event>());

    /// <summary>Events that are not a new wish of the user.</summary>
    public static Gen<(Event What, int Number, int Decisions)[]> OfPods { get; } =
        Of([Event.PodsReady, Event.PodFails, Event.RunSucceeds, Event.RunFails, Event.RunIsInconclusive, Event.Promote, Event.StalePromote, Event.SkipStep, Event.SkipAll, Event.Time]);

    /// <summary>Events that let nobody's update go on: what pods, time, analyses and autoscalers do.</summary>
    public static Gen<(Event What, int Number, int Decisions)[]> OfNature { get; } =
        Of([Event.PodsReady, Event.PodFails, Event.Scale, Event.Restart, Event.RunSucceeds, Event.RunFails, Event.RunIsInconclusive, Event.Time]);

    public static Gen<CanaryStep[]> Steps { get; } = Gen.OneOf(
        Gen.Int[0, 100].Select(CanaryPlanningTests.Weight),
        Gen.Const(CanaryPlanningTests.Pause()),
        Gen.Const(CanaryPlanningTests.Analysis()),
        Gen.Int[1, 60].Select(s => CanaryPlanningTests.Pause($"{s}s"))).Array[0, 6];

    public static void Play(World world, (Event What, int Number, int Decisions)[] story)
    {
        foreach (var (what, number, decisions) in story)
        {
            Happen(world, what, number);
            world.Step(decisions);
        }
    }

    private static Gen<(Event What, int Number, int Decisions)[]> Of(Event[] events) =>
        Gen.Select(Gen.Int[0, events.Length - 1].Select(i => events[i]), Gen.Int[1, 9], Gen.OneOf(Gen.Int[0, 4], Gen.Const(200))).Array[1, 25];

    private static void Happen(World world, Event what, int number)
    {
        switch (what)
        {
            case Event.PodsReady:
                world.MakeAvailable(number);
                break;
            case Event.PodFails when world.ReplicaSets.Where(r => r.Available > 0).ToList() is { Count: > 0 } alive:
                world.Fail(alive[number % alive.Count].Name, 1);
                break;
            case Event.RunSucceeds or Event.RunFails or Event.RunIsInconclusive when world.Runs.FirstOrDefault(r => !r.IsCompleted) is { } run:
                world.EndRun(run.Name, what switch { Event.RunSucceeds => "Successful", Event.RunFails => "Failed", _ => "Inconclusive" });
                break;
            case Event.Time:
                world.Advance(TimeSpan.FromSeconds(number * 5));
                break;
            default:
                Wish(world, what, number);
                break;
        }
    }

    private static void Wish(World world, Event what, int number)
    {
        switch (what)
        {
            case Event.Scale:
                world.Spec(s => s with { Replicas = number });
                break;
            case Event.Update:
                world.Update($"{number + 100}");
                break;
            case Event.Rollback:
                world.Update("1");
                break;
            case Event.Restart:
                world.Advance(TimeSpan.FromSeconds(1));
                world.Spec(s => s with { RestartAt = world.Now });
                break;
            case Event.Pause or Event.Resume:
                world.Spec(s => s with { Paused = what == Event.Pause });
                break;
            case Event.EditSteps when world.Rollout.Spec.Strategy!.Canary is { } canary:
                world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = canary with { Steps = [CanaryPlanningTests.Weight(number * 10), .. canary.Steps ?? []] } } });
                break;
            default:
                Signal(world, what, number);
                break;
        }
    }

    // What the kubectl plugin writes; a stale one goes by a step index that it read some time ago.
    private static void Signal(World world, Event what, int number)
    {
        var count = world.Rollout.Spec.Strategy?.Canary?.Steps?.Count;
        switch (what)
        {
            case Event.Abort or Event.Retry:
                world.SetStatus(s => s with { Abort = what == Event.Abort });
                break;
            case Event.Promote:
                world.Promote();
                break;
            case Event.PromoteFull:
                world.SetStatus(s => s.StableRs == s.CurrentPodHash ? s : s with { PromoteFull = true });
                break;
            case Event.StalePromote when count > 0:
                world.SetStatus(s => s with { PauseConditions = null, CurrentStepIndex = Math.Min(number, count.Value) });
                break;
            case Event.SkipStep when count > 0:
                world.SetStatus(s => s with { CurrentStepIndex = Math.Min((s.CurrentStepIndex ?? 0) + 1, count.Value) });
                break;
            case Event.SkipAll when count > 0:
                world.SetStatus(s => s with { CurrentStepIndex = count });
                break;
        }
    }
}
