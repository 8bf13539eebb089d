using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Overviews;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using k8s.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DaprRollouts.Executor.Api;

/// <summary>Reads rollouts over HTTP.</summary>
internal static class RolloutEndpoints
{
    private const int OldRevisions = 50;

    public static void MapRollouts(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1").WithTags("Rollouts");
        api.MapGet("/rollouts", (ClusterCache cluster, RolloutObserver observer, TimeProvider time) => List(cluster, observer, time, null))
            .WithName("ListRollouts").WithSummary("The rollouts of all namespaces.");
        api.MapGet("/namespaces/{ns}/rollouts", (string ns, ClusterCache cluster, RolloutObserver observer, TimeProvider time) => List(cluster, observer, time, ns))
            .WithName("ListNamespacedRollouts").WithSummary("The rollouts of a namespace.");
        api.MapGet("/namespaces/{ns}/rollouts/{name}", GetAsync)
            .WithName("GetRollout").WithSummary("A rollout with its revisions, ReplicaSets, pods and analyses.").ProducesProblem(404);
        api.MapGet("/namespaces/{ns}/rollouts/{name}/explanation", ExplainAsync)
            .WithName("ExplainRollout").WithSummary("What a rollout waits for, since when, until when, and who can move it.").ProducesProblem(404);
        api.MapGet("/namespaces/{ns}/rollouts/{name}/history", HistoryAsync)
            .WithName("GetRolloutHistory").WithSummary("What happened to each revision, from its workflow.").ProducesProblem(404);
    }

    private static Ok<List<RolloutSummary>> List(ClusterCache cluster, RolloutObserver observer, TimeProvider time, string? ns) => TypedResults.Ok<List<RolloutSummary>>(
    [
        .. cluster.Rollouts.List(ns)
            .Select(r => observer.FromCache(r.Metadata.NamespaceProperty, r.Metadata.Name))
            .OfType<Observation>()
            .Select(seen => SummaryOf.Rollout(seen, time.GetUtcNow()))
            .OrderBy(r => r.Namespace, StringComparer.Ordinal)
            .ThenBy(r => r.Name, StringComparer.Ordinal),
    ]);

    private static async Task<Results<Ok<RolloutOverview>, ProblemHttpResult>> GetAsync(
        string ns, string name, RolloutObserver observer, ClusterWriter cluster, TimeProvider time, CancellationToken cancel)
    {
        if (observer.FromCache(ns, name) is not { } seen)
        {
            return Missing(ns, name);
        }

        return TypedResults.Ok(OverviewOf.Rollout(seen, await PodsAsync(seen, cluster, cancel), time.GetUtcNow()));
    }

    private static async Task<Results<Ok<Explanation>, ProblemHttpResult>> ExplainAsync(
        string ns, string name, RolloutObserver observer, ClusterWriter cluster, TimeProvider time, CancellationToken cancel)
    {
        if (observer.FromCache(ns, name) is not { } seen)
        {
            return Missing(ns, name);
        }

        return TypedResults.Ok(ExplanationOf.Rollout(seen, await PodsAsync(seen, cluster, cancel), time.GetUtcNow()));
    }

    // Pods are many and change often, so they are not kept in memory: they are read when somebody looks.
    private static async Task<IReadOnlyList<PodOverview>> PodsAsync(Observation seen, ClusterWriter cluster, CancellationToken cancel)
    {
        var hashes = seen.ReplicaSets.Where(r => r.Size > 0 || r.Pods > 0).Select(r => r.Hash).ToList();
        IReadOnlyList<V1Pod> pods = hashes.Count == 0
            ? []
            : await cluster.ListAsync(Kinds.Pods, new ResourceCache<V1Pod>(), seen.Rollout.Namespace, $"{ArgoNames.PodTemplateHash} in ({string.Join(',', hashes)})", cancel);
        return [.. pods.Select(p => p.Overview())];
    }

    private static async Task<Results<Ok<List<RevisionHistory>>, ProblemHttpResult>> HistoryAsync(
        string ns, string name, RolloutObserver observer, TimelineReader timelines, CancellationToken cancel)
    {
        if (observer.FromCache(ns, name) is not { } seen)
        {
            return Missing(ns, name);
        }

        List<RevisionHistory> revisions = [];
        foreach (var revision in Revisions(seen))
        {
            var workflow = WorkflowIds.Rollout(name, seen.Rollout.Uid, revision);
            if (await timelines.ReadAsync(workflow, cancel) is { } timeline)
            {
                revisions.Add(new RevisionHistory(revision, workflow, timeline));
            }
        }

        return TypedResults.Ok(revisions);
    }

    // A revision can be read for longer than its ReplicaSet is kept, so the numbers before the newest are tried, too.
    private static IEnumerable<long> Revisions(Observation seen)
    {
        var known = seen.ReplicaSets.SelectMany(Revisions).ToList();
        var newest = known.DefaultIfEmpty(0).Max();
        return known.Concat(Enumerable.Range(0, OldRevisions).Select(back => newest - back)).Where(r => r > 0).Distinct().Order();
    }

    private static IEnumerable<long> Revisions(ReplicaSetView rs) =>
        (rs.Annotations.GetValueOrDefault(ArgoNames.RevisionHistory) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => long.TryParse(text, out var number) ? number : 0)
            .Append(rs.Revision)
            .Where(number => number > 0);

    private static ProblemHttpResult Missing(string ns, string name) =>
        TypedResults.Problem($"There is no Rollout {ns}/{name}.", statusCode: 404, title: "There is no such Rollout");
}
