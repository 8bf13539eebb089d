using DaprRollouts.Kubernetes.CustomResources;

namespace DaprRollouts.Tests.Kubernetes;

public sealed class CustomResourceTests
{
    // Annotations of an object may have so many bytes in all, and kubectl apply keeps the whole manifest in one.
    private const int AnnotationLimit = 262_144;

    public static TheoryData<string> KindsOfArgo => ["AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment", "Rollout"];

    [Theory]
    [MemberData(nameof(KindsOfArgo))]
    public void Every_field_of_Argo_Rollouts_exists(string kind) =>
        Assert.Empty(ArgoField.Of(kind, "argo-field-paths.txt").Where(field => field.InOurs(kind) is null).Select(field => field.Path));

    [Theory]
    [MemberData(nameof(KindsOfArgo))]
    public void Rules_about_fields_are_those_of_Argo_Rollouts(string kind)
    {
        var different =
            from field in ArgoField.Of(kind, "argo-field-rules.txt")
            where field.Rule.Length > 0
            let words = field.Rule.Split(' ', 2)
            let wanted = words.Length == 2 ? words[1] : ""
            let ours = field.InOurs(kind, words[0])
            where ours != wanted
            select $"{field.Path}: {field.Rule}, but ours: {ours}";

        Assert.Empty(different);
    }

    [Fact]
    public void Kubectl_apply_can_keep_every_manifest_in_an_annotation() =>
        Assert.All(CrdCatalog.All, crd => Assert.True(crd.ToJsonString().Length < AnnotationLimit, $"{crd["metadata"]!["name"]} has {crd.ToJsonString().Length} bytes"));

    [Fact]
    public void The_scale_of_a_rollout_is_where_autoscalers_look_for_it()
    {
        var version = CrdCatalog.All.Single(c => (string?)c["metadata"]!["name"] == "rollouts.argoproj.io")["spec"]!["versions"]![0]!;

        Assert.Equal(
            """{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.HPAReplicas","labelSelectorPath":".status.selector"}}""",
            version["subresources"]!.ToJsonString());
        Assert.Equal(["Desired", "Current", "Up-to-date", "Available", "Age"], version["additionalPrinterColumns"]!.AsArray().Select(c => (string?)c!["name"]));
    }

    [Fact]
    public void The_published_manifests_are_those_of_the_model()
    {
        var folder = Path.Combine(Repository.Root, "deploy", "crds");
        if (Environment.GetEnvironmentVariable("UPDATE_CRDS") == "1")
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in CrdManifests.Files())
            {
                File.WriteAllText(Path.Combine(folder, name), text);
            }
        }

        Assert.All(CrdManifests.Files(), file => Assert.Equal(file.Text, File.ReadAllText(Path.Combine(folder, file.FileName))));
        Assert.Equal(5, Directory.GetFiles(folder, "*.yaml").Length);
    }

    [Fact]
    public void The_published_manifests_hold_nothing_that_old_kubectls_refuse() =>
        Assert.All(CrdManifests.Files(), file => Assert.DoesNotContain("x-kubernetes-validations", file.Text, StringComparison.Ordinal));
}
