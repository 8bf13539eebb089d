using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Verbs;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Signals;
using k8s;
using k8s.Models;

namespace DaprRollouts.Cli.Demo;

/// <summary>What happens in the demo: a first deployment, a good update, and a bad one that is rolled back.</summary>
internal sealed class DemoStory(Target target, ExecutorApi api, DemoScreen screen, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private RolloutPicture? _last;

    /// <summary>Tells it from beginning to end.</summary>
    /// <param name="metricAddress">Where the error rate is served.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(string metricAddress, CancellationToken cancel)
    {
        screen.Tell($"first deployment: {DemoManifests.FirstImage}, 3 pods");
        await ApplyAsync(metricAddress, cancel);
        await UntilAsync("the first deployment to be healthy", s => s.Phase == RolloutPhase.Healthy, cancel);

        screen.Tell($"a good update: {DemoManifests.GoodImage} gets 20 %, then its error rate is measured");
        await SetImageAsync(DemoManifests.GoodImage, cancel);
        await UntilAsync("the canary to be at 60 %", s => s is { Phase: RolloutPhase.Paused, CurrentStepIndex: 4 }, cancel);

        screen.Tell("the error rate is fine; at 60 % the rollout waits for a person: promoted through the HTTP API");
        var signal = new Signal { Action = SignalAction.Promote, By = "demo", Reason = "the error rate stays under 5 %" };
        await api.SignalAsync(DemoManifests.Namespace, DemoManifests.Rollout, signal, cancel);
        await UntilAsync("the update to be done", s => s.Phase == RolloutPhase.Healthy && s.StableRs == s.CurrentPodHash, cancel);

        screen.Tell($"a bad update: {DemoManifests.BadImage} gets 20 %");
        await SetImageAsync(DemoManifests.BadImage, cancel);
        await UntilAsync("the bad update to be rolled back", s => s.Phase == RolloutPhase.Degraded, cancel);
        screen.Tell("its analysis failed: everything returns to the stable version, nobody had to do anything");
        await UntilAsync("the stable pods to serve again", _ => IsRolledBack(), cancel);
        screen.Tell($"{DemoManifests.GoodImage} serves with all 3 pods again");
    }

    private async Task ApplyAsync(string metricAddress, CancellationToken cancel)
    {
        foreach (var service in DemoManifests.Services)
        {
            await target.Client.CoreV1.CreateNamespacedServiceAsync(
                KubernetesJson.Deserialize<V1Service>(service.ToJsonString()), target.Namespace, cancellationToken: cancel);
        }

        foreach (var manifest in (JsonObject[])[DemoManifests.Analysis(metricAddress), DemoManifests.Shop])
        {
            await CreateVerb.CreateAsync(target, manifest, cancel);
        }
    }

    private Task SetImageAsync(string image, CancellationToken cancel) =>
        SetVerb.SetAsync(target, DemoManifests.Rollout, new Dictionary<string, string> { ["shop"] = image }, null, cancel);

    private bool IsRolledBack() => _last!.Seen.ReplicaSets.All(r => r.Hash == _last.Rollout.Status!.StableRs ? r is { Size: 3, Available: 3 } : r.Pods == 0);

    // The status has to be about the latest manifest, or an update would seem done before it has begun.
    private async Task UntilAsync(string what, Func<RolloutStatus, bool> condition, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, time);
        while (true)
        {
            _last = await target.ReadWithPodsAsync(DemoManifests.Rollout, cancel);
            screen.Show(_last);
            var status = _last.Rollout.Status ?? new RolloutStatus();
            if (status.ObservedGeneration == $"{_last.Rollout.Metadata.Generation}" && condition(status))
            {
                return;
            }

            if (time.GetElapsedTime(started) > Patience)
            {
                throw new CommandException($"waited {Patience.TotalSeconds:0} s for {what}: the rollout is {status.Phase ?? "without a status"} ({status.Message})");
            }

            await timer.WaitForNextTickAsync(cancel);
        }
    }
}
