using k8s;
using k8s.Exceptions;

namespace DaprRollouts.Kubernetes;

/// <summary>A connection to a cluster, and the namespace that is meant where none is named.</summary>
public sealed record ClusterConnection(k8s.Kubernetes Client, string Namespace)
{
    /// <summary>Connects by kubectl's rules: a given kubeconfig wins, then KUBECONFIG, then ~/.kube/config, then the pod's service account.</summary>
    /// <param name="kubeconfig">The path of a kubeconfig, or null.</param>
    /// <param name="context">The context to use, or null for the current one.</param>
    /// <exception cref="KubeConfigException">There is none, or it is wrong.</exception>
    public static ClusterConnection Open(string? kubeconfig = null, string? context = null)
    {
        var config = Kubeconfig.Load(kubeconfig, Environment.GetEnvironmentVariable("KUBECONFIG"), KubernetesClientConfiguration.KubeConfigDefaultLocation) is { } merged
            ? KubernetesClientConfiguration.BuildConfigFromConfigObject(merged, context)
            : InCluster();
        config.UserAgent = $"dapr-rollouts/{typeof(ClusterConnection).Assembly.GetName().Version?.ToString(3)}";
        return new ClusterConnection(new k8s.Kubernetes(config, new ThrottledRequests()), string.IsNullOrEmpty(config.Namespace) ? "default" : config.Namespace);
    }

    private static KubernetesClientConfiguration InCluster() => KubernetesClientConfiguration.IsInCluster()
        ? KubernetesClientConfiguration.InClusterConfig()
        : throw new KubeConfigException("no cluster: give --kubeconfig, set KUBECONFIG, or run inside a cluster");
}
