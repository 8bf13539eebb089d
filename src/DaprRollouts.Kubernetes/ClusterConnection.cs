using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace DaprRollouts.Kubernetes;

/// <summary>A connection to a cluster, and the namespace that is meant where none is named.</summary>
public sealed record ClusterConnection(k8s.Kubernetes Client, string Namespace)
{
    /// <summary>As deep as the API server takes objects: one that is nested out of all reason must not stop the others, and can be told so.</summary>
    internal const int DeepestJson = 20_000;

    /// <summary>The name of the kubeconfig's user; null for a service account.</summary>
    public string? User { get; private init; }

    /// <summary>Connects by kubectl's rules: a given kubeconfig wins, then KUBECONFIG, then ~/.kube/config, then the pod's service account.</summary>
    /// <param name="kubeconfig">The path of a kubeconfig, or null.</param>
    /// <param name="context">The context to use, or null for the current one.</param>
    /// <param name="watcher">Sees every request as it is sent, or null.</param>
    /// <exception cref="KubeConfigException">There is none, or it is wrong.</exception>
    public static ClusterConnection Open(string? kubeconfig = null, string? context = null, DelegatingHandler? watcher = null)
    {
        var merged = Kubeconfig.Load(kubeconfig, Environment.GetEnvironmentVariable("KUBECONFIG"), KubernetesClientConfiguration.KubeConfigDefaultLocation);
        var config = merged is null ? InCluster() : Of(merged, context);
        config.UserAgent = $"dapr-rollouts/{typeof(ClusterConnection).Assembly.GetName().Version?.ToString(3)}";
        DelegatingHandler[] handlers = [.. watcher is null ? [] : new[] { watcher }, new ThrottledRequests(), new WholeAnswers()];
        return new ClusterConnection(ClientOf(config, handlers), string.IsNullOrEmpty(config.Namespace) ? "default" : config.Namespace)
        {
            User = merged is null ? null : UserOf(merged, context),
        };
    }

    /// <summary>A client that can read all that the API server answers.</summary>
    public static k8s.Kubernetes ClientOf(KubernetesClientConfiguration config, params DelegatingHandler[] handlers)
    {
        config.AddJsonOptions(options => options.MaxDepth = DeepestJson);
        return new k8s.Kubernetes(config, handlers);
    }

    private static KubernetesClientConfiguration Of(K8SConfiguration config, string? context)
    {
        var known = (config.Contexts ?? []).Select(c => c.Name).ToList();
        var wanted = context ?? config.CurrentContext;
        return known.Contains(wanted)
            ? KubernetesClientConfiguration.BuildConfigFromConfigObject(config, context)
            : throw new KubeConfigException(
                $"the kubeconfig has {(string.IsNullOrEmpty(wanted) ? "no current context" : $"no context '{wanted}'")}: it has {(known.Count == 0 ? "none" : string.Join(", ", known))}");
    }

    private static string? UserOf(K8SConfiguration config, string? context) =>
        config.Contexts?.FirstOrDefault(c => c.Name == (context ?? config.CurrentContext))?.ContextDetails?.User;

    private static KubernetesClientConfiguration InCluster() => KubernetesClientConfiguration.IsInCluster()
        ? KubernetesClientConfiguration.InClusterConfig()
        : throw new KubeConfigException(Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } named
            ? $"no cluster: there is no file {named}, which KUBECONFIG names"
            : "no cluster: give --kubeconfig, set KUBECONFIG, or run inside a cluster");
}
