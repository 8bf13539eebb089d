using System.Text.Json.Nodes;
using DaprRollouts.Activities.Telemetry;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Activities;

/// <summary>The one writer of a Rollout's status: it writes the difference, and tells the user of it once it is true.</summary>
public sealed class StatusPublisher(ClusterCache cluster, ClusterWriter writer, EventRecorder events)
{
    /// <summary>Publishes the status that was decided on, unless the Rollout has changed since it was observed.</summary>
    public Task PublishAsync(RolloutScene scene, Decision decision, CancellationToken cancel) =>
        PublishAsync(scene, decision.Status, decision.Notices, cancel);

    /// <summary>Publishes a status.</summary>
    public async Task PublishAsync(RolloutScene scene, RolloutStatus status, IReadOnlyList<Notice> notices, CancellationToken cancel)
    {
        var (ns, name) = (scene.Key.Namespace, scene.Key.Name);
        var before = scene.Seen!.Rollout.Status;
        if (StatusDifference.Between(before, status) is { } difference)
        {
            var patch = new JsonObject { ["status"] = difference };
            if (cluster.Rollouts.Get(ns, name) is { } known)
            {
                patch["metadata"] = new JsonObject { ["resourceVersion"] = known.Metadata.ResourceVersion };
            }

            var written = await writer.PatchAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, patch, status: true, cancel);
            scene.Wrote(FloorKinds.Rollout, written.Metadata.ResourceVersion);
            Updates.Observe(before.Duration, status.Duration, scene.Now);
        }

        foreach (var notice in notices)
        {
            Record(ns, name, notice);
            scene.Tell(notice.Reason, notice.Message);
        }

        if (before.Phase != status.Phase && !string.IsNullOrEmpty(status.Phase))
        {
            scene.Tell("Phase", status.Phase + (string.IsNullOrEmpty(status.Message) ? "" : $": {status.Message}"));
        }
    }

    /// <summary>Records a Kubernetes event of a Rollout.</summary>
    public void Record(string ns, string name, Notice notice)
    {
        if (cluster.Rollouts.Get(ns, name) is { } rollout)
        {
            events.Record(rollout, notice.IsWarning, notice.Reason, notice.Message);
        }
    }
}
