using Microsoft.Extensions.Logging;

namespace DaprRollouts.DevCluster;

/// <summary>How an embedded cluster is to be.</summary>
public sealed record EmbeddedClusterOptions
{
    /// <summary>The loopback port of the API server; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>How many nodes there are.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How long a pod takes to become ready when its spec says nothing.</summary>
    public TimeSpan ReadyDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The clock of the cluster: all timestamps, delays and timeouts follow it.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many changes of each kind can be watched from the past; older ones are answered with 410 Gone.</summary>
    public int HistoryLimit { get; init; } = 10_000;

    public ILoggerFactory? LoggerFactory { get; init; }
}
