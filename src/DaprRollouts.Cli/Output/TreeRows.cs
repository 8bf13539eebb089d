using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Overviews;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;

namespace DaprRollouts.Cli.Output;

/// <summary>A rollout's tree: revisions, newest first, with their ReplicaSets, pods and AnalysisRuns.</summary>
internal static class TreeRows
{
    private const string None = "<none>";

    /// <summary>The lines from top to bottom.</summary>
    public static IReadOnlyList<TreeRow> Of(RolloutPicture picture, DateTimeOffset now)
    {
        var (phase, _) = SummaryOf.PhaseAsShown(picture.Seen.Rollout, picture.Seen.Workload?.Generation);
        List<TreeRow> rows = [new(0, "Rollout", picture.Rollout.Metadata.Name, phase, Age.Since(picture.Rollout.Metadata.CreationTimestamp, now))];
        var views = picture.Seen.ReplicaSets.ToDictionary(r => r.Name);
        var sets = picture.ReplicaSets.Where(r => views.ContainsKey(r.Metadata.Name)).ToLookup(r => views[r.Metadata.Name].Revision);
        var runs = picture.AnalysisRuns.ToLookup(RevisionOf);
        foreach (var revision in sets.Select(s => s.Key).Union(runs.Select(r => r.Key)).OrderDescending())
        {
            rows.Add(new TreeRow(1, "Revision", $"revision:{revision}"));
            foreach (var rs in sets[revision])
            {
                AddReplicaSet(rows, picture, rs, views[rs.Metadata.Name], now);
            }

            rows.AddRange(runs[revision].OrderBy(r => r.Metadata.CreationTimestamp).Select(run => Row(run, now)));
        }

        return rows;
    }

    private static void AddReplicaSet(List<TreeRow> rows, RolloutPicture picture, ReplicaSet rs, ReplicaSetView view, DateTimeOffset now)
    {
        rows.Add(new TreeRow(2, "ReplicaSet", rs.Metadata.Name, StatusOf(view), Age.Since(rs.Metadata.CreationTimestamp, now), Remarks(picture, view, now))
        {
            Images = string.Join(", ", Images.Of(view.Template)),
        });
        rows.AddRange(picture.Pods
            .Where(p => p.Metadata.OwnerReferences.Any(o => o.Uid == rs.Metadata.Uid))
            .OrderBy(p => p.Metadata.CreationTimestamp)
            .ThenBy(p => p.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => Row(pod, now)));
    }

    private static string StatusOf(ReplicaSetView view) => view switch
    {
        { Size: 0, Pods: 0 } => "ScaledDown",
        { Failure: not null } => RolloutPhase.Degraded,
        _ when view.Available >= view.Size && view.Pods == view.Size => RolloutPhase.Healthy,
        _ => RolloutPhase.Progressing,
    };

    private static string Remarks(RolloutPicture picture, ReplicaSetView view, DateTimeOffset now)
    {
        List<string> words = [.. OverviewOf.Roles(picture.Seen.Rollout, view.Hash)];
        if (view.Size > 0 || view.Pods > 0)
        {
            words.Add($"{view.Available}/{view.Size} available");
        }

        if (view.ScaleDownDeadline is { } deadline && deadline > now)
        {
            words.Add($"delay:{Age.Text(deadline - now)}");
        }

        return string.Join(", ", words);
    }

    private static TreeRow Row(V1Pod pod, DateTimeOffset now)
    {
        var shown = pod.Overview();
        return new TreeRow(
            3, "Pod", shown.Name, shown is { Status: "Running" } && shown.ReadyContainers < shown.Containers ? "NotReady" : shown.Status, Age.Since(pod.Metadata.CreationTimestamp, now),
            $"ready:{shown.ReadyContainers}/{shown.Containers}" + (shown.Restarts > 0 ? $", restarts:{shown.Restarts}" : ""))
        {
            Ip = pod.Status?.PodIP ?? None,
            Node = pod.Spec?.NodeName ?? None,
        };
    }

    private static TreeRow Row(AnalysisRun run, DateTimeOffset now)
    {
        var phase = string.IsNullOrEmpty(run.Status?.Phase) ? AnalysisPhase.Pending : run.Status.Phase;
        return new TreeRow(
            2, "AnalysisRun", run.Metadata.Name, phase == AnalysisPhase.Running ? "Measuring" : phase, Age.Since(run.Metadata.CreationTimestamp, now), Measured.Of(run));
    }

    private static long RevisionOf(AnalysisRun run) =>
        run.Metadata.Annotations?.TryGetValue(ArgoNames.Revision, out var text) == true && long.TryParse(text, out var number) ? number : 0;
}
