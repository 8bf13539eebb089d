using System.Text;
using k8s;
using k8s.Autorest;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Reads Secrets from the API server, or from a Dapr secret store, at the moment they are used. Nothing is kept.</summary>
public sealed class SecretReader(k8s.Kubernetes client, SecretStores stores)
{
    /// <summary>One value of a Secret.</summary>
    /// <exception cref="MetricException">The Secret or the key does not exist, or may not be read.</exception>
    public async Task<string> ReadAsync(string ns, string name, string key, CancellationToken cancel)
    {
        var values = await TryReadAsync(ns, name, cancel) ?? throw new MetricException($"secrets \"{name}\" not found in namespace '{ns}'");
        return values.TryGetValue(key, out var value) ? value : throw new MetricException($"key '{key}' does not exist in secret '{name}'");
    }

    /// <summary>All values of a Secret; null if there is none.</summary>
    /// <exception cref="MetricException">It may not be read.</exception>
    public async Task<IReadOnlyDictionary<string, string>?> TryReadAsync(string ns, string name, CancellationToken cancel)
    {
        if (SecretStores.IsReference(name))
        {
            return await stores.ReadAsync(name, cancel);
        }

        try
        {
            var secret = await client.CoreV1.ReadNamespacedSecretAsync(name, ns, cancellationToken: cancel);
            return (secret.Data ?? new Dictionary<string, byte[]>()).ToDictionary(e => e.Key, e => Encoding.UTF8.GetString(e.Value));
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Forbidden)
        {
            throw new MetricException($"secret '{name}' in namespace '{ns}' may not be read: the executor's role lacks get on secrets");
        }
    }
}
