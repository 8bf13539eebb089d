using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.CustomResources;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DaprRollouts.Cli.Cluster;

/// <summary>Puts the custom resource definitions into a cluster, and waits until they are served.</summary>
internal static class CrdInstaller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Installs them; tells of each whether it was created or was there and has been brought up to date.</summary>
    public static async IAsyncEnumerable<(string Name, string Done)> InstallAsync(k8s.Kubernetes client, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var manifest in CrdCatalog.All)
        {
            var name = manifest["metadata"]!["name"]!.ToString();
            var done = await InstallAsync(client, name, manifest, cancel);
            await EstablishedAsync(client, name, cancel);
            yield return (name, done);
        }
    }

    private static async Task<string> InstallAsync(k8s.Kubernetes client, string name, JsonObject manifest, CancellationToken cancel)
    {
        var definition = KubernetesJson.Deserialize<V1CustomResourceDefinition>(manifest.ToJsonString());
        try
        {
            await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(definition, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel);
            return "created";
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // Only the specification is ours; labels and annotations may be somebody else's, such as those of Helm.
            var patch = new V1Patch(new JsonObject { ["spec"] = manifest["spec"]!.DeepClone() }.ToJsonString(), V1Patch.PatchType.MergePatch);
            await client.ApiextensionsV1.PatchCustomResourceDefinitionAsync(patch, name, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel);
            return "configured";
        }
    }

    private static async Task EstablishedAsync(k8s.Kubernetes client, string name, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < Patience)
        {
            var definition = await client.ApiextensionsV1.ReadCustomResourceDefinitionAsync(name, cancellationToken: cancel);
            if (definition.Status?.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true)
            {
                return;
            }

            await timer.WaitForNextTickAsync(cancel);
        }

        throw new CommandException($"the API server does not serve {name} after {Patience.TotalSeconds:0} s: see 'kubectl describe crd {name}'");
    }
}
