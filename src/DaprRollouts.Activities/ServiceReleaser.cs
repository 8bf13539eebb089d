using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;

namespace DaprRollouts.Activities;

/// <summary>Lets go of Services: they select pods of all revisions again, and another Rollout may take them over.</summary>
public sealed class ServiceReleaser(ClusterCache cluster, ClusterWriter writer)
{
    /// <summary>Lets go of one Service; its new resource version, or null if it is gone.</summary>
    public async Task<string?> ReleaseAsync(string ns, string name, CancellationToken cancel)
    {
        if (cluster.Services.Get(ns, name) is not { } service)
        {
            return null;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = service.Metadata.ResourceVersion,
                ["annotations"] = new JsonObject { [ArgoNames.ManagedByRollouts] = null },
            },
            ["spec"] = new JsonObject { ["selector"] = new JsonObject { [ArgoNames.PodTemplateHash] = null } },
        };
        var written = await writer.PatchServiceAsync(cluster.Services, ns, name, patch, cancel);
        return written.Metadata.ResourceVersion;
    }

    /// <summary>Lets go of the Services of a Rollout that is gone. It is asked for by name once more, as this program may not be told of all Rollouts.</summary>
    public async Task ReleaseOfGoneAsync(string ns, string rollout, CancellationToken cancel)
    {
        var services = cluster.Services.ByIndex(ClusterCache.ByRollout, ClusterCache.RolloutIn(ns, rollout));
        if (services.Count == 0 || await writer.GetAsync(Kinds.Rollouts, null, ns, rollout, cancel) is not null)
        {
            return;
        }

        foreach (var service in services)
        {
            await ReleaseAsync(ns, service.Metadata.Name, cancel);
        }
    }
}
