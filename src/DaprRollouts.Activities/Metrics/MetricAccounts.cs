namespace DaprRollouts.Activities.Metrics;

/// <summary>Accounts of metric servers: Secrets in the executor's namespace, read at the moment they are used.</summary>
/// <param name="secrets">Reads Secrets.</param>
/// <param name="ns">The executor's namespace.</param>
/// <param name="environment">Reads a variable of the environment.</param>
public sealed class MetricAccounts(SecretReader secrets, string ns, Func<string, string?> environment)
{
    public SecretReader Secrets => secrets;

    /// <summary>The executor's namespace.</summary>
    public string Namespace => ns;

    /// <summary>A variable of the executor's environment; null if it is not set.</summary>
    public string? Variable(string name) => environment(name);

    /// <summary>An account; the keys must all be there.</summary>
    /// <exception cref="MetricException">The Secret or a key of it is missing.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(string name, string[] keys, CancellationToken cancel)
    {
        var account = await secrets.TryReadAsync(ns, name, cancel)
            ?? throw new MetricException($"secrets \"{name}\" not found in namespace '{ns}': it must hold {string.Join(", ", keys)}");
        return Array.Find(keys, k => !account.TryGetValue(k, out var value) || value.Length == 0) is { } missing
            ? throw new MetricException($"secret '{name}' in namespace '{ns}' lacks the key '{missing}'")
            : account;
    }
}
