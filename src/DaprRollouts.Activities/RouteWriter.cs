using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Routing;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Activities;

/// <summary>Writes routing objects, each only as it was when the decision was made.</summary>
public sealed class RouteWriter(RouteCaches routes, ClusterWriter writer)
{
    /// <summary>Makes one change; the object's new resource version, or null if it is gone.</summary>
    public async Task<string?> WriteAsync(RouteChange change, CancellationToken cancel)
    {
        var (ns, name) = (change.Which.Namespace, change.Which.Name);
        if (await routes.FindAsync(change.Which.Kind) is not var (kind, cache))
        {
            throw new NotFoundException("NotFound", $"the cluster has no {change.Which.Kind.FullName}");
        }

        switch (change)
        {
            case { Before: null, After: { } made }:
                made["apiVersion"] = kind.ApiVersion;
                made["kind"] = kind.Kind;
                return (await writer.CreateAsync(kind, cache, ns, made, cancel)).Metadata.ResourceVersion;
            case { Before: { } before, After: null }:
                await writer.DeleteAsync(kind, cache, ns, name, before["metadata"]!["uid"]!.ToString(), cancel);
                return null;
            case { Before: { } before, After: { } after }:
                return (await writer.PatchAsync(kind, cache, ns, name, Patch(before, after), cancel: cancel)).Metadata.ResourceVersion;
            default:
                return null;
        }
    }

    /// <summary>Lets go of the routing objects of a Rollout that is gone. It is asked for by name once more, as this program may not be told of all Rollouts.</summary>
    public async Task ReleaseOfGoneAsync(string ns, string rollout, CancellationToken cancel)
    {
        var left = routes.ManagedBy(ns, rollout).ToList();
        if (left.Count == 0 || await writer.GetAsync(Kinds.Rollouts, null, ns, rollout, cancel) is not null)
        {
            return;
        }

        foreach (var (which, value) in left)
        {
            await WriteAsync(TrafficRouters.Release(which, value), cancel);
        }
    }

    // Only what was seen is changed: whoever wrote in between is looked at first.
    private static JsonObject Patch(JsonObject before, JsonObject after)
    {
        var patch = MergePatch.Diff(before, after);
        if (patch["metadata"] is not JsonObject metadata)
        {
            patch["metadata"] = metadata = [];
        }

        metadata["resourceVersion"] = before["metadata"]!["resourceVersion"]!.DeepClone();
        return patch;
    }
}
