using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows.Contracts;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Activities;

/// <summary>
/// One activity's turn at a rollout: look, decide, and as long as the decision calls for this activity's kind of effect, or for a new status, carry it out and look
/// again. What a workflow recorded is never done because it was recorded, but because it is still called for.
/// </summary>
public sealed class RolloutTurn(
    RolloutObserver observer, StatusPublisher publisher, WorkflowLedger ledger, TimeProvider time, ILogger<RolloutTurn> logger)
{
    // More effects of one kind in a row than any rollout needs: beyond this, two rules undo each other.
    private const int Limit = 40;

    // As often as others may change the objects under its hands in one turn: then it leaves them alone for a moment.
    private const int MostConflicts = 200;

    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(2);

    /// <summary>Takes a turn that carries out nothing but status updates.</summary>
    public Task<Report> TakeAsync(RolloutKey key, CancellationToken cancel = default) => TakeAsync<PublishStatus>(key, null, cancel);

    /// <summary>Takes a turn.</summary>
    /// <param name="key">The revision.</param>
    /// <param name="carryOut">Carries out one effect, and tells the scene what it did and wrote.</param>
    /// <param name="cancel">Ends the turn.</param>
    public async Task<Report> TakeAsync<TEffect>(
        RolloutKey key, Func<TEffect, RolloutScene, CancellationToken, Task>? carryOut, CancellationToken cancel = default)
        where TEffect : Effect
    {
        var workflow = WorkflowIds.Rollout(key.Name, key.Uid, key.Revision);
        ledger.Busy(workflow);
        var report = await Turns.OfRollouts.MeasureAsync(key.Namespace, key.Name, () => SettleAsync(key, carryOut, cancel), cancel);
        ledger.Ended(workflow, report.Next);
        return report;
    }

    private async Task<Report> SettleAsync<TEffect>(
        RolloutKey key, Func<TEffect, RolloutScene, CancellationToken, Task>? carryOut, CancellationToken cancel)
        where TEffect : Effect
    {
        var scene = new RolloutScene(key, time);
        var (rounds, conflicts) = (0, 0);
        while (rounds < Limit)
        {
            if (await observer.ObserveAsync(key, scene, cancel) is not { } seen)
            {
                return scene.Report(new Finish("the Rollout is gone"));
            }

            scene.See(seen);
            var decision = Planner.DecideAhead(seen, time.GetUtcNow());
            if (decision.Revision != key.Revision)
            {
                return scene.Report(new Finish($"superseded by revision {decision.Revision}"));
            }

            try
            {
                switch (decision.Move)
                {
                    case Perform { Effect: PublishStatus } when carryOut is not null && decision.Then is Wait wait && StatusDifference.IsOnlyCounts(seen.Rollout.Status, decision.Status):
                        return scene.Report(wait); // the trigger sees to it, unless more is to be said by then

                    case Perform { Effect: PublishStatus }:
                        await publisher.PublishAsync(scene, decision, cancel);
                        break;
                    case Perform { Effect: TEffect effect } when carryOut is not null:
                        await carryOut(effect, scene, cancel);
                        break;
                    default:
                        if (decision.Problem is { } problem)
                        {
                            publisher.Record(key.Namespace, key.Name, problem);
                        }

                        return scene.Report(decision.Move);
                }

                rounds++;
            }
            catch (ConflictException conflict)
            {
                logger.LogDebug("{Namespace}/{Rollout}: {Message}; looking again", key.Namespace, key.Name, conflict.Message);
                if (++conflicts == MostConflicts)
                {
                    return scene.Report(new Wait("waiting for others to change it less often", time.GetUtcNow() + Respite));
                }

                scene.MustReadLive = true;
            }
        }

        throw new InvalidOperationException(
            $"Rollout {key.Namespace}/{key.Name} revision {key.Revision} did not settle in {Limit} rounds: {Planner.Decide(scene.Seen!, time.GetUtcNow()).Move}");
    }
}
