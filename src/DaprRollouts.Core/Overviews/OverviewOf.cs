using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Core.Overviews;

/// <summary>Puts together what people want to see of a rollout.</summary>
public static class OverviewOf
{
    private const string Stable = "stable";
    private const string Canary = "canary";
    private const string Active = "active";
    private const string Preview = "preview";

    /// <summary>The overview of what was observed.</summary>
    /// <param name="seen">The rollout and what it owns.</param>
    /// <param name="pods">The pods of its ReplicaSets.</param>
    /// <param name="now">The time.</param>
    public static RolloutOverview Rollout(Observation seen, IReadOnlyList<PodOverview> pods, DateTimeOffset now)
    {
        var status = seen.Rollout.Status;
        var replicaSets = seen.ReplicaSets.Select(r => (r.Revision, Set: ReplicaSet(seen.Rollout, r, pods))).ToList();
        var signal = SignalRecord.Of(seen.Rollout);
        return new RolloutOverview
        {
            Summary = SummaryOf.Rollout(seen, now),
            Created = seen.Rollout.Created,
            Images = Images(replicaSets.Select(r => r.Set)),
            Replicas = new ReplicaOverview(
                seen.Rollout.Spec.Replicas ?? 1, status.Replicas ?? 0, status.UpdatedReplicas ?? 0, status.ReadyReplicas ?? 0, status.AvailableReplicas ?? 0),
            Revisions = Revisions(replicaSets, seen.AnalysisRuns),
            LastSignal = signal is null ? null : new SignalOverview(signal.Action, signal.At, signal.By, signal.Reason),
        };
    }

    private static List<RevisionOverview> Revisions(List<(long Revision, ReplicaSetOverview Set)> replicaSets, IReadOnlyList<AnalysisRunView> runs)
    {
        var runsByRevision = runs.ToLookup(RevisionOf);
        return
        [
            .. replicaSets.Select(r => r.Revision)
                .Concat(runsByRevision.Select(r => r.Key))
                .Distinct()
                .OrderDescending()
                .Select(revision => new RevisionOverview
                {
                    Revision = revision,
                    ReplicaSets = [.. replicaSets.Where(r => r.Revision == revision).Select(r => r.Set)],
                    AnalysisRuns = [.. runsByRevision[revision].OrderBy(r => r.Created).ThenBy(r => r.Name, StringComparer.Ordinal).Select(Analysis)],
                }),
        ];
    }

    private static long RevisionOf(AnalysisRunView run) =>
        long.TryParse(run.Annotations.GetValueOrDefault(ArgoNames.Revision), out var revision) ? revision : 0;

    private static ReplicaSetOverview ReplicaSet(RolloutView rollout, ReplicaSetView rs, IReadOnlyList<PodOverview> pods) => new()
    {
        Name = rs.Name,
        Status = !rs.Observed ? "Progressing" : rs.Failure is not null ? "Degraded" : rs.Available < rs.Size ? "Progressing" : rs.Size == 0 ? "ScaledDown" : "Healthy",
        Created = rs.Created,
        Roles = Roles(rollout, rs.Hash),
        Images = ImagesOf(rs.Template),
        Replicas = rs.Size,
        Available = rs.Available,
        ScaleDownDeadline = rs.ScaleDownDeadline,
        Pods = [.. pods.Where(p => p.ReplicaSet == rs.Name).OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal)],
    };

    /// <summary>What the ReplicaSet with a hash is to a rollout: canary or stable, active or preview, ping or pong.</summary>
    public static IReadOnlyList<string> Roles(RolloutView rollout, string hash)
    {
        var status = rollout.Status;
        List<string> roles = [];
        if (rollout.Spec.Strategy?.Canary is not null && hash == status.CurrentPodHash && hash != status.StableRs)
        {
            roles.Add(Canary);
        }

        if (hash == status.StableRs)
        {
            roles.Add(Stable);
        }

        if (rollout.Spec.Strategy?.Canary?.PingPong is not null && roles.Count > 0)
        {
            roles.Add((status.Canary?.StablePingPong == PingPongTurn.Ping) == (hash == status.StableRs) ? PingPongTurn.Ping : PingPongTurn.Pong);
        }

        if (rollout.Spec.Strategy?.BlueGreen is not null)
        {
            if (hash == status.BlueGreen?.ActiveSelector)
            {
                roles.Add(Active);
            }

            if (hash == status.BlueGreen?.PreviewSelector && hash != status.BlueGreen?.ActiveSelector)
            {
                roles.Add(Preview);
            }
        }

        return roles;
    }

    private static List<ImageOverview> Images(IEnumerable<ReplicaSetOverview> replicaSets) =>
    [
        .. replicaSets.Where(r => r.Replicas > 0 || r.Roles.Count > 0)
            .SelectMany(r => r.Images.Select(image => (image, r.Roles)))
            .GroupBy(i => i.image, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new ImageOverview(g.Key, [.. g.SelectMany(i => i.Roles).Distinct().Order(StringComparer.Ordinal)])),
    ];

    private static List<string> ImagesOf(JsonObject? template) =>
    [
        .. ((template?["spec"] as JsonObject)?["containers"] as JsonArray ?? [])
            .Select(c => (c as JsonObject)?["image"]?.ToString())
            .OfType<string>(),
    ];

    private static AnalysisOverview Analysis(AnalysisRunView run) => new()
    {
        Name = run.Name,
        Status = string.IsNullOrEmpty(run.Phase) ? AnalysisPhase.Pending : run.Phase,
        Created = run.Created,
        Message = string.IsNullOrEmpty(run.Message) ? null : run.Message,
        Metrics = [.. run.Results.Select(Metric)],
    };

    private static MetricOverview Metric(MetricResult result) => new()
    {
        Name = result.Name,
        Status = result.Phase,
        Successful = result.Successful,
        Failed = result.Failed,
        Inconclusive = result.Inconclusive,
        Error = result.Error,
        LastValue = result.Last?.Value,
        Message = result.Message ?? result.Last?.Message,
    };
}
