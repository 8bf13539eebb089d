namespace DaprRollouts.Activities.Metrics;

/// <summary>The namespace of the executor, where accounts of metric servers are kept.</summary>
public static class ControllerNamespace
{
    private const string Variable = "POD_NAMESPACE";
    private const string ServiceAccountFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
    private const string Otherwise = "argo-rollouts";

    /// <summary>Reads it from the environment.</summary>
    public static string Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given
        : File.Exists(ServiceAccountFile) && File.ReadAllText(ServiceAccountFile).Trim() is { Length: > 0 } own ? own
        : Otherwise;
}
