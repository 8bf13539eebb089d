using System.Net;
using System.Text.Json.Nodes;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DaprRollouts.Kubernetes.CustomResources;

/// <summary>Puts the custom resource definitions into a cluster, and waits until they are served.</summary>
public static class CrdInstaller
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Installs them, or brings those up to date that are there.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The name of each, and whether it was <c>created</c> or <c>configured</c>. Their objects can be created now.</returns>
    /// <exception cref="HttpOperationException">The API server refuses one.</exception>
    /// <exception cref="TimeoutException">One is not served after a minute.</exception>
    public static async Task<IReadOnlyList<(string Name, string Done)>> InstallAsync(k8s.Kubernetes client, CancellationToken cancel = default)
    {
        List<(string Name, string Done)> installed = [];
        foreach (var manifest in CrdCatalog.All)
        {
            var definition = KubernetesJson.Deserialize<V1CustomResourceDefinition>(manifest.ToJsonString());
            var done = await InstallAsync(client, definition, manifest, cancel);
            await WaitUntilServedAsync(client, definition, cancel);
            installed.Add((definition.Metadata.Name, done));
        }

        return installed;
    }

    private static async Task<string> InstallAsync(k8s.Kubernetes client, V1CustomResourceDefinition definition, JsonObject manifest, CancellationToken cancel)
    {
        try
        {
            await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(definition, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel);
            return "created";
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // Only the specification is ours; labels and annotations may be somebody else's, such as those of Helm.
            var patch = new V1Patch(new JsonObject { ["spec"] = manifest["spec"]!.DeepClone() }.ToJsonString(), V1Patch.PatchType.MergePatch);
            await client.ApiextensionsV1.PatchCustomResourceDefinitionAsync(patch, definition.Metadata.Name, fieldManager: ClusterWriter.FieldManager, cancellationToken: cancel);
            return "configured";
        }
    }

    private static async Task WaitUntilServedAsync(k8s.Kubernetes client, V1CustomResourceDefinition definition, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Interval);
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsServedAsync(client, definition.Spec, cancel))
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException(
                    $"the API server does not serve {definition.Metadata.Name} after {Patience.TotalSeconds:0} s: see 'kubectl describe crd {definition.Metadata.Name}'");
            }

            await timer.WaitForNextTickAsync(cancel);
        }
    }

    // The condition Established says that it will be served, a moment before it is.
    private static async Task<bool> IsServedAsync(k8s.Kubernetes client, V1CustomResourceDefinitionSpec spec, CancellationToken cancel)
    {
        try
        {
            await client.CustomObjects.ListClusterCustomObjectAsync<object>(spec.Group, spec.Versions[0].Name, spec.Names.Plural, limit: 1, cancellationToken: cancel);
            return true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
