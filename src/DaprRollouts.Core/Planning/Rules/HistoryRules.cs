using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning.Rules;

/// <summary>What old ReplicaSets and AnalysisRuns are kept.</summary>
public static class HistoryRules
{
    private const int DefaultRevisions = 10;
    private const int DefaultRuns = 5;

    public static Outcome? CleanUp(Facts facts)
    {
        var replicaSets = ReplicaSets(facts);
        var runs = Runs(facts, replicaSets);
        return replicaSets.Count + runs.Count == 0
            ? null
            : new Act(new CleanUp([.. replicaSets.Select(r => r.Name)], [.. runs.Select(r => r.Name)]));
    }

    private static List<ReplicaSetView> ReplicaSets(Facts facts)
    {
        var excess = facts.Others.Count - (facts.Spec.RevisionHistoryLimit ?? DefaultRevisions);
        return [.. facts.Others.OrderBy(r => r.Created).Take(Math.Max(0, excess)).Where(r => r is { Size: 0, Pods: 0, Observed: true })];
    }

    private static List<AnalysisRunView> Runs(Facts facts, List<ReplicaSetView> going)
    {
        var current = AnalysisRole.Of(facts).Select(r => r.Recorded(facts.Status)?.Name).ToHashSet();
        var hashes = facts.Seen.ReplicaSets.Except(going).Select(r => r.Hash).ToHashSet();
        var others = facts.Seen.AnalysisRuns.Where(r => !current.Contains(r.Name)).OrderByDescending(r => r.Created).ToList();
        var orphans = others.Where(r => !hashes.Contains(r.Labels.GetValueOrDefault(ArgoNames.PodTemplateHash, "")));
        var finished = others.Where(r => r.IsCompleted && hashes.Contains(r.Labels.GetValueOrDefault(ArgoNames.PodTemplateHash, ""))).ToList();
        var limits = facts.Spec.Analysis;
        var successful = finished.Where(r => r.Phase == AnalysisPhase.Successful).Skip(limits?.SuccessfulRunHistoryLimit ?? DefaultRuns);
        var unsuccessful = finished.Where(r => r.Phase != AnalysisPhase.Successful).Skip(limits?.UnsuccessfulRunHistoryLimit ?? DefaultRuns);
        return [.. orphans, .. successful, .. unsuccessful];
    }
}
