namespace DaprRollouts.Activities.Metrics;

/// <summary>All values of a secret in a Dapr secret store.</summary>
/// <exception cref="MetricException">It cannot be read.</exception>
public delegate Task<IReadOnlyDictionary<string, string>> ReadSecretStore(string store, string secret, CancellationToken cancel);

/// <summary>
/// The Dapr secret stores that analyses may read, by names such as <c>dapr:vault/datadog</c>. Whoever may create an AnalysisRun can have its metrics read
/// all that these stores give, so they are named one by one.
/// </summary>
public sealed class SecretStores(IReadOnlyCollection<string> allowed, ReadSecretStore read)
{
    private const string Prefix = "dapr:";

    /// <summary>No store may be read.</summary>
    public static SecretStores None { get; } = new([], (_, _, _) => throw new MetricException("there is no secret store"));

    /// <summary>Whether a name means a secret in a store, not a Kubernetes Secret.</summary>
    public static bool IsReference(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>All values of a secret.</summary>
    /// <exception cref="MetricException">The store may not be read, or does not give it.</exception>
    public Task<IReadOnlyDictionary<string, string>> ReadAsync(string name, CancellationToken cancel)
    {
        var parts = name[Prefix.Length..].Split('/', 2);
        return parts is not [{ Length: > 0 } store, { Length: > 0 } secret]
                ? throw new MetricException($"secret '{name}': write {Prefix}<store>/<secret>")
            : !allowed.Contains(store)
                ? throw new MetricException($"secret '{name}': analyses may not read the secret store '{store}': name it in --secret-stores of the executor")
            : read(store, secret, cancel);
    }
}
