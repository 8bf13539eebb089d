using System.CommandLine;
using DaprRollouts.Cli.Cluster;

namespace DaprRollouts.Cli.Verbs;

/// <summary>The option that says where the executor is.</summary>
internal static class ServerOption
{
    public static Option<string?> Create() => new("--server")
    {
        Description = $"Address of the executor. Default: {ExecutorApi.ServerVariable}, then the Service dapr-rollouts/dapr-rollouts through the API server.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ExecutorApi.ServerVariable) is { Length: > 0 } address ? address : null,
    };
}
