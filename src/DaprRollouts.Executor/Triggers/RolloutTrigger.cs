using System.Collections.Concurrent;
using DaprRollouts.Activities;
using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using DaprRollouts.Workflows;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Executor.Triggers;

/// <summary>
/// Turns changes in the cluster into workflows: a new revision starts one, and whatever gives the one in charge something to do wakes it. It decides
/// nothing of its own: it asks the planner, and a change that would alter nothing wakes nobody.
/// </summary>
internal sealed partial class RolloutTrigger(
    ClusterCache cluster,
    RouteCaches routes,
    RolloutObserver observer,
    WorkflowStarter starter,
    WorkflowLedger ledger,
    EventRecorder events,
    ServiceReleaser services,
    RouteWriter routeWriter,
    TimeProvider time,
    ILogger<RolloutTrigger> logger)
{
    private const int Workers = 16;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // By so much a timer may be early.
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(50);

    private readonly KeyedQueue<RolloutName> _queue = new("rollouts", time);
    private readonly ConcurrentDictionary<string, RolloutName> _byWorkflow = new();
    private readonly ConcurrentDictionary<RolloutName, Charge> _inCharge = new();

    /// <summary>Follows the caches and works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var concerns = new ConcernedRollouts(cluster, routes, _queue.Add);
        cluster.Rollouts.Changed += OnRollout;
        ledger.Rested += OnRested;
        try
        {
            CheckAll();
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => _queue.WorkAsync(name => CheckAsync(name, cancel), cancel)));
        }
        finally
        {
            cluster.Rollouts.Changed -= OnRollout;
            ledger.Rested -= OnRested;
        }
    }

    /// <summary>Checks every rollout, and forgets which workflows were seen alive.</summary>
    public void CheckAll()
    {
        starter.ForgetAlive();
        foreach (var rollout in ConcernedRollouts.All(cluster))
        {
            _queue.Add(rollout);
        }
    }

    private async Task CheckAsync(RolloutName name, CancellationToken cancel)
    {
        try
        {
            await observer.PrepareAsync(name.Namespace, name.Name, cancel);
            if (observer.FromCache(name.Namespace, name.Name) is { } seen)
            {
                await CheckAsync(name, seen, cancel);
            }
            else
            {
                await ForgetAsync(name, cancel);
                await services.ReleaseOfGoneAsync(name.Namespace, name.Name, cancel);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Turns.OfRollouts.Errors.WithLabels(name.Namespace, name.Name).Inc();
            Log.CheckFailed(logger, name.Namespace, name.Name, e.Message);
            _queue.AddAfter(name, RetryAfter);
        }
    }

    private async Task ForgetAsync(RolloutName name, CancellationToken cancel)
    {
        if (_inCharge.TryRemove(name, out var last))
        {
            _byWorkflow.TryRemove(last.Workflow, out _);
            await starter.WakeAsync(last.Workflow, cancel);
            starter.Forget(last.Workflow);
            await routeWriter.ReleaseOfGoneAsync(name.Namespace, name.Name, cancel);
        }
    }

    private async Task CheckAsync(RolloutName name, Observation seen, CancellationToken cancel)
    {
        var decision = Planner.Decide(seen, time.GetUtcNow());
        var workflow = WorkflowIds.Rollout(seen.Rollout.Name, seen.Rollout.Uid, decision.Revision);
        Log.Checked(logger, name.Namespace, name.Name, workflow, decision.Move);
        var until = (decision.Move as Wait)?.Until;
        var before = _inCharge.GetValueOrDefault(name);
        var previous = before?.Workflow ?? seen.Rollout.Annotations.GetValueOrDefault(OwnNames.WorkflowId);
        _byWorkflow[workflow] = name;
        if (previous is null)
        {
            Announce(name);
        }

        var started = await starter.EnsureAsync(workflow, RolloutWorkflow.Name, () => Run(seen, decision), cancel);
        if (previous is not null && previous != workflow)
        {
            _byWorkflow.TryRemove(previous, out _);
            await starter.WakeAsync(previous, cancel);
            starter.Forget(previous);
        }

        var known = before?.Workflow == workflow ? before : null;
        _inCharge[name] = new Charge(workflow, until ?? known?.Until);
        if (started)
        {
            ledger.Busy(workflow);
            return;
        }

        var sooner = until is not null && (known?.Until is null || until < known.Until);
        if (decision.Move is not Perform && !sooner)
        {
            return;
        }

        if (known is not null && decision.Move is Perform { Effect: PublishStatus }
            && MayWait(name, known, StatusDifference.Patience(seen.Rollout.Status, decision.Status)))
        {
            return;
        }

        if (ledger.BusyFor(workflow) is { } busy)
        {
            _inCharge[name] = new Charge(workflow, known?.Until);
            _queue.AddAfter(name, busy); // it looks again by itself; this is for one that was lost
            return;
        }

        ledger.Busy(workflow);
        if (!await starter.WakeAsync(workflow, cancel))
        {
            _queue.AddAfter(name, RetryAfter);
        }
    }

    private bool MayWait(RolloutName name, Charge charge, TimeSpan patience)
    {
        var now = time.GetUtcNow();
        var until = charge.StatusUntil < now + patience ? charge.StatusUntil.Value : now + patience;
        if (until <= now + Early)
        {
            return false;
        }

        if (until != charge.StatusUntil)
        {
            _queue.AddAfter(name, until - now);
        }

        _inCharge[name] = charge with { StatusUntil = until };
        return true;
    }

    private static RolloutRun Run(Observation seen, Decision decision) => new(
        new RolloutKey { Namespace = seen.Rollout.Namespace, Name = seen.Rollout.Name, Uid = seen.Rollout.Uid, Revision = decision.Revision }, []);

    private void Announce(RolloutName name)
    {
        if (cluster.Rollouts.Get(name.Namespace, name.Name) is { } rollout)
        {
            events.Record(rollout, false, Reason.RolloutAddedToInformer, $"Rollout resource added to informer: {name.Namespace}/{name.Name}");
        }
    }

    private void OnRollout(ResourceChange<Rollout> change)
    {
        _queue.Add(RolloutName.Of((change.New ?? change.Old)!));
        if (change is { New: null, Old: { } gone })
        {
            // The order of name and namespace is that of Argo Rollouts, which takes them the wrong way round.
            events.Record(gone, false, Reason.RolloutDeleted, $"Rollout {gone.Metadata.Name}/{gone.Metadata.NamespaceProperty} is deleted.");
        }
    }

    private void OnRested(string workflow, DateTimeOffset? until)
    {
        if (_byWorkflow.TryGetValue(workflow, out var name))
        {
            if (_inCharge.TryGetValue(name, out var charge) && charge.Workflow == workflow)
            {
                _inCharge.TryUpdate(name, charge with { Until = until }, charge);
            }

            _queue.Add(name);
        }
    }

    /// <param name="Workflow">The workflow in charge.</param>
    /// <param name="Until">When it looks by itself at the latest, as far as that is known.</param>
    private sealed record Charge(string Workflow, DateTimeOffset? Until)
    {
        /// <summary>Until when a status waits to be written.</summary>
        public DateTimeOffset? StatusUntil { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Rollout {Namespace}/{Rollout}, workflow {Workflow}: {Move}")]
        public static partial void Checked(ILogger logger, string @namespace, string rollout, string workflow, Move move);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Checking Rollout {Namespace}/{Rollout} failed, trying again: {Problem}")]
        public static partial void CheckFailed(ILogger logger, string @namespace, string rollout, string problem);
    }
}
