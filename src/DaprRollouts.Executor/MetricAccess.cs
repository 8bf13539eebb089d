using System.Security.Cryptography;
using Dapr;
using Dapr.Client;
using DaprRollouts.Activities;
using DaprRollouts.Activities.Metrics;

namespace DaprRollouts.Executor;

/// <summary>What the options say of metric servers: whom to ask, whom to trust, and where credentials may come from.</summary>
internal static class MetricAccess
{
    /// <exception cref="StartException">An option cannot be used.</exception>
    public static void AddActivities(this IServiceCollection services, ExecutorOptions options)
    {
        services.AddRolloutActivities(options.Namespace, options.InstanceId, Policy(options.DenyMetricHosts), Trust(options.MetricCa));
        services.AddSingleton(p => new SecretStores(options.SecretStores, (store, secret, cancel) => ReadAsync(p.GetRequiredService<DaprClient>(), store, secret, cancel)));
    }

    private static MetricHostPolicy Policy(IReadOnlyList<string> denied) =>
        denied.FirstOrDefault(d => !MetricHostPolicy.IsRule(d)) is { } wrong
            ? throw new StartException($"--deny-metric-hosts: '{wrong}' is neither a name, *.name, an address nor a range such as 10.0.0.0/8")
            : new MetricHostPolicy(denied);

    private static MetricTrust? Trust(string? file)
    {
        try
        {
            return file is null ? null : MetricTrust.FromFile(file);
        }
        catch (CryptographicException e)
        {
            throw new StartException($"--metric-ca: {e.Message}");
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(DaprClient sidecar, string store, string secret, CancellationToken cancel)
    {
        try
        {
            return await sidecar.GetSecretAsync(store, secret, cancellationToken: cancel);
        }
        catch (DaprException e)
        {
            throw new MetricException($"secret '{secret}' of secret store '{store}' cannot be read: {(e.InnerException as Grpc.Core.RpcException)?.Status.Detail ?? e.Message}");
        }
    }
}
