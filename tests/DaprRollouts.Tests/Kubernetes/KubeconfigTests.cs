using System.Text.Json;
using DaprRollouts.Kubernetes;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace DaprRollouts.Tests.Kubernetes;

public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_given_file_wins() =>
        Assert.Equal("given", Kubeconfig.Load(Some("given"), Some("variable"), Some("standard"))!.CurrentContext);

    [Fact]
    public void A_given_file_must_exist()
    {
        var missing = Path.Combine(_folder.FullName, "missing");

        var refusal = Assert.Throws<KubeConfigException>(() => Kubeconfig.Load(missing, Some("variable"), Some("standard")));

        Assert.Equal($"the kubeconfig {missing} does not exist", refusal.Message);
    }

    [Fact]
    public void The_variable_wins_over_the_standard_place() =>
        Assert.Equal("variable", Kubeconfig.Load(null, Some("variable"), Some("standard"))!.CurrentContext);

    [Fact]
    public void The_standard_place_is_not_looked_at_where_the_variable_is_set() =>
        Assert.Null(Kubeconfig.Load(null, Path.Combine(_folder.FullName, "missing"), Some("standard")));

    [Fact]
    public void Without_any_file_there_is_no_configuration() =>
        Assert.Null(Kubeconfig.Load(null, null, Path.Combine(_folder.FullName, "missing")));

    [Fact]
    public void Of_several_files_the_first_to_name_a_thing_wins()
    {
        var (first, second) = (Some("first", server: "https://first"), Some("second", server: "https://second"));
        var missing = Path.Combine(_folder.FullName, "missing");

        var config = Kubeconfig.Load(null, string.Join(Path.PathSeparator, missing, first, second), "")!;

        Assert.Equal("first", config.CurrentContext);
        Assert.Equal("https://first", Assert.Single(config.Clusters).ClusterEndpoint.Server);
        Assert.Equal(["first", "second"], config.Contexts.Select(c => c.Name));
    }

    [Fact]
    public void Paths_are_relative_to_the_file_they_stand_in()
    {
        var config = Kubeconfig.Load(Some("config"), null, "")!;

        Assert.Equal(Path.Combine(_folder.FullName, "ca.crt"), config.Clusters.Single().ClusterEndpoint.CertificateAuthority);
        Assert.Equal("/etc/tls/client.crt", config.Users.Single().UserCredentials.ClientCertificate);
    }

    [Fact]
    public void An_empty_file_is_no_error()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "empty"), "");

        Assert.Empty(Kubeconfig.Load(Path.Combine(_folder.FullName, "empty"), null, "")!.Clusters);
    }

    [Theory]
    [InlineData("""
        apiVersion: v1
        kind: Config
        current-context: prod
        preferences: {}
        clusters:
        - {name: one, cluster: {server: "https://one:6443", certificate-authority-data: YWJj, tls-server-name: one.example}}
        - {name: two, cluster: {server: https://two, insecure-skip-tls-verify: true, certificate-authority: /ca.crt}}
        contexts:
        - {name: prod, context: {cluster: one, user: "alice", namespace: shop}}
        - {name: bare, context: {cluster: two, user: bob}}
        users:
        - {name: alice, user: {client-certificate-data: YWJj, client-key-data: ZGVm}}
        - {name: bob, user: {token: "null", username: u, password: "1234"}}
        - name: cloud
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: aws
              args: [eks, get-token, --cluster-name, "007"]
              env:
              - {name: AWS_PROFILE, value: prod}
        - {name: old, user: {auth-provider: {name: oidc, config: {id-token: abc, idp-issuer-url: "https://issuer"}}}}
        """)]
    [InlineData("""{"apiVersion": "v1", "kind": "Config", "current-context": "a", "clusters": [{"name": "a", "cluster": {"server": "https://a"}}], "contexts": [], "users": []}""")]
    public void It_is_read_as_the_client_library_reads_it(string text)
    {
        var path = Path.Combine(_folder.FullName, "config");
        File.WriteAllText(path, text);

        Assert.Equal(Shown(k8s.KubernetesYaml.Deserialize<K8SConfiguration>(text)), Shown(Kubeconfig.Load(path, null, "")!));

        static string Shown(K8SConfiguration config)
        {
            foreach (var execution in config.Users.Select(u => u.UserCredentials.ExternalExecution).OfType<ExternalExecution>())
            {
                execution.EnvironmentVariables ??= [];
            }

            config.Preferences = null;
            return JsonSerializer.Serialize(config);
        }
    }

    [Fact]
    public void A_malformed_file_is_named()
    {
        var path = Path.Combine(_folder.FullName, "malformed");
        File.WriteAllText(path, "clusters: [");

        Assert.Contains(path, Assert.Throws<KubeConfigException>(() => Kubeconfig.Load(path, null, "")).Message, StringComparison.Ordinal);
    }

    private string Some(string name, string server = "https://127.0.0.1")
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: {{name}}
            contexts:
            - name: {{name}}
              context: {cluster: cluster, user: user, namespace: {{name}}-ns}
            clusters:
            - name: cluster
              cluster: {server: "{{server}}", certificate-authority: ca.crt}
            users:
            - name: user
              user: {client-certificate: /etc/tls/client.crt, client-key: client.key}
            """);
        return path;
    }
}
