using DaprRollouts.Kubernetes;
using k8s;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Where the Jobs of analysis run: in the run's own namespace and cluster, unless the environment says otherwise.</summary>
public sealed class JobCluster
{
    private const string NamespaceVariable = "ARGO_ROLLOUTS_ANALYSIS_JOB_NAMESPACE";
    private const string KubeconfigVariable = "ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG";
    private const string InCluster = "in-cluster";

    private readonly string? _namespace;

    /// <param name="client">The cluster of the runs.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public JobCluster(k8s.Kubernetes client, Func<string, string?> environment)
    {
        _namespace = environment(NamespaceVariable) is { Length: > 0 } ns ? ns : null;
        IsForeign = environment(KubeconfigVariable) is { Length: > 0 };
        Client = environment(KubeconfigVariable) switch
        {
            null or "" => client,
            InCluster => ClusterConnection.ClientOf(KubernetesClientConfiguration.InClusterConfig()),
            var path => ClusterConnection.ClientOf(KubernetesClientConfiguration.BuildConfigFromConfigFile(path)),
        };
    }

    public k8s.Kubernetes Client { get; }

    /// <summary>Whether the Jobs may be in another cluster than their runs, so that no run can own one.</summary>
    public bool IsForeign { get; }

    /// <summary>The namespace of the Jobs of a run.</summary>
    public string NamespaceFor(MetricOwner run) => _namespace ?? run.Namespace;

    /// <summary>Whether a run can own its Jobs.</summary>
    public bool CanBeOwned(MetricOwner run) => !IsForeign && NamespaceFor(run) == run.Namespace;
}
