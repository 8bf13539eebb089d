namespace DaprRollouts.Executor;

/// <summary>Which engine runs the workflows.</summary>
public enum EngineKind
{
    /// <summary>The embedded engine: this process alone, with a database file.</summary>
    Embedded,

    /// <summary>Dapr Workflow, through the sidecar.</summary>
    Dapr,
}

/// <summary>How an executor runs.</summary>
public sealed record ExecutorOptions
{
    /// <summary>The kubeconfig; null for kubectl's rules, then the pod's service account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Only Rollouts of this namespace; null for all.</summary>
    public string? Namespace { get; init; }

    public EngineKind Engine { get; init; } = EngineKind.Embedded;

    /// <summary>The directory of the embedded engine's data.</summary>
    public string Data { get; init; } = "data";

    /// <summary>Where HTTP is served: addresses separated by semicolons.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8090";

    /// <summary>Only Rollouts with this instance id; null for those with none.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Whether several replicas share the work and elect one that triggers.</summary>
    public bool LeaderElect { get; init; }

    /// <summary>Hosts that metrics may not ask, beside those where clouds serve credentials: names, <c>*.</c> names, addresses, ranges.</summary>
    public IReadOnlyList<string> DenyMetricHosts { get; init; } = [];

    /// <summary>A PEM file of authorities whose certificates are trusted when metric servers present them; null for those of the machine alone.</summary>
    public string? MetricCa { get; init; }

    /// <summary>Dapr secret stores that analyses may read.</summary>
    public IReadOnlyList<string> SecretStores { get; init; } = [];

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
