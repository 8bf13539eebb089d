using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;

namespace DaprRollouts.Kubernetes;

/// <summary>Finds, reads and merges kubeconfig files as kubectl does.</summary>
public static class Kubeconfig
{
    /// <summary>The configuration, with every path in it absolute; null if there is none.</summary>
    /// <param name="given">A path that the user gave; it must exist.</param>
    /// <param name="variable">What KUBECONFIG holds: a list of paths, of which those that do not exist are passed over.</param>
    /// <param name="standard">Where it usually is; looked at only if neither of the others is set.</param>
    /// <exception cref="KubeConfigException">A file is missing or malformed.</exception>
    public static K8SConfiguration? Load(string? given, string? variable, string standard)
    {
        if (!string.IsNullOrEmpty(given))
        {
            return File.Exists(given) ? Read(given) : throw new KubeConfigException($"the kubeconfig {given} does not exist");
        }

        var paths = string.IsNullOrEmpty(variable) ? [standard] : variable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var files = paths.Where(File.Exists).Select(Read).ToList();
        return files.Count == 0 ? null : files.Aggregate(Merge);
    }

    // The first file to name a thing wins.
    private static K8SConfiguration Merge(K8SConfiguration first, K8SConfiguration next) => new()
    {
        CurrentContext = string.IsNullOrEmpty(first.CurrentContext) ? next.CurrentContext : first.CurrentContext,
        Clusters = [.. first.Clusters.Concat(next.Clusters).DistinctBy(c => c.Name)],
        Contexts = [.. first.Contexts.Concat(next.Contexts).DistinctBy(c => c.Name)],
        Users = [.. first.Users.Concat(next.Users).DistinctBy(u => u.Name)],
    };

    private static K8SConfiguration Read(string path)
    {
        var file = new FileInfo(path);
        try
        {
            var config = KubeconfigReader.Read(File.ReadAllText(file.FullName));
            MakeAbsolute(config, file.DirectoryName!);
            return config;
        }
        catch (YamlException e)
        {
            throw new KubeConfigException($"the kubeconfig {path} cannot be read: {e.Message}", e);
        }
    }

    // Paths in a file are relative to that file.
    private static void MakeAbsolute(K8SConfiguration config, string directory)
    {
        string? Absolute(string? path) => string.IsNullOrEmpty(path) ? path : Path.GetFullPath(path, directory);

        foreach (var cluster in config.Clusters.Where(c => c.ClusterEndpoint is not null))
        {
            cluster.ClusterEndpoint.CertificateAuthority = Absolute(cluster.ClusterEndpoint.CertificateAuthority);
        }

        foreach (var user in config.Users.Where(u => u.UserCredentials is not null))
        {
            user.UserCredentials.ClientCertificate = Absolute(user.UserCredentials.ClientCertificate);
            user.UserCredentials.ClientKey = Absolute(user.UserCredentials.ClientKey);
            if (user.UserCredentials.ExternalExecution is { Command: { } command } execution && command.Contains('/'))
            {
                execution.Command = Absolute(command);
            }
        }
    }
}
