using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace DaprRollouts.Kubernetes;

/// <summary>Where the cluster is: the kubeconfig rules of kubectl, or the pod's own service account.</summary>
public sealed record ClusterConnection(k8s.Kubernetes Client, string Namespace)
{
    /// <summary>Connects. A given kubeconfig wins, then KUBECONFIG, then ~/.kube/config, then the pod's service account.</summary>
    /// <param name="kubeconfig">The path of a kubeconfig, or null.</param>
    /// <param name="context">The context to use, or null for the current one.</param>
    public static ClusterConnection Open(string? kubeconfig = null, string? context = null)
    {
        var config = Configuration(kubeconfig, context);
        config.UserAgent = $"dapr-rollouts/{typeof(ClusterConnection).Assembly.GetName().Version?.ToString(3)}";
        return new ClusterConnection(new k8s.Kubernetes(config), string.IsNullOrEmpty(config.Namespace) ? "default" : config.Namespace);
    }

    private static KubernetesClientConfiguration Configuration(string? kubeconfig, string? context)
    {
        if (kubeconfig is not null)
        {
            return File.Exists(kubeconfig)
                ? KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig, context)
                : throw new KubeConfigException($"the kubeconfig {kubeconfig} does not exist");
        }

        var files = (Environment.GetEnvironmentVariable("KUBECONFIG") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(File.Exists)
            .ToList();
        if (files.Count == 0 && File.Exists(KubernetesClientConfiguration.KubeConfigDefaultLocation))
        {
            files.Add(KubernetesClientConfiguration.KubeConfigDefaultLocation);
        }

        if (files.Count > 0)
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(Merge(files), context);
        }

        return KubernetesClientConfiguration.IsInCluster()
            ? KubernetesClientConfiguration.InClusterConfig()
            : throw new KubeConfigException("no cluster: give --kubeconfig, set KUBECONFIG, or run inside a cluster");
    }

    // Of several files the first to name a thing wins, as with kubectl.
    private static K8SConfiguration Merge(List<string> files)
    {
        var merged = KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(files[0]));
        foreach (var next in files.Skip(1).Select(f => KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(f))))
        {
            merged.CurrentContext = string.IsNullOrEmpty(merged.CurrentContext) ? next.CurrentContext : merged.CurrentContext;
            merged.Clusters = [.. (merged.Clusters ?? []).Concat(next.Clusters ?? []).DistinctBy(c => c.Name)];
            merged.Contexts = [.. (merged.Contexts ?? []).Concat(next.Contexts ?? []).DistinctBy(c => c.Name)];
            merged.Users = [.. (merged.Users ?? []).Concat(next.Users ?? []).DistinctBy(u => u.Name)];
        }

        return merged;
    }
}
