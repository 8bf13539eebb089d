using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Tests.Deploy;

/// <summary>The manifests under deploy/ and components/ fit together.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Folders => ["deploy", "deploy/executor", "components"];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_kustomization_names_every_file_beside_it(string folder)
    {
        var named = Load($"{folder}/kustomization.yaml").Single()["resources"];

        var files = Directory.GetFiles(Absolute(folder), "*.yaml", folder == "deploy" ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
            .Select(file => Path.GetRelativePath(Absolute(folder), file).Replace('\\', '/'))
            .Where(file => !file.EndsWith("kustomization.yaml", StringComparison.Ordinal) && !file.StartsWith("executor/", StringComparison.Ordinal));
        Assert.Empty(files.Except(((YamlSequenceNode)named).Select(n => n.ToString())));
    }

    [Fact]
    public void The_sidecar_the_service_and_the_executor_agree_on_the_port()
    {
        var template = Load("deploy/executor/deployment.yaml").Single()["spec"]["template"];
        var container = template["spec"]["containers"][0];

        Assert.Equal("8090", template["metadata"]["annotations"]["dapr.io/app-port"].ToString());
        Assert.Equal("8090", container["ports"][0]["containerPort"].ToString());
        Assert.Equal("8090", Load("deploy/executor/service.yaml").Single()["spec"]["ports"][0]["port"].ToString());
        Assert.Contains("http://0.0.0.0:8090", ((YamlSequenceNode)container["args"]).Select(a => a.ToString()));
        Assert.Equal("8090", Load("dapr.yaml").Single()["apps"][0]["appPort"].ToString());
    }

    [Fact]
    public void Dapr_knows_the_executor_by_one_name_everywhere()
    {
        var annotations = Load("deploy/executor/deployment.yaml").Single()["spec"]["template"]["metadata"]["annotations"];
        var app = annotations["dapr.io/app-id"].ToString();

        Assert.Equal(app, Load("dapr.yaml").Single()["apps"][0]["appID"].ToString());
        Assert.Equal(annotations["dapr.io/config"].ToString(), Load("components/configuration.yaml").Single()["metadata"]["name"].ToString());
        Assert.All(
            ["statestore", "pubsub", "resiliency"],
            file => Assert.Contains(app, ((YamlSequenceNode)Load($"components/{file}.yaml").Single()["scopes"]).Select(s => s.ToString())));
    }

    [Theory]
    [InlineData("components/statestore.yaml")]
    [InlineData("components/local/statestore.yaml")]
    public void Workflows_have_a_store_that_is_marked_as_the_actors_store(string file) =>
        Assert.Contains(
            (YamlSequenceNode)Load(file).Single()["spec"]["metadata"],
            entry => entry["name"].ToString() == "actorStateStore" && entry["value"].ToString() == "true");

    [Fact]
    public void The_pub_sub_component_has_the_name_that_users_rely_on() =>
        Assert.All(
            ["components/pubsub.yaml", "components/local/pubsub.yaml"],
            file => Assert.Equal("rollouts-pubsub", Load(file).Single()["metadata"]["name"].ToString()));

    [Fact]
    public void Paths_in_dapr_yaml_exist()
    {
        var common = Load("dapr.yaml").Single()["common"];

        Assert.All((YamlSequenceNode)common["resourcesPaths"], path => Assert.True(Directory.Exists(Absolute(path.ToString())), path.ToString()));
        Assert.True(File.Exists(Absolute(common["configFilePath"].ToString())));
    }

    private static string Absolute(string path) => Path.Combine(Repository.Root, path);

    private static List<YamlNode> Load(string path)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(Absolute(path));
        yaml.Load(text);
        return [.. yaml.Documents.Select(d => d.RootNode)];
    }
}
