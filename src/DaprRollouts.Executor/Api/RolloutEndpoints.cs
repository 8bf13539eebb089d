using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Watching;

namespace DaprRollouts.Executor.Api;

/// <summary>A rollout, as lists show it.</summary>
public sealed record RolloutSummary(
    string Namespace, string Name, string? Strategy, string? Phase, string? Message, string WaitingFor, DateTimeOffset? WaitingUntil, long Revision, string Workflow);

/// <summary>What happened to a revision.</summary>
public sealed record RevisionHistory(long Revision, string Workflow, IReadOnlyList<TimelineEntry> Timeline);

/// <summary>Reads rollouts over HTTP.</summary>
internal static class RolloutEndpoints
{
    public static void MapRollouts(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/rollouts", (ClusterCache cluster, RolloutObserver observer, TimeProvider time) => List(cluster, observer, time, null)).WithName("ListRollouts");
        api.MapGet("/namespaces/{ns}/rollouts", (string ns, ClusterCache cluster, RolloutObserver observer, TimeProvider time) => List(cluster, observer, time, ns))
            .WithName("ListNamespacedRollouts");
        api.MapGet("/namespaces/{ns}/rollouts/{name}", Get).WithName("GetRollout");
        api.MapGet("/namespaces/{ns}/rollouts/{name}/history", HistoryAsync).WithName("GetRolloutHistory");
    }

    private static IReadOnlyList<RolloutSummary> List(ClusterCache cluster, RolloutObserver observer, TimeProvider time, string? ns) =>
    [
        .. cluster.Rollouts.List(ns)
            .Select(r => observer.FromCache(r.Metadata.NamespaceProperty, r.Metadata.Name))
            .OfType<Observation>()
            .Select(seen => Summary(seen, time.GetUtcNow()))
            .OrderBy(r => r.Namespace, StringComparer.Ordinal)
            .ThenBy(r => r.Name, StringComparer.Ordinal),
    ];

    private static IResult Get(string ns, string name, RolloutObserver observer, TimeProvider time) =>
        observer.FromCache(ns, name) is { } seen ? Results.Json(Summary(seen, time.GetUtcNow()), ModelJson.Options) : Missing(ns, name);

    private static async Task<IResult> HistoryAsync(string ns, string name, RolloutObserver observer, TimelineReader timelines, CancellationToken cancel)
    {
        if (observer.FromCache(ns, name) is not { } seen)
        {
            return Missing(ns, name);
        }

        List<RevisionHistory> revisions = [];
        foreach (var revision in seen.ReplicaSets.SelectMany(Revisions).Distinct().Order())
        {
            var workflow = WorkflowIds.Rollout(name, seen.Rollout.Uid, revision);
            if (await timelines.ReadAsync(workflow, cancel) is { } timeline)
            {
                revisions.Add(new RevisionHistory(revision, workflow, timeline));
            }
        }

        return Results.Json(revisions, ModelJson.Options);
    }

    private static IEnumerable<long> Revisions(ReplicaSetView rs) =>
        (rs.Annotations.GetValueOrDefault(ArgoNames.RevisionHistory) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => long.TryParse(text, out var number) ? number : 0)
            .Append(rs.Revision)
            .Where(number => number > 0);

    private static RolloutSummary Summary(Observation seen, DateTimeOffset now)
    {
        var decision = Planner.Decide(seen, now);
        var wait = decision.Move as Wait;
        var status = seen.Rollout.Status;
        var strategy = seen.Rollout.Spec.Strategy is { Canary: not null } ? "Canary" : seen.Rollout.Spec.Strategy is { BlueGreen: not null } ? "BlueGreen" : null;
        return new RolloutSummary(
            seen.Rollout.Namespace, seen.Rollout.Name, strategy, status.Phase, status.Message, wait?.For ?? "working", wait?.Until,
            decision.Revision, WorkflowIds.Rollout(seen.Rollout.Name, seen.Rollout.Uid, decision.Revision));
    }

    private static IResult Missing(string ns, string name) =>
        Results.Problem($"There is no Rollout {ns}/{name}.", statusCode: 404, title: "There is no such Rollout");
}
