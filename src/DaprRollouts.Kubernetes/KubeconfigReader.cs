using DaprRollouts.Core.Model;
using k8s.KubeConfigModels;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Kubernetes;

/// <summary>
/// Reads the text of a kubeconfig. The reader of KubernetesClient looks at each of its types first, which takes longer than anything else that a short command does.
/// </summary>
internal static class KubeconfigReader
{
    /// <summary>The configuration; an empty text has nothing in it.</summary>
    /// <exception cref="YamlException">It is not YAML, or not of this form.</exception>
    public static K8SConfiguration Read(string text)
    {
        var documents = YamlText.Documents(new StringReader(text));
        var root = documents.Count == 0 ? new YamlMappingNode() : Mapping(documents[0].RootNode);
        return new K8SConfiguration
        {
            ApiVersion = Text(root, "apiVersion"),
            Kind = Text(root, "kind"),
            CurrentContext = Text(root, "current-context"),
            Clusters = [.. Items(root, "clusters").Select(ClusterOf)],
            Contexts = [.. Items(root, "contexts").Select(ContextOf)],
            Users = [.. Items(root, "users").Select(UserOf)],
        };
    }

    private static Cluster ClusterOf(YamlMappingNode item)
    {
        var cluster = new Cluster { Name = Text(item, "name") };
        if (Member(item, "cluster") is { } endpoint)
        {
            cluster.ClusterEndpoint = new ClusterEndpoint
            {
                Server = Text(endpoint, "server"),
                TlsServerName = Text(endpoint, "tls-server-name"),
                CertificateAuthority = Text(endpoint, "certificate-authority"),
                CertificateAuthorityData = Text(endpoint, "certificate-authority-data"),
                SkipTlsVerify = Text(endpoint, "insecure-skip-tls-verify") == "true",
            };
        }

        return cluster;
    }

    private static Context ContextOf(YamlMappingNode item)
    {
        var context = new Context { Name = Text(item, "name") };
        if (Member(item, "context") is { } details)
        {
            context.ContextDetails = new ContextDetails { Cluster = Text(details, "cluster"), User = Text(details, "user"), Namespace = Text(details, "namespace") };
        }

        return context;
    }

    private static User UserOf(YamlMappingNode item)
    {
        var user = new User { Name = Text(item, "name") };
        if (Member(item, "user") is { } credentials)
        {
            user.UserCredentials = new UserCredentials
            {
                ClientCertificate = Text(credentials, "client-certificate"),
                ClientCertificateData = Text(credentials, "client-certificate-data"),
                ClientKey = Text(credentials, "client-key"),
                ClientKeyData = Text(credentials, "client-key-data"),
                Token = Text(credentials, "token"),
                Impersonate = Text(credentials, "as"),
                UserName = Text(credentials, "username"),
                Password = Text(credentials, "password"),
                AuthProvider = Member(credentials, "auth-provider") is { } provider ? ProviderOf(provider) : null,
                ExternalExecution = Member(credentials, "exec") is { } execution ? ExecutionOf(execution) : null,
            };
        }

        return user;
    }

    private static AuthProvider ProviderOf(YamlMappingNode provider) => new()
    {
        Name = Text(provider, "name"),
        Config = Member(provider, "config") is { } config ? config.Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString()) : [],
    };

    private static ExternalExecution ExecutionOf(YamlMappingNode execution) => new()
    {
        ApiVersion = Text(execution, "apiVersion"),
        Command = Text(execution, "command"),
        Arguments = execution.Children.TryGetValue("args", out var arguments) && arguments is YamlSequenceNode words ? [.. words.Select(w => w.ToString())] : null,
        EnvironmentVariables = [.. Items(execution, "env").Select(e => e.Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString()))],
    };

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode parent, string name) =>
        parent.Children.TryGetValue(name, out var items) && items is YamlSequenceNode sequence ? sequence.Select(Mapping) : [];

    private static YamlMappingNode? Member(YamlMappingNode parent, string name) =>
        parent.Children.TryGetValue(name, out var member) && member is YamlMappingNode mapping ? mapping : null;

    // What is left out, and what is written as null, is not there.
    private static string? Text(YamlMappingNode parent, string name) =>
        parent.Children.TryGetValue(name, out var value) && value is YamlScalarNode { Value: { } text } scalar
        && (scalar.Style != ScalarStyle.Plain || text is not ("" or "~" or "null"))
            ? text
            : null;

    private static YamlMappingNode Mapping(YamlNode node) => node as YamlMappingNode
        ?? (node is YamlScalarNode { Value: "" or null } ? new YamlMappingNode() : throw new YamlException(node.Start, node.End, "a mapping was expected here"));
}
