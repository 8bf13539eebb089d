using CsCheck;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>
/// Whatever happened before: once pods come up and analyses succeed, a user who only promotes what is paused and retries what is aborted gets every update to its end.
/// </summary>
public sealed class PatientUserTests
{
    [Fact]
    public void A_canary_is_never_stuck() =>
        Gen.Select(Gen.Int[0, 6], Stories.Steps, Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool, Stories.Any).Where(t => t.Item3 + t.Item4 > 0).Sample(
            (replicas, steps, surge, unavailable, background, story) =>
            {
                var world = CanaryPlanningTests.Canary(replicas, steps, surge, unavailable);
                if (background)
                {
                    world.Spec(s => s with { Strategy = new RolloutStrategy { Canary = s.Strategy!.Canary! with { Analysis = Background } } });
                }

                PlayAndEnd(world, story);
            },
            iter: SafetyPropertyTests.Iterations / 2);

    [Fact]
    public void A_canary_behind_a_router_is_never_stuck() =>
        Gen.Select(Gen.Int[1, 6], Stories.Steps, Gen.Bool, Gen.Int[0, 2], Stories.Any).Sample(
            (replicas, steps, isDynamic, delay, story) => PlayAndEnd(
                RoutedPlanningTests.Routed(replicas, steps, c => c with { DynamicStableScale = isDynamic ? true : null, AbortScaleDownDelaySeconds = delay == 0 ? null : (delay - 1) * 30 }),
                story),
            iter: SafetyPropertyTests.Iterations / 2);

    [Fact]
    public void A_blue_green_rollout_is_never_stuck() =>
        Gen.Select(SafetyPropertyTests.BlueGreen, Gen.Int[0, 2], Stories.Any).Sample(
            (world, seconds, story) =>
            {
                world.Spec(s => s with { Strategy = new RolloutStrategy { BlueGreen = s.Strategy!.BlueGreen! with { AutoPromotionSeconds = seconds * 15 } } });
                PlayAndEnd(world, story);
            },
            iter: SafetyPropertyTests.Iterations / 2);

    private static BackgroundAnalysis Background { get; } = new() { Templates = [new AnalysisTemplateRef { TemplateName = "errors" }] };

    private static void PlayAndEnd(World world, (Event What, int Number, int Decisions)[] story)
    {
        world.Run();
        Stories.Play(world, story);
        world.Spec(s => s with { Paused = false });
        List<string> looks = [];
        for (var i = 0; i < 80; i++)
        {
            var wait = world.Run();
            looks.Add($"{world.Status.Phase} {world.Status.Message}, step {world.Status.CurrentStepIndex}: {wait.For}");
            if (world.Status.Phase == RolloutPhase.Healthy)
            {
                return;
            }

            Help(world, wait);
        }

        looks.AddRange(world.ReplicaSets.Select(r => $"{r.Name}: {r.Available} of {r.Size} serve, deadline {r.ScaleDownDeadline}"));
        Assert.Fail(string.Join('\n', looks.TakeLast(9)) + $"\n{world.Status.Canary?.Weights}, abort {world.Status.Abort}, stable {world.Status.StableRs}");
    }

    private static void Help(World world, Wait wait)
    {
        if (world.Runs.FirstOrDefault(r => !r.IsCompleted) is { } run)
        {
            world.EndRun(run.Name, AnalysisPhase.Successful);
        }
        else if (world.Status.PauseConditions is { Count: > 0 })
        {
            world.SetStatus(s => s with { PauseConditions = null });
        }
        else if (world.Status.Abort == true)
        {
            world.SetStatus(s => s with { Abort = false });
        }
        else
        {
            world.Advance(wait.Until is { } until && until > world.Now ? until - world.Now : TimeSpan.FromSeconds(30));
        }
    }
}
